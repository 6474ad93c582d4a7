#include "tests/store/fault_vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <new>

namespace sales::sql {
namespace {

constexpr int kNever = 1 << 30;

std::atomic<int> countdown{kNever};
std::atomic<Fault> fault{Fault::kOnce};
std::atomic<bool> failed{false};

// Whether the operation that comes now is to fail. `needs_room`: a full volume refuses it.
bool Fails(bool needs_room) {
  const Fault kind = fault;
  if (countdown == kNever || (kind == Fault::kFull && !needs_room)) return false;
  const int left = --countdown;
  if (kind == Fault::kOnce ? left != 0 : left > 0) return false;
  failed = true;
  return true;
}

int Full(int otherwise) { return fault == Fault::kFull ? SQLITE_FULL : otherwise; }

struct File {
  sqlite3_file base;
  sqlite3_file* real;
};

sqlite3_file* Real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real; }
sqlite3_vfs* RealVfs(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

int Close(sqlite3_file* file) {
  sqlite3_file* real = Real(file);
  return real->pMethods == nullptr ? SQLITE_OK : real->pMethods->xClose(real);
}
int Read(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
  if (Fails(false)) return SQLITE_IOERR_READ;
  return Real(file)->pMethods->xRead(Real(file), into, size, offset);
}
int Write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  if (Fails(true)) return Full(SQLITE_IOERR_WRITE);
  return Real(file)->pMethods->xWrite(Real(file), from, size, offset);
}
int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (Fails(false)) return SQLITE_IOERR_TRUNCATE;
  return Real(file)->pMethods->xTruncate(Real(file), size);
}
int Sync(sqlite3_file* file, int flags) {
  if (Fails(false)) return SQLITE_IOERR_FSYNC;
  return Real(file)->pMethods->xSync(Real(file), flags);
}
int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  if (Fails(false)) return SQLITE_IOERR_FSTAT;
  return Real(file)->pMethods->xFileSize(Real(file), size);
}
int Lock(sqlite3_file* file, int kind) {
  if (Fails(false)) return SQLITE_IOERR_LOCK;
  return Real(file)->pMethods->xLock(Real(file), kind);
}
int Unlock(sqlite3_file* file, int kind) { return Real(file)->pMethods->xUnlock(Real(file), kind); }
int CheckReservedLock(sqlite3_file* file, int* out) {
  return Real(file)->pMethods->xCheckReservedLock(Real(file), out);
}
int FileControl(sqlite3_file* file, int op, void* argument) {
  return Real(file)->pMethods->xFileControl(Real(file), op, argument);
}
int SectorSize(sqlite3_file* file) { return Real(file)->pMethods->xSectorSize(Real(file)); }
int Characteristics(sqlite3_file* file) {
  return Real(file)->pMethods->xDeviceCharacteristics(Real(file));
}
int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  if (Fails(true)) return Full(SQLITE_IOERR_SHMMAP);
  return Real(file)->pMethods->xShmMap(Real(file), page, size, extend, out);
}
int ShmLock(sqlite3_file* file, int offset, int n, int flags) {
  if ((flags & SQLITE_SHM_LOCK) != 0 && Fails(false)) return SQLITE_IOERR_SHMLOCK;
  return Real(file)->pMethods->xShmLock(Real(file), offset, n, flags);
}
void ShmBarrier(sqlite3_file* file) { Real(file)->pMethods->xShmBarrier(Real(file)); }
int ShmUnmap(sqlite3_file* file, int remove) {
  return Real(file)->pMethods->xShmUnmap(Real(file), remove);
}
int Fetch(sqlite3_file* file, sqlite3_int64 offset, int size, void** out) {
  return Real(file)->pMethods->xFetch(Real(file), offset, size, out);
}
int Unfetch(sqlite3_file* file, sqlite3_int64 offset, void* page) {
  return Real(file)->pMethods->xUnfetch(Real(file), offset, page);
}

const sqlite3_io_methods kMethods = {3,
                                     Close,
                                     Read,
                                     Write,
                                     Truncate,
                                     Sync,
                                     FileSize,
                                     Lock,
                                     Unlock,
                                     CheckReservedLock,
                                     FileControl,
                                     SectorSize,
                                     Characteristics,
                                     ShmMap,
                                     ShmLock,
                                     ShmBarrier,
                                     ShmUnmap,
                                     Fetch,
                                     Unfetch};

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  File* wrapped = new (file) File{};
  if (Fails(true)) return SQLITE_CANTOPEN;
  wrapped->real = reinterpret_cast<sqlite3_file*>(wrapped + 1);
  const int code = RealVfs(vfs)->xOpen(RealVfs(vfs), name, wrapped->real, flags, out_flags);
  if (code == SQLITE_OK) wrapped->base.pMethods = &kMethods;
  return code;
}
int Delete(sqlite3_vfs* vfs, const char* name, int sync) {
  if (Fails(false)) return SQLITE_IOERR_DELETE;
  return RealVfs(vfs)->xDelete(RealVfs(vfs), name, sync);
}

sqlite3_vfs wrapper;

}  // namespace

FaultVfs::FaultVfs() {
  sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
  wrapper = *real;
  wrapper.zName = "fault";
  wrapper.szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
  wrapper.pAppData = real;
  wrapper.xOpen = Open;
  wrapper.xDelete = Delete;
  // The rest of the real one's functions look at no field but these.
  wrapper.xAccess = [](sqlite3_vfs* vfs, const char* name, int flags, int* out) {
    return RealVfs(vfs)->xAccess(RealVfs(vfs), name, flags, out);
  };
  wrapper.xFullPathname = [](sqlite3_vfs* vfs, const char* name, int size, char* out) {
    return RealVfs(vfs)->xFullPathname(RealVfs(vfs), name, size, out);
  };
  sqlite3_vfs_register(&wrapper, /*makeDflt=*/1);
}

FaultVfs::~FaultVfs() {
  Disarm();
  sqlite3_vfs_unregister(&wrapper);
  sqlite3_vfs_register(RealVfs(&wrapper), /*makeDflt=*/1);
}

void FaultVfs::Arm(Fault kind, int n) {
  failed = false;
  fault = kind;
  countdown = n;
}

bool FaultVfs::Disarm() {
  countdown = kNever;
  return failed.exchange(false);
}

}  // namespace sales::sql
