// SPDX-License-Identifier: Apache-2.0
// The laws of the scheduler, for both executors.
#include "framework/schedule/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "framework/schedule/fiber/fiber_executor.h"
#include "framework/schedule/search/random_policies.h"
#include "framework/schedule/search/switch_policy.h"
#include "framework/schedule/sync/channel.h"
#include "framework/schedule/sync/condition_variable.h"
#include "framework/schedule/sync/mutex.h"
#include "framework/schedule/sync/semaphore.h"
#include "framework/schedule/sync/shared_mutex.h"
#include "framework/schedule/sync/thread.h"
#include "framework/schedule/thread/thread_executor.h"

namespace formfuzz {
namespace {

using ::testing::HasSubstr;

constexpr YieldSite kHere("test.here");

template <class Executor>
class SchedulerTest : public ::testing::Test {
 protected:
  using Bodies = std::vector<std::function<void()>>;

  // Runs the bodies as tasks 1, 2, … while task 0 waits for their end.
  const Ending& Play(const Bodies& bodies, std::vector<Switch> switches = {}) {
    policy_.Follow(switches);
    return Play(bodies, policy_);
  }
  const Ending& Play(const Bodies& bodies, Policy& policy,
                     const RunOptions& options = {}) {
    log_.clear();
    return scheduler_.Run(
        [&] {
          for (const auto& body : bodies) scheduler_.Spawn(body);
          for (uint8_t task = 1; task <= bodies.size(); ++task) {
            scheduler_.Join(task);
          }
        },
        policy, options);
  }
  // A task that says `name` between its yield points.
  std::function<void()> Saying(std::string name, int times) {
    return [this, name, times] {
      for (int i = 0; i < times; ++i) {
        YieldAt(kHere);
        log_ += name;
      }
    };
  }

  Executor executor_;
  Scheduler scheduler_{executor_};
  SwitchPolicy policy_;
  std::string log_;
};

using Executors = ::testing::Types<FiberExecutor, ThreadExecutor>;
TYPED_TEST_SUITE(SchedulerTest, Executors);

TYPED_TEST(SchedulerTest, RunsOneTaskAfterAnotherByItself) {
  EXPECT_TRUE(
      this->Play({this->Saying("a", 3), this->Saying("b", 3)}).finished());
  EXPECT_EQ(this->log_, "aaabbb");
}

TYPED_TEST(SchedulerTest, SwitchesWhereTheScheduleSays) {
  // Yield 0 and 1: task 0 begins to wait for task 1.
  const Ending& ending =
      this->Play({this->Saying("a", 3), this->Saying("b", 3)}, {{4, 2}});
  EXPECT_TRUE(ending.finished());
  EXPECT_EQ(this->log_, "aabbba");
  ASSERT_GE(ending.passages.size(), 2u);
  EXPECT_TRUE(ending.passages[1].preempted);
  EXPECT_STREQ(ending.passages[1].left, "test.here");
}

TYPED_TEST(SchedulerTest, EqualSeedsMakeEqualRuns) {
  std::vector<std::string> logs;
  for (const uint64_t seed : {1u, 1u, 2u, 3u, 4u, 5u}) {
    RandomWalk walk(seed);
    this->Play({this->Saying("a", 8), this->Saying("b", 8)}, walk);
    logs.push_back(this->log_);
  }
  EXPECT_EQ(logs[0], logs[1]);
  EXPECT_NE(std::set<std::string>(logs.begin(), logs.end()).size(), 1u);
}

TYPED_TEST(SchedulerTest, AMutexKeepsOthersOut) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    sync::mutex mutex;
    int inside = 0;
    int most = 0;
    const auto body = [&] {
      for (int i = 0; i < 3; ++i) {
        std::lock_guard lock(mutex);
        most = std::max(most, ++inside);
        YieldAt(kHere);
        --inside;
      }
    };
    RandomWalk walk(seed);
    ASSERT_TRUE(this->Play({body, body, body}, walk).finished());
    ASSERT_EQ(most, 1);
  }
}

