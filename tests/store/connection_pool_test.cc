// Calls share a few connections.
#include "src/store/connection_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "sales/error.h"
#include "tests/store/scratch.h"

namespace sales::store {
namespace {

using sql::Connection;

class ConnectionPoolTest : public testing::Test {
 protected:
  void SetUp() override { driver_ = *scratch_.Open(); }

  sql::Scratch scratch_;
  std::unique_ptr<sql::Driver> driver_;
};

TEST_F(ConnectionPoolTest, LendsTheSameConnectionAgain) {
  ConnectionPool pool(driver_.get(), Connection::Mode::kRead, 2);
  const Connection* first = nullptr;
  {
    auto lease = pool.Acquire();
    ASSERT_TRUE(lease.ok());
    first = &**lease;
  }
  auto lease = pool.Acquire();
  EXPECT_EQ(&**lease, first);
  auto second = pool.Acquire();
  EXPECT_NE(&**second, first);
}

TEST_F(ConnectionPoolTest, EndsATransactionThatWasLeftOpen) {
  ConnectionPool pool(driver_.get(), Connection::Mode::kRead, 1);
  {
    auto lease = pool.Acquire();
    ASSERT_TRUE((*lease)->Begin(Connection::Mode::kRead).ok());
    EXPECT_EQ(ReadInt(**lease, "SELECT count(*) FROM whole"), 0);
  }
  auto lease = pool.Acquire();
  EXPECT_FALSE((*lease)->InTransaction());
}

TEST_F(ConnectionPoolTest, WaitsForAConnectionUntilTheDeadline) {
  ConnectionPool pool(driver_.get(), Connection::Mode::kRead, 1);
  auto lease = pool.Acquire();
  const absl::Time begin = absl::Now();
  EXPECT_EQ(ReasonOf(pool.Acquire(begin + absl::Milliseconds(30)).status()),
            Reason::kDeadlineExceeded);
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(30));
}

TEST_F(ConnectionPoolTest, RefusesADeadlineThatHasPassed) {
  ConnectionPool pool(driver_.get(), Connection::Mode::kRead, 1);
  EXPECT_EQ(ReasonOf(pool.Acquire(absl::Now() - absl::Seconds(1)).status()),
            Reason::kDeadlineExceeded);
}

TEST_F(ConnectionPoolTest, StopsAReadAtTheDeadlineAndNotTheNext) {
  ConnectionPool pool(driver_.get(), Connection::Mode::kRead, 1);
  {
    auto lease = pool.Acquire(absl::Now() + absl::Milliseconds(20));
    EXPECT_EQ(ReasonOf((*lease)->Query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                                       "FROM n) SELECT count(*) FROM n",
                                       {}, [](const sql::Row&) {})),
              Reason::kDeadlineExceeded);
  }
  auto lease = pool.Acquire();
  EXPECT_EQ(ReadInt(**lease, "SELECT count(*) FROM whole"), 0);
}

TEST_F(ConnectionPoolTest, WakesWhoeverWaits) {
  ConnectionPool pool(driver_.get(), Connection::Mode::kRead, 1);
  std::optional<ConnectionPool::Lease> lease(*pool.Acquire());
  std::thread waiting([&pool] { EXPECT_TRUE(pool.Acquire().ok()); });
  absl::SleepFor(absl::Milliseconds(10));
  lease.reset();
  waiting.join();
}

TEST_F(ConnectionPoolTest, ServesManyReadersWithFewConnections) {
  ConnectionPool pool(driver_.get(), Connection::Mode::kRead, 3);
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 16; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        auto lease = pool.Acquire(absl::Now() + absl::Minutes(1));
        ASSERT_TRUE(lease.ok()) << lease.status();
        const int lent = ++now;
        for (int seen = most; lent > seen && !most.compare_exchange_weak(seen, lent);) {
        }
        EXPECT_EQ(ReadInt(**lease, "SELECT count(*) FROM whole"), 0);
        --now;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, 3);
}

TEST_F(ConnectionPoolTest, TriesAgainAfterAConnectionThatDidNotOpen) {
  ConnectionPool pool(driver_.get(), Connection::Mode::kRead, 1);
  const std::string hidden = scratch_.file() + "-hidden";
  ASSERT_EQ(std::rename(scratch_.file().c_str(), hidden.c_str()), 0);
  EXPECT_FALSE(pool.Acquire().ok());
  ASSERT_EQ(std::rename(hidden.c_str(), scratch_.file().c_str()), 0);
  EXPECT_TRUE(pool.Acquire().ok());
}

}  // namespace
}  // namespace sales::store
