// SPDX-License-Identifier: Apache-2.0
// A C library's threads and locks under the scheduler, for both executors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "framework/schedule/fiber/fiber_executor.h"
#include "framework/schedule/scheduler.h"
#include "framework/schedule/search/exhaustive.h"
#include "framework/schedule/search/random_policies.h"
#include "framework/schedule/search/switch_policy.h"
#include "framework/schedule/thread/thread_executor.h"
#include "tests/framework/schedule/posix/warehouse.h"

namespace formfuzz {
namespace {

using ::testing::HasSubstr;

template <class Executor>
class PosixTest : public ::testing::Test {
 protected:
  using Bodies = std::vector<std::function<void()>>;

  // Task 0 opens the warehouse, waits for tasks 1, 2, … and closes it.
  const Ending& Play(const Bodies& bodies, Policy& policy, int goods = 1) {
    return scheduler_.Run(
        [&] {
          warehouse_open(&house_, goods);
          for (const auto& body : bodies) scheduler_.Spawn(body);
          for (uint8_t task = 1; task <= bodies.size(); ++task) {
            scheduler_.Join(task);
          }
          warehouse_close(&house_);
        },
        policy);
  }
  const Ending& Play(const Bodies& bodies) {
    SwitchPolicy none;
    return Play(bodies, none);
  }
  // Whether `holds` after every schedule with at most two preemptions.
  SearchResult Search(const Bodies& bodies,
                      const std::function<bool()>& holds) {
    return SearchExhaustively(
        [&](Policy& policy) {
          return !Play(bodies, policy).finished() || !holds();
        },
        {.preemptions_max = 2, .runs_max = 2000});
  }