TYPED_TEST(SchedulerTest, ReadersShareAndWritersDoNot) {
  int most_readers = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    sync::shared_mutex mutex;
    int readers = 0;
    int writers = 0;
    bool clean = true;
    const auto read = [&] {
      mutex.lock_shared();
      most_readers = std::max(most_readers, ++readers);
      YieldAt(kHere);
      clean &= writers == 0;
      --readers;
      mutex.unlock_shared();
    };
    const auto write = [&] {
      mutex.lock();
      ++writers;
      YieldAt(kHere);
      clean &= writers == 1 && readers == 0;
      --writers;
      mutex.unlock();
    };
    RandomWalk walk(seed);
    ASSERT_TRUE(this->Play({read, read, write, write}, walk).finished());
    ASSERT_TRUE(clean);
  }
  EXPECT_EQ(most_readers, 2);
}

TYPED_TEST(SchedulerTest, AConditionWakesWhoWaits) {
  sync::mutex mutex;
  sync::condition_variable changed;
  bool is_set = false;
  const auto wait = [&] {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return is_set; });
    this->log_ += "woken";
  };
  const auto set = [&] {
    std::lock_guard lock(mutex);
    is_set = true;
    changed.notify_one();
  };
  EXPECT_TRUE(this->Play({wait, set}).finished());
  EXPECT_EQ(this->log_, "woken");
}

TYPED_TEST(SchedulerTest, TellsTheCycleOfADeadlock) {
  sync::mutex first;
  sync::mutex second;
  const auto take = [](sync::mutex& a, sync::mutex& b) {
    return [&] {
      std::lock_guard outer(a);
      std::lock_guard inner(b);
    };
  };
  // Task 1 holds the first and is left before the second.
  std::string message;
  for (uint64_t seed = 0; seed < 100 && message.empty(); ++seed) {
    RandomWalk walk(seed);
    const Ending& ending =
        this->Play({take(first, second), take(second, first)}, walk);
    if (ending.kind == Ending::Kind::kDeadlocked) message = ending.message;
  }
  EXPECT_THAT(message, HasSubstr("task 1 waits for mutex 0 (mutex.lock), held "
                                 "by task 2; task 2 waits for mutex 1"));
  // The next run is not disturbed by the stacks that were left behind.
  EXPECT_TRUE(this->Play({take(first, second)}).finished());
}

TYPED_TEST(SchedulerTest, AnEndlessLoopIsALivelock) {
  const auto spin = [] {
    for (;;) YieldAt(kHere);
  };
  const Ending& ending = this->Play({spin, this->Saying("b", 1)});
  EXPECT_EQ(ending.kind, Ending::Kind::kLivelocked);
  EXPECT_THAT(ending.message, HasSubstr("still runs, at test.here"));
  EXPECT_EQ(this->log_, "b");  // who spins gives way
}

// Takes those who spin whenever it may: they come first in the list.
class FirstReady final : public Policy {
 public:
  uint8_t Choose(const Choice& choice) override {
    return NextReady(choice.ready, 0);
  }
};

TYPED_TEST(SchedulerTest, WhoSpinsIsNoLivelockWhateverThePolicy) {
  bool done = false;
  const auto spin = [&] {
    while (!done) YieldAt(kHere);
  };
  const auto work = [&] {
    for (int i = 0; i < 200; ++i) YieldAt(kHere);
    done = true;
  };
  FirstReady policy;
  const Ending& ending = this->Play({spin, spin, work}, policy);
  EXPECT_TRUE(ending.finished()) << ending.message;
  EXPECT_LT(ending.yields, 3 * kSpinMax);
}

TYPED_TEST(SchedulerTest, WhoWasAloneForLongGivesWayToWhomItStarts) {
  bool done = false;
  const auto spin_alone_then_start = [&] {
    for (uint64_t i = 0; i < 2 * kSpinMax; ++i) YieldAt(kHere);
    sync::thread worker([&] {
      YieldAt(kHere);
      done = true;
    });
    while (!done) YieldAt(kHere);
    worker.join();
  };
  const Ending& ending = this->Play({spin_alone_then_start});
  EXPECT_TRUE(ending.finished()) << ending.message;
  EXPECT_LT(ending.yields, 4 * kSpinMax);
}

