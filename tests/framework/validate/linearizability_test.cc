// SPDX-License-Identifier: Apache-2.0
// Known histories, and agreement with a checker that tries every order.
#include "framework/validate/linearizability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "framework/base/random.h"

namespace formfuzz {
namespace {

using testing::ElementsAre;

// Registers by key: read, write, and write if it holds what is expected.
struct RegisterCall {
  enum class What : uint8_t { kRead, kWrite, kSwap } what;
  uint8_t key;
  uint8_t value;     // written
  uint8_t expected;  // by a swap
};

class Register {
 public:
  using Call = RegisterCall;
  using Answer = uint8_t;  // what was read; of a swap, whether it was done

  uint8_t Do(const Call& call) {
    switch (call.what) {
      case Call::What::kRead:
        return value_;
      case Call::What::kWrite:
        value_ = call.value;
        return 0;
      case Call::What::kSwap:
        if (value_ != call.expected) return 0;
        value_ = call.value;
        return 1;
    }
    return 0;
  }
  bool Apply(const Call& call, const Answer* answer) {
    const uint8_t comes_to = Do(call);
    return answer == nullptr || *answer == comes_to;
  }
  uint64_t Digest() const { return value_; }
  static uint64_t Key(const Call& call) { return call.key; }

 private:
  uint8_t value_ = 0;
};

using Histories = std::vector<TimedCall<Register>>;
constexpr auto kRead = RegisterCall::What::kRead;
constexpr auto kWrite = RegisterCall::What::kWrite;
constexpr auto kSwap = RegisterCall::What::kSwap;

Linearity Check(const Histories& history) {
  return Linearizability<Register>().Check(history);
}

TEST(LinearizabilityTest, ExplainsNothing) {
  EXPECT_EQ(Check({}), Linearity::kExplained);
}

TEST(LinearizabilityTest, AReadMayOvertakeAWriteThatOverlapsIt) {
  EXPECT_EQ(Check({{{kWrite, 0, 7, 0}, 0, {0, 3}},  //
                   {{kRead, 0, 0, 0}, 0, {1, 2}}}),
            Linearity::kExplained);
  EXPECT_EQ(
      Check({{{kWrite, 0, 7, 0}, 0, {0, 3}}, {{kRead, 0, 0, 0}, 7, {1, 2}}}),
      Linearity::kExplained);
}

TEST(LinearizabilityTest, AReadMustSeeAWriteThatWasOver) {
  EXPECT_EQ(Check({{{kWrite, 0, 7, 0}, 0, {0, 1}},  //
                   {{kRead, 0, 0, 0}, 0, {2, 3}}}),
            Linearity::kUnexplained);
}

TEST(LinearizabilityTest, ReadsMustNotGoBackInTime) {
  EXPECT_EQ(Check({{{kWrite, 0, 7, 0}, 0, {0, 5}},
                   {{kRead, 0, 0, 0}, 7, {1, 2}},
                   {{kRead, 0, 0, 0}, 0, {3, 4}}}),
            Linearity::kUnexplained);
}

TEST(LinearizabilityTest, FindsALostUpdateAndNamesWhatIsStuck) {
  const Histories history = {{{kSwap, 0, 1, 0}, 1, {0, 2}},
                             {{kSwap, 0, 2, 0}, 1, {1, 3}}};
  Linearizability<Register> checker;
  EXPECT_EQ(checker.Check(history), Linearity::kUnexplained);
  EXPECT_THAT(checker.stuck(), ElementsAre(1));
}

TEST(LinearizabilityTest, APendingWriteMayHaveHappenedOrNot) {
  for (const uint8_t seen : {0, 7}) {
    EXPECT_EQ(
        Check({{{kWrite, 0, 7, 0}, {}, {0}}, {{kRead, 0, 0, 0}, seen, {1, 2}}}),
        Linearity::kExplained);
  }
  EXPECT_EQ(Check({{{kWrite, 0, 7, 0}, {}, {0}},
                   {{kRead, 0, 0, 0}, 7, {1, 2}},
                   {{kRead, 0, 0, 0}, 0, {3, 4}}}),
            Linearity::kUnexplained);
}

TEST(LinearizabilityTest, APendingWriteCannotBeSeenBeforeItWasCalled) {
  EXPECT_EQ(Check({{{kRead, 0, 0, 0}, 7, {0, 1}},  //
                   {{kWrite, 0, 7, 0}, {}, {2}}}),
            Linearity::kUnexplained);
}

TEST(LinearizabilityTest, KeysAreJudgedByThemselves) {
  Histories history;
  for (uint32_t i = 0; i < 200; ++i) {  // more than one search could hold
    const auto key = static_cast<uint8_t>(i % 10);
    history.push_back({{kWrite, key, 1, 0}, 0, {2 * i, 2 * i + 1}});
  }
  EXPECT_EQ(Check(history), Linearity::kExplained);
  history.push_back({{kRead, 3, 0, 0}, 0, {400, 401}});
  EXPECT_EQ(Check(history), Linearity::kUnexplained);
}

TEST(LinearizabilityTest, SaysWhenItCannotDecide) {
  Histories history;
  for (uint32_t i = 0; i < 65; ++i) {
    history.push_back({{kWrite, 0, 1, 0}, 0, {i, 100 + i}});
  }
  EXPECT_EQ(Check(history), Linearity::kUndecided) << "65 of one key";
  history.pop_back();
  EXPECT_EQ(Check(history), Linearity::kExplained) << "64 of one key";
  for (uint32_t i = 0; i < 40; ++i) {  // 2^40 sets of writes, no sense in any
    history[i].call.value = static_cast<uint8_t>(i);
  }
  history[63] = {{kRead, 0, 0, 0}, 99, {63, 400}};
  EXPECT_EQ(Check(history), Linearity::kUndecided) << "too many orders";
}

// Tries every order of every choice of pending operations, all keys at once.
class BruteForce {
 public:
  static bool Explains(const Histories& history) {
    std::vector<size_t> order(history.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    do {
      if (RespectsTime(history, order) && Runs(history, order)) return true;
    } while (std::next_permutation(order.begin(), order.end()));
    return false;
  }

 private:
  static bool RespectsTime(const Histories& history,
                           const std::vector<size_t>& order) {
    for (size_t i = 0; i < order.size(); ++i) {
      for (size_t j = i + 1; j < order.size(); ++j) {
        if (history[order[j]].times.returned <
            history[order[i]].times.invoked) {
          return false;
        }
      }
    }
    return true;
  }
  static bool Runs(const Histories& history, const std::vector<size_t>& order) {
    std::vector<size_t> pending;
    for (size_t i = 0; i < history.size(); ++i) {
      if (!history[i].answer.has_value()) pending.push_back(i);
    }
    for (size_t left_out = 0; left_out < size_t{1} << pending.size();
         ++left_out) {
      std::vector<bool> skip(history.size());
      for (size_t i = 0; i < pending.size(); ++i) {
        skip[pending[i]] = (left_out >> i & 1) != 0;
      }
      if (RunsWithout(history, order, skip)) return true;
    }
    return false;
  }
  static bool RunsWithout(const Histories& history,
                          const std::vector<size_t>& order,
                          const std::vector<bool>& skip) {
    std::map<uint64_t, Register> registers;
    for (const size_t i : order) {
      if (skip[i]) continue;
      const uint8_t comes_to =
          registers[history[i].call.key].Do(history[i].call);
      if (history[i].answer.has_value() && *history[i].answer != comes_to) {
        return false;
      }
    }
    return true;
  }
};

// What tasks might have seen of registers, mostly true, sometimes not quite.
class RandomHistory {
 public:
  explicit RandomHistory(Random& random) : random_(random) {}