  Executor executor_;
  Scheduler scheduler_{executor_};
  warehouse house_{};
};

using Executors = ::testing::Types<FiberExecutor, ThreadExecutor>;
TYPED_TEST_SUITE(PosixTest, Executors);

TYPED_TEST(PosixTest, FindsADeadlockAndItsCycle) {
  const typename PosixTest<TypeParam>::Bodies bodies = {
      [this] { warehouse_move(&this->house_, 0, 1); },
      [this] { warehouse_move(&this->house_, 1, 0); }};
  const SearchResult found = this->Search(bodies, [] { return true; });
  ASSERT_TRUE(found.found);
  EXPECT_EQ(found.preemptions, 1u);
  SwitchPolicy policy;
  policy.Follow(found.switches);
  const Ending& ending = this->Play(bodies, policy);
  EXPECT_EQ(ending.kind, Ending::Kind::kDeadlocked);
  EXPECT_THAT(ending.message,
              HasSubstr("task 1 waits for mutex 1 (mutex.lock), held by task "
                        "2; task 2 waits for mutex 0 (mutex.lock), held by "
                        "task 1"));
}

TYPED_TEST(PosixTest, FindsWhatHappensBetweenTwoLocks) {
  const SearchResult found =
      this->Search({[this] { warehouse_take(&this->house_, 0); },
                    [this] { warehouse_take(&this->house_, 0); }},
                   [this] { return this->house_.goods[0] >= 0; });
  ASSERT_TRUE(found.found);
  EXPECT_EQ(found.preemptions, 1u);
}

TYPED_TEST(PosixTest, ALockKeepsOthersOut) {
  bool agreed = true;
  const SearchResult found = this->Search(
      {[this] { warehouse_set_prices(&this->house_, 2); },
       [&] { agreed = agreed && warehouse_prices_agree(&this->house_); },
       [&] { agreed = agreed && warehouse_prices_agree(&this->house_); }},
      [&] { return agreed; });
  EXPECT_FALSE(found.found);
  EXPECT_GT(found.runs.back(), 20u);
}

TYPED_TEST(PosixTest, AThreadOfTheLibraryIsATask) {
  long delivered = 0;
  RandomWalk policy(7);
  for (int run = 0; run < 20; ++run) {
    const Ending& ending =
        this->Play({[&] {
                     ASSERT_EQ(warehouse_start_worker(&this->house_), 0);
                     for (int i = 0; i < 3; ++i)
                       warehouse_put_on_belt(&this->house_);
                     delivered = warehouse_stop_worker(&this->house_);
                   }},
                   policy);
    ASSERT_TRUE(ending.finished()) << ending.message;
    EXPECT_EQ(delivered, 3);
  }
}

TYPED_TEST(PosixTest, WhoJoinsAThreadThatIsNeverToldWaitsForEver) {
  const Ending& ending = this->Play({[this] {
    warehouse_start_worker(&this->house_);
    pthread_join(this->house_.worker, nullptr);
  }});
  EXPECT_EQ(ending.kind, Ending::Kind::kDeadlocked);
  EXPECT_THAT(ending.message, HasSubstr("waits for the end of task 2"));
}

TYPED_TEST(PosixTest, TimeoutsTakeNoTime) {
  std::vector<int> got;
  const auto dock = [&] { got.push_back(warehouse_dock(&this->house_)); };
  uint64_t ended_ms = 0;
  const Ending& ending = this->Play({dock, dock, [&] {
                                       dock();
                                       ended_ms = this->scheduler_.NowMs();
                                     }});
  EXPECT_TRUE(ending.finished()) << ending.message;
  EXPECT_EQ(got, (std::vector<int>{1, 1, 0}));
  EXPECT_EQ(ended_ms, 2000u);
  EXPECT_EQ(this->house_.docked_most, 2);
}

TYPED_TEST(PosixTest, SleepTakesNoTime) {
  timespec after{};
  this->Play({[&] {
    const timespec hour{.tv_sec = 3600, .tv_nsec = 0};
    nanosleep(&hour, nullptr);
    clock_gettime(CLOCK_MONOTONIC, &after);
  }});
  EXPECT_EQ(after.tv_sec, 3600);
}

TYPED_TEST(PosixTest, ARoutineRunsOnceWhoeverComesMeanwhile) {
  const auto ask = [] { EXPECT_EQ(warehouse_signs_made(), 1); };
  const SearchResult found =
      this->Search({ask, ask}, [] { return warehouse_signs_made() == 1; });
  EXPECT_FALSE(found.found);
}

TYPED_TEST(PosixTest, KindsOfMutexesAreKept) {
  pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
  pthread_mutex_t checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
  const Ending& ending = this->Play({[&] {
    EXPECT_EQ(pthread_mutex_lock(&recursive), 0);
    EXPECT_EQ(pthread_mutex_lock(&recursive), 0);
    EXPECT_EQ(pthread_mutex_unlock(&recursive), 0);
    EXPECT_EQ(pthread_mutex_unlock(&recursive), 0);
    EXPECT_EQ(pthread_mutex_unlock(&recursive), EPERM);
    EXPECT_EQ(pthread_mutex_lock(&checked), 0);
    EXPECT_EQ(pthread_mutex_lock(&checked), EDEADLK);
    EXPECT_EQ(pthread_mutex_trylock(&checked), EBUSY);
    EXPECT_EQ(pthread_mutex_unlock(&checked), 0);
  }});
  EXPECT_TRUE(ending.finished()) << ending.message;
}

TYPED_TEST(PosixTest, EachTaskIsSomebodyElse) {
  std::vector<pthread_t> selves;
  const auto ask = [&] { selves.push_back(pthread_self()); };
  this->Play({ask, ask});
  ASSERT_EQ(selves.size(), 2u);
  EXPECT_EQ(pthread_equal(selves[0], selves[1]), 0);
}

TYPED_TEST(PosixTest, BarriersLetAllThroughTogether) {
  pthread_barrier_t barrier;
  int arrived = 0;
  int last = 0;
  const auto meet = [&] {
    ++arrived;
    last += pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
    EXPECT_EQ(arrived, 3);
  };
  const Ending& ending =
      this->Play({[&] {
                    pthread_barrier_init(&barrier, nullptr, 3);
                    meet();
                  },
                  meet, meet});
  EXPECT_TRUE(ending.finished()) << ending.message;
  EXPECT_EQ(last, 1);
}

TYPED_TEST(PosixTest, PlainStdThreadsAreTasks) {
  std::mutex mutex;
  std::condition_variable filled;
  std::vector<int> queue;
  int sum = 0;
  const auto consume = [&] {
    for (int i = 0; i < 3; ++i) {
      std::unique_lock lock(mutex);
      filled.wait(lock, [&] { return !queue.empty(); });
      sum += queue.back();
      queue.pop_back();
    }
  };
  RandomWalk policy(3);
  for (int run = 1; run <= 20; ++run) {
    const Ending& ending = this->Play({[&] {
                                        std::thread consumer(consume);
                                        for (int i = 1; i <= 3; ++i) {
                                          const std::lock_guard lock(mutex);
                                          queue.push_back(i);
                                          filled.notify_one();
                                        }
                                        consumer.join();
                                      }},
                                      policy);
    ASSERT_TRUE(ending.finished()) << ending.message;
    EXPECT_EQ(sum, 6 * run);
  }
}

TYPED_TEST(PosixTest, PlainStdConditionsTimeOutInTheTimeOfTheRun) {
  std::mutex mutex;
  std::condition_variable never;
  std::chrono::milliseconds waited{};
  this->Play({[&] {
    const auto start = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex);
    EXPECT_EQ(never.wait_for(lock, std::chrono::minutes(5)),
              std::cv_status::timeout);
    waited = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - start);
  }});
  EXPECT_EQ(waited, std::chrono::minutes(5));
}

// What a run left locked is free in the next: nothing of it is in the object.
TYPED_TEST(PosixTest, EveryRunBeginsUnlocked) {
  static pthread_mutex_t never_released = PTHREAD_MUTEX_INITIALIZER;
  for (int run = 0; run < 2; ++run) {
    EXPECT_TRUE(
        this->Play({[] { pthread_mutex_lock(&never_released); }}).finished());
  }
}

TEST(PosixThreadsTest, EveryRunFindsThreadLocalsAsTheyAreFirst) {
  static thread_local int calls = 0;
  ThreadExecutor executor;
  Scheduler scheduler(executor);
  SwitchPolicy policy;
  for (int run = 0; run < 3; ++run) {
    scheduler.Run([] { EXPECT_EQ(++calls, 1); }, policy);
  }
}

TEST(PosixOutsideTest, OutsideOfARunTheCLibraryDoesIt) {
  warehouse house{};
  warehouse_open(&house, 1);
  ASSERT_EQ(warehouse_start_worker(&house), 0);
  for (int i = 0; i < 3; ++i) warehouse_put_on_belt(&house);
  EXPECT_EQ(warehouse_stop_worker(&house), 3);
  warehouse_close(&house);
}

}  // namespace
}  // namespace formfuzz