TYPED_TEST(SchedulerTest, TimePassesWhileNobodyCanGoOn) {
  using std::chrono::milliseconds;
  sync::mutex mutex;
  sync::condition_variable never;
  const auto sleep = [&] {
    sync::this_thread::sleep_for(milliseconds(70));
    this->log_ += "slept ";
  };
  const auto time_out = [&] {
    std::unique_lock lock(mutex);
    const auto status = never.wait_for(lock, milliseconds(50));
    if (status == std::cv_status::timeout) this->log_ += "timed out ";
  };
  EXPECT_TRUE(this->Play({sleep, time_out}).finished());
  EXPECT_EQ(this->log_, "timed out slept ");
}

TYPED_TEST(SchedulerTest, AComponentMayHaveThreads) {
  const auto body = [&] {
    sync::channel<int> numbers(2);
    int sum = 0;
    sync::thread consumer([&] {
      while (const auto number = numbers.receive()) sum += *number;
    });
    for (int i = 1; i <= 10; ++i) numbers.send(i);
    numbers.close();
    consumer.join();
    this->log_ += std::to_string(sum);
  };
  for (uint64_t seed = 0; seed < 20; ++seed) {
    RandomWalk walk(seed);
    ASSERT_TRUE(this->Play({body}, walk).finished());
    ASSERT_EQ(this->log_, "55");
  }
}

TYPED_TEST(SchedulerTest, ExceptionsStayWithTheirTask) {
  const auto body = [&](const char* name) {
    return [this, name] {
      try {
        throw std::string(name);
      } catch (const std::string& thrown) {
        YieldAt(kHere);  // the other throws and catches meanwhile
        try {
          throw 1;
        } catch (int) {
          YieldAt(kHere);
        }
        this->log_ += thrown;
      }
    };
  };
  for (uint64_t seed = 0; seed < 20; ++seed) {
    RandomWalk walk(seed);
    ASSERT_TRUE(this->Play({body("a"), body("b"), body("c")}, walk).finished());
    ASSERT_EQ(this->log_.size(), 3u);
  }
}

TYPED_TEST(SchedulerTest, WithYieldsOffTasksAreLeftOnlyWhenTheyWait) {
  RandomWalk walk(7);
  this->Play({this->Saying("a", 4), this->Saying("b", 4)}, walk,
             {.yields = false});
  EXPECT_TRUE(this->log_ == "aaaabbbb" || this->log_ == "bbbbaaaa")
      << this->log_;
}

TEST(YieldTest, IsNothingOutsideOfARun) { FORMFUZZ_YIELD("nobody.listens"); }

// Started anew, as executors may have left threads here.
class OutsideOfRunsTest : public ::testing::Test {
 protected:
  OutsideOfRunsTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
  ~OutsideOfRunsTest() override { GTEST_FLAG_SET(death_test_style, "fast"); }
};

TEST_F(OutsideOfRunsTest, ADeadlockWithItselfIsTheComponentsMistake) {
  const auto by_killed = testing::KilledBySignal(SIGABRT);
  sync::mutex plain;
  plain.lock();
  EXPECT_EXIT(plain.lock(), by_killed, "holds itself: a deadlock");
  sync::shared_mutex shared;
  shared.lock();
  EXPECT_EXIT(shared.lock(), by_killed, "holds itself: a deadlock");
  EXPECT_EXIT(shared.lock_shared(), by_killed, "holds itself: a deadlock");
  plain.unlock();
  shared.unlock();
}

TEST_F(OutsideOfRunsTest, JoiningTwiceIsTheComponentsMistake) {
  sync::thread none;
  EXPECT_EXIT(none.join(), testing::KilledBySignal(SIGABRT), "not joinable");
}

}  // namespace
}  // namespace formfuzz
