// SPDX-License-Identifier: Apache-2.0
// Deterministic walks: one, many, and those of inputs that were given.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "campaign/loop/mutate/byte_mutators.h"
#include "campaign/loop/mutate/deterministic_walks.h"
#include "campaign/loop/mutate/words/dictionary.h"
#include "tests/campaign/loop/fake_loop.h"
#include "tests/campaign/loop/fake_program.h"

namespace formfuzz::campaign {
namespace {

using namespace std::string_literals;

InputBytes BytesOf(std::string_view text) {
  return InputBytes(text.begin(), text.end());
}

TEST(DeterministicWalkTest, ReachesEveryNeighbourOfOneByte) {
  const Dictionary words;
  std::set<InputBytes> made;
  DeterministicWalk walk(2);
  InputBytes input = BytesOf("ab");
  while (walk.Next(words, input)) {
    made.insert(input);
    input = BytesOf("ab");
  }
  for (int bit = 0; bit < 8; ++bit) {
    EXPECT_TRUE(made.contains({static_cast<uint8_t>('a' ^ 1 << bit), 'b'}));
  }
  for (unsigned by = 1; by <= kArithmeticMax; ++by) {
    EXPECT_TRUE(made.contains({static_cast<uint8_t>('a' + by), 'b'}));
    EXPECT_TRUE(made.contains({'a', static_cast<uint8_t>('b' - by)}));
  }
  EXPECT_TRUE(made.contains({0xff, 0xff}));
}

TEST(DeterministicWalkTest, BeginsWithWhatMayFollow) {
  Dictionary words;
  words.Add("key");
  words.Add("value");
  DeterministicWalk walk(4);
  for (const std::string& made :
       {"a=1;a=1;"s, "a=1;\0"s, "a=1;\xff"s, "a=1;key"s, "key;"s, "a=1;value"s,
        "value"s}) {
    InputBytes input = BytesOf("a=1;");
    ASSERT_TRUE(walk.Next(words, input));
    EXPECT_EQ(AsText(input), made);
  }
  DeterministicWalk of_nothing(0);
  for (const std::string& made : {"\0"s, "\xff"s, "key"s, "value"s, ""s}) {
    InputBytes input;
    EXPECT_EQ(of_nothing.Next(words, input), !made.empty());
    if (!made.empty()) {
      EXPECT_EQ(AsText(input), made);
    }
  }
}

TEST(DeterministicWalkTest, LeavesBytesAloneThatDoNotMatter) {
  const Dictionary words;
  const InputBytes base = BytesOf(std::string(100, 'x'));
  DeterministicWalk walk(base.size());
  InputBytes input = base;
  size_t steps = 0;
  while (walk.Next(words, input)) {
    ++steps;
    const bool matters = input[40] != base[40];
    if (steps > 103) {
      EXPECT_TRUE(matters || input[41] != base[41] || input[42] != base[42] ||
                  input[43] != base[43]);
    }
    walk.Learn(matters);
    input = base;
  }
  EXPECT_GT(steps, 200u);
  EXPECT_LT(steps, 2000u);
}

TEST(DeterministicWalkTest, IsBoundedForLargeInputs) {
  const Dictionary words;
  const InputBytes base(1 << 20, 'x');
  DeterministicWalk walk(base.size());
  InputBytes input = base;
  size_t steps = 0;
  for (; walk.Next(words, input); input = base) {
    if (input.size() == base.size()) ++steps;
    walk.Learn(false);
  }
  EXPECT_EQ(steps, DeterministicWalk::kWalkBytesMax);
}

TEST(DeterministicWalksTest, GoOnWhereTheyWereLeft) {
  const Dictionary words;
  DeterministicWalks walks;
  DeterministicWalk& first = walks.Of(7, 2);
  InputBytes input = BytesOf("ab");
  ASSERT_TRUE(first.Next(words, input));
  walks.Of(3, 2);
  EXPECT_EQ(&walks.Of(7, 2), &first);
  walks.End(7);
  EXPECT_TRUE(walks.IsOver(7));
  EXPECT_FALSE(walks.IsOver(3));
  walks.Forget(7);  // given to another entry
  EXPECT_FALSE(walks.IsOver(7));
}

TEST(DeterministicWalksTest, EndTheOldestWhereTheyWouldBeTooMany) {
  DeterministicWalks walks(3);
  for (const EntryId id : {5u, 6u, 7u}) walks.Of(id, 2);
  walks.End(6);
  walks.Of(8, 2);
  EXPECT_FALSE(walks.IsOver(5));  // there was room
  walks.Of(9, 2);
  EXPECT_TRUE(walks.IsOver(5));
  for (EntryId id = 10; id < 1000; ++id) walks.Of(id, 2);
  for (EntryId id = 7; id < 1000; ++id) {
    EXPECT_EQ(walks.IsOver(id), id < 997) << id;
  }
}

TEST(DeterministicWalksTest, BeginAsTheNewestForAnotherEntryOfTheSameId) {
  DeterministicWalks walks(3);
  for (const EntryId id : {5u, 6u, 7u}) walks.Of(id, 2);
  walks.Forget(5);
  walks.Of(5, 2);
  walks.Of(8, 2);
  EXPECT_FALSE(walks.IsOver(5));
  EXPECT_TRUE(walks.IsOver(6));
}

// However much else there is to look at: each wrong byte is another path, and
// dies where one bit alone is wrong.
FakeProgram::Body FlagOf(const std::string& right) {
  return [right](const ProgramInput& input, std::span<uint8_t> cells,
                 Execution& execution) {
    const std::string_view text = AsText(input.bytes);
    const auto wrong = std::ranges::mismatch(text, right).in2;
    cells[static_cast<size_t>(wrong - right.begin())] = 1;
    std::string flagged = right;
    flagged[40] ^= 0x40;
    if (text == flagged) Crash(execution, 6);
  };
}

// A quarter of the executions goes to nine changes a byte.
TEST(GivenInputTest, FlipsEachBitOfWhatIsGivenSoon) {
  const std::string right(48, 'x');
  constexpr uint64_t kRuns = 4 * 9 * 48 + 500;
  FakeProgram program(64, FlagOf(right));
  Loop loop(Config(kRuns), program);
  EXPECT_EQ(loop.Run({right}), StopReason::kFinding);
  EXPECT_GT(program.runs(), 9 * 40u) << "others had their turns meanwhile";

  FakeProgram same(64, FlagOf(right));
  Loop resumed(Config(kRuns), same);
  ASSERT_TRUE(resumed.fuzzer().AddKept(AsBytes(right)).ok());
  EXPECT_EQ(resumed.Run(), StopReason::kRunsDone) << "it was not given";
}

}  // namespace
}  // namespace formfuzz::campaign
