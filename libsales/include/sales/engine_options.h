#ifndef SALES_ENGINE_OPTIONS_H_
#define SALES_ENGINE_OPTIONS_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/time/time.h"
#include "sales/clock.h"
#include "sales/webhook.h"

namespace sales {

// One use of the store, for measuring.
struct StoreUse {
  enum class Kind {
    // One snapshot.
    kRead,
    // One transaction, which many writes may have shared.
    kWrite,
  };
  Kind kind = Kind::kRead;
  // Until there was a connection, or the turn came: of a batch, the wait of the first in it.
  absl::Duration wait;
  // From then on to the end, the commit included.
  absl::Duration run;
  // The writes that were committed; 0 where nothing was.
  int writes = 0;
};

struct EngineOptions {
  // Behaviour.

  // Where the record is kept: "sqlite:FILE", or "postgres:@FILE", a file that holds a connection
  // string or URI of libpq; one without a password may stand in the place of @FILE.
  std::string store;

  // Where a copy of a PostgreSQL store is, a standby that follows it, for reads that may be
  // answered there (Call::min_revision); named as the store is. Empty: there is none.
  std::string read_store;

  enum class Access {
    kReadWrite,
    // For servers: a second one, and meanwhile an engine that migrates, get STORE_IN_USE. On
    // PostgreSQL, where any number of servers share a store, as kReadWrite.
    kExclusive,
    kReadOnly,
  };
  Access access = Access::kReadWrite;

  enum class Durability {
    // A write that returned OK survives power loss.
    kFull,
    // It survives a crash of the process; power loss may take the last moments.
    kRelaxed,
  };
  Durability durability = Durability::kFull;

  // Whether to create the store and bring it to the current schema; else an older one is refused.
  bool migrate = true;

  // Must outlive the engine; null: the machine's clock.
  const Clock* clock = nullptr;

  WebhookOptions webhooks;

  // Called after each commit, from the thread that committed, without locks held; must be quick
  // and must not call the engine.
  std::function<void(const std::string& workspace, int64_t revision)> on_commit;

  // Called after each use of the store, from the thread that used it; must be quick and must not
  // call the engine.
  std::function<void(const StoreUse& use)> on_store_use;

  // Performance.

  // How many reads may run at once; further ones wait.
  int readers = 8;
  // How many commits may be under way at once, each of another workspace; SQLite has one.
  int writers = 8;
  // How many writes share a commit at most.
  int write_batch = 256;
  // Whether a write that finds the log long moves it into the store itself; else the embedder
  // calls Checkpoint from a thread of its own, and no write waits for it.
  bool automatic_checkpoint = true;
};

}  // namespace sales

#endif  // SALES_ENGINE_OPTIONS_H_
