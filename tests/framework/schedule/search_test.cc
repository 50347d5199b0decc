// SPDX-License-Identifier: Apache-2.0
// Policies find what they promise to find, and the exhaustive one says with
// how few preemptions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <string>

#include "framework/schedule/fiber/fiber_executor.h"
#include "framework/schedule/scheduler.h"
#include "framework/schedule/search/exhaustive.h"
#include "framework/schedule/search/random_policies.h"
#include "framework/schedule/search/switch_policy.h"
#include "framework/schedule/shared.h"
#include "framework/schedule/sync/atomic.h"
#include "framework/schedule/sync/mutex.h"

namespace formfuzz {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr YieldSite kHere("test.here");

class SearchTest : public ::testing::Test {
 protected:
  template <class... Bodies>
  const Ending& Play(Policy& policy, const Bodies&... bodies) {
    return scheduler_.Run([&] { (scheduler_.Spawn(bodies), ...); }, policy);
  }
  // Two tasks that add 1; lost if one reads between the other's two accesses.
  bool LosesAnUpdate(Policy& policy) {
    Shared<int> sum("sum");
    const auto add = [&] { sum.store(sum.load() + 1); };
    Play(policy, add, add);
    return sum.load() != 2;
  }

  FiberExecutor executor_;
  Scheduler scheduler_{executor_};
};

TEST_F(SearchTest, ExhaustiveCountsEverySchedule) {
  // Two tasks of three pieces: C(6, 3) orders; one piece each is free.
  std::set<std::string> logs;
  const auto fails = [&](Policy& policy) {
    std::string log;
    const auto say = [&log](char name) {
      return [&log, name] {
        for (int i = 0; i < 3; ++i) {
          if (i > 0) YieldAt(kHere);
          log += name;
        }
      };
    };
    Play(policy, say('a'), say('b'));
    logs.insert(log);
    return false;
  };
  const SearchResult result =
      SearchExhaustively(fails, {.preemptions_max = 6, .runs_max = 10'000});
  EXPECT_TRUE(result.complete);
  EXPECT_EQ(logs.size(), 20u);
  EXPECT_EQ(result.runs.back(), 20u);
}

TEST_F(SearchTest, ExhaustiveFindsTheFewestPreemptions) {
  const SearchResult result =
      SearchExhaustively([&](Policy& p) { return LosesAnUpdate(p); });
  ASSERT_TRUE(result.found);
  EXPECT_EQ(result.preemptions, 1u);
  ASSERT_EQ(result.runs.size(), 2u);
  EXPECT_GT(result.runs[0], 0u);

  SwitchPolicy replay;
  replay.Follow(result.switches);
  EXPECT_TRUE(LosesAnUpdate(replay));
}

TEST_F(SearchTest, TheCertificateNamesTheTwoPoints) {
  const SearchResult result =
      SearchExhaustively([&](Policy& p) { return LosesAnUpdate(p); });
  SwitchPolicy replay;
  replay.Follow(result.switches);
  Shared<int> sum("sum");
  const auto add = [&] { sum.store(sum.load() + 1); };
  const std::string text = CertificateOf(result, Play(replay, add, add));
  EXPECT_THAT(text, HasSubstr("fails with 1 preemption: at yield "));
  EXPECT_THAT(text, HasSubstr("(sum) from task "));
  EXPECT_THAT(text, HasSubstr("; with 0 preemptions all 2 schedules pass"));
}

TEST_F(SearchTest, OnlyWhatIsChoosableIsChosen) {
  std::set<uint8_t> chosen;
  const auto passes = [&](Policy& policy) {
    LosesAnUpdate(policy);
    for (const Switch& entry :
         static_cast<ExhaustivePolicy&>(policy).switches()) {
      chosen.insert(entry.task);
    }
    return false;
  };
  SearchExhaustively(passes);
  EXPECT_THAT(chosen, ::testing::Contains(2));
  chosen.clear();
  SearchExhaustively(passes, {.choosable = 0b11});
  EXPECT_THAT(chosen, ::testing::Not(::testing::Contains(2)));
}

TEST_F(SearchTest, ExhaustiveIsStoppedByItsLimit) {
  const SearchResult result =
      SearchExhaustively([](Policy&) { return false; }, {.runs_max = 0});
  EXPECT_FALSE(result.complete);
  EXPECT_FALSE(result.found);
}

TEST_F(SearchTest, ExhaustiveNoticesWhatItDoesNotControl) {
  int runs = 0;
  const auto fails = [&](Policy& policy) {
    const auto odd = [&] {
      for (int i = 0; i < 2 + runs % 2; ++i) YieldAt(kHere);
    };
    ++runs;
    Play(policy, odd, odd);
    return false;
  };
  EXPECT_TRUE(SearchExhaustively(fails).strayed);
}

TEST_F(SearchTest, RandomPoliciesLoseTheUpdateSometimes) {
  int walks = 0;
  int priorities = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    RandomWalk walk(seed);
    walks += LosesAnUpdate(walk);
    PriorityPolicy priority(seed, 2, 8);
    priorities += LosesAnUpdate(priority);
  }
  EXPECT_GT(walks, 40);
  EXPECT_LT(walks, 400);
  // At least 1 / (n * k): 2 tasks, 8 yield points.
  EXPECT_GT(priorities, 400 / 16);
  EXPECT_LT(priorities, 400);
}

TEST_F(SearchTest, ASwitchThatCannotHappenDoesNothing) {
  SwitchPolicy policy;
  policy.Follow(std::vector<Switch>{{60'000, 1}, {0, 7}, {1, 7}});
  EXPECT_FALSE(LosesAnUpdate(policy));
}

class RaceTest : public SearchTest {
 protected:
  template <class... Bodies>
  std::string RaceOf(const Bodies&... bodies) {
    SwitchPolicy serial;
    return Play(serial, bodies...).race;
  }
};

TEST_F(RaceTest, UnorderedAccessesAreARaceInAnyOrder) {
  Shared<int> flag("flag");
  const std::string race =
      RaceOf([&] { flag.store(1); }, [&] { (void)flag.load(); });
  EXPECT_THAT(race, HasSubstr("flag: written by task 1 at search_test.cc:"));
  EXPECT_THAT(race, HasSubstr(" and read by task 2 at search_test.cc:"));
}

TEST_F(RaceTest, ReadsDoNotRace) {
  Shared<int> flag("flag", 3);
  EXPECT_EQ(RaceOf([&] { (void)flag.load(); }, [&] { (void)flag.load(); }), "");
}

TEST_F(RaceTest, AMutexOrders) {
  sync::mutex mutex;
  Shared<int> flag("flag");
  const auto change = [&] {
    std::lock_guard lock(mutex);
    flag.store(flag.load() + 1);
  };
  EXPECT_EQ(RaceOf(change, change), "");
}

TEST_F(RaceTest, TwoMutexesDoNotOrder) {
  sync::mutex mine;
  sync::mutex yours;
  Shared<int> flag("flag");
  const auto change = [&](sync::mutex& mutex) {
    return [&] {
      std::lock_guard lock(mutex);
      flag.store(1);
    };
  };
  EXPECT_THAT(RaceOf(change(mine), change(yours)),
              HasSubstr("and written by task 2"));
}

TEST_F(RaceTest, AnAtomicPublishesUnlessItIsRelaxed) {
  for (const auto order :
       {std::memory_order_release, std::memory_order_relaxed}) {
    Shared<int> value("value");
    sync::atomic<bool> ready(false);
    const std::string race = RaceOf(
        [&] {
          value.store(1);
          ready.store(true, order);
        },
        [&] {
          if (ready.load(std::memory_order_acquire)) (void)value.load();
        });
    EXPECT_EQ(race.empty(), order == std::memory_order_release);
  }
}

TEST_F(RaceTest, TheEndOfATaskOrders) {
  Shared<int> value("value");
  SwitchPolicy serial;
  const Ending& ending = scheduler_.Run(
      [&] {
        value.store(1);
        const uint8_t task = scheduler_.Spawn([&] { value.store(2); });
        scheduler_.Join(task);
        value.store(3);
      },
      serial);
  EXPECT_EQ(ending.race, "");
}

}  // namespace
}  // namespace formfuzz