  Histories Make() {
    const size_t tasks = 2 + random_.Below(3);
    left_ = 2 + random_.Below(4);
    running_.assign(tasks, kIdle);
    while (AnyCanMove()) Move(random_.Below(tasks));
    if (random_.OneIn(2) && !history_.empty()) Falsify();
    return history_;
  }

 private:
  static constexpr size_t kIdle = 1000;

  bool AnyCanMove() const {
    return std::any_of(running_.begin(), running_.end(), [&](size_t one) {
      return one < kIdle || (one == kIdle && left_ > 0);
    });
  }
  void Move(size_t task) {
    size_t& current = running_[task];
    if (current == kIdle) {
      if (left_ == 0) return;
      --left_;
      current = history_.size();
      history_.push_back({RandomCall(), {}, {now_++}});
      has_happened_.push_back(false);
      return;
    }
    if (current > kIdle) return;  // hangs
    TimedCall<Register>& call = history_[current];
    if (!has_happened_[current]) {
      has_happened_[current] = true;
      answers_[current] = registers_[call.call.key].Do(call.call);
    } else if (random_.OneIn(10)) {
      current = kIdle + 1;  // pending for ever
    } else {
      call.answer = answers_[current];
      call.times.returned = now_++;
      current = kIdle;
    }
  }
  RegisterCall RandomCall() {
    return {static_cast<RegisterCall::What>(random_.Below(3)),
            static_cast<uint8_t>(random_.OneIn(4)),
            static_cast<uint8_t>(random_.Below(3)),
            static_cast<uint8_t>(random_.Below(3))};
  }
  void Falsify() {
    TimedCall<Register>& call = history_[random_.Below(history_.size())];
    if (!call.answer.has_value()) return;
    call.answer =
        static_cast<uint8_t>(random_.Below(call.call.what == kRead ? 3 : 2));
  }

  Random& random_;
  Histories history_;
  std::vector<size_t> running_;
  std::vector<bool> has_happened_;
  std::map<size_t, uint8_t> answers_;
  std::map<uint64_t, Register> registers_;
  size_t left_ = 0;
  uint32_t now_ = 0;
};

TEST(LinearizabilityTest, AgreesWithBruteForceOnRandomHistories) {
  constexpr size_t kHistories = 100'000;
  Random random(2024);
  Linearizability<Register> checker;
  size_t explained = 0;
  for (size_t i = 0; i < kHistories; ++i) {
    const Histories history = RandomHistory(random).Make();
    const bool expected = BruteForce::Explains(history);
    ASSERT_EQ(checker.Check(history),
              expected ? Linearity::kExplained : Linearity::kUnexplained)
        << "history " << i;
    explained += expected;
  }
  EXPECT_GT(explained, kHistories / 10);
  EXPECT_LT(explained, kHistories - kHistories / 10);
}

}  // namespace
}  // namespace formfuzz
