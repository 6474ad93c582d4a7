// Makes SQLite's n-th operation on files fail.
#ifndef SALES_TESTS_STORE_FAULT_VFS_H_
#define SALES_TESTS_STORE_FAULT_VFS_H_

namespace sales::sql {

enum class Fault {
  kOnce,     // the n-th operation fails
  kForGood,  // so does every later one
  kFull,     // from the n-th operation on the volume is full; what needs no room works
};

// Stands under every connection that is opened after it was made. One at a time.
class FaultVfs {
 public:
  FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;
  ~FaultVfs();

  // Counts from the next operation, which is number 1.
  void Arm(Fault fault, int n);
  // Everything works again. Gives whether anything failed.
  bool Disarm();
};

}  // namespace sales::sql

#endif  // SALES_TESTS_STORE_FAULT_VFS_H_
