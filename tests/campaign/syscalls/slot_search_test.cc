// SPDX-License-Identifier: Apache-2.0
// A search that is told what a program would compare.

#include "campaign/syscalls/search/slot_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "campaign/syscalls/material/formats.h"
#include "campaign/syscalls/search/searches.h"

namespace formfuzz::campaign {
namespace {

using Comparisons = std::vector<Comparison>;

// Compares as a program would, and notes what differs.
class Noting {
 public:
  explicit Noting(std::string_view input) : input_(input) {}

  bool Is(uint32_t place, size_t at, std::string_view wanted) {
    const std::string seen = At(at, wanted.size());
    if (seen != wanted) {
      noted_.push_back({std::string(wanted), seen, true, true, place});
    }
    return seen == wanted;
  }
  bool AreSame(uint32_t place, const std::string& one,
               const std::string& other) {
    if (one != other) noted_.push_back({one, other, true, false, place});
    return one == other;
  }
  bool IsAtMost(uint32_t place, char most, int seen) {
    const auto byte = static_cast<char>(seen);
    noted_.push_back(
        {std::string(1, most), std::string(1, byte), true, true, place});
    return static_cast<unsigned char>(byte) <= static_cast<unsigned char>(most);
  }
  std::string At(size_t at, size_t size) const {
    std::string seen(at < input_.size() ? input_.substr(at, size) : "");
    seen.resize(size);
    return seen;
  }
  const Comparisons& noted() const { return noted_; }

 private:
  std::string_view input_;
  Comparisons noted_;
};

std::string SumOf(const std::string& bytes) {
  uint32_t sum = 0x811c9dc5;
  for (const char c : bytes) {
    sum = (sum ^ static_cast<unsigned char>(c)) * 0x01000193;
  }
  std::string text(sizeof(sum), '\0');
  memcpy(text.data(), &sum, sizeof(sum));
  return text;
}

// How many runs it takes until the program says that it is right; 0: for ever.
template <class Program>
int RunsUntil(SlotSearch& search, const Slot& slot, Program program) {
  constexpr int kRunsMax = 4000;
  for (int runs = 1; runs <= kRunsMax; ++runs) {
    auto trial = search.Next();
    if (!trial) return 0;
    Noting noting(BytesAt(slot, *trial));
    if (program(noting)) return runs;
    search.Took(noting.noted(), /*news=*/false);
  }
  return 0;
}

Trial WithInput(const std::string& bytes) {
  Trial trial;
  trial.standard_input = bytes;
  return trial;
}

constexpr const char* kText = "qwertyuiopasdfghjklzxcvbnm012345";

TEST(SlotSearchTest, AnswersOneConditionBehindAnother) {
  SlotSearch search(WithInput(kText), {});
  const int runs = RunsUntil(search, {}, [](Noting& input) {
    return input.Is(1, 0, "MARK") && input.Is(2, 6, "\x03\x09") &&
           input.Is(3, 9, std::string("\x11\x12\x13\x14"));
  });
  EXPECT_GT(runs, 0);
  EXPECT_LT(runs, 40);
}

TEST(SlotSearchTest, MendsASumThatAChangePutsOutOfOrder) {
  SlotSearch search(WithInput(kText), {});
  EXPECT_GT(RunsUntil(search, {},
                      [](Noting& input) {
                        return input.AreSame(1, input.At(0, 4),
                                             SumOf(input.At(4, 16))) &&
                               input.Is(2, 6, "\x03\x09") &&
                               input.Is(3, 9, "\x7f\x71");
                      }),
            0);
}

// "within 1 and 2" is compiled as "less 1 is at most 1".
TEST(SlotSearchTest, TriesTheCasesOfASwitch) {
  SlotSearch search(WithInput(kText), {});
  EXPECT_GT(RunsUntil(search, {},
                      [](Noting& input) {
                        const std::string seen = input.At(5, 1);
                        return input.IsAtMost(1, 1, seen[0] - 1) &&
                               input.Is(2, 5, "\x02");
                      }),
            0);
}

TEST(SlotSearchTest, EndsWhereNothingIsComparedWithTheInput) {
  SlotSearch search(WithInput(kText), {});
  int runs = 0;
  while (search.Next()) {
    ASSERT_LT(++runs, 1000);
    search.Took({}, /*news=*/false);
  }
  EXPECT_EQ(runs, 1);
}

TEST(SlotSearchTest, GivesWordsNoZeros) {
  const Slot slot{Slot::Kind::kArgument, 0};
  Trial trial;
  trial.arguments = {"qzvwxk"};
  SlotSearch search(trial, slot);
  int runs = 0;
  while (auto next = search.Next()) {
    ASSERT_LT(++runs, 1000);
    const std::string& word = next->arguments[0];
    EXPECT_EQ(word.find('\0'), word.npos);
    Noting noting(word);
    noting.Is(1, 0, std::string("\0\x01", 2));
    noting.Is(2, 2, "ab");
    search.Took(noting.noted(), /*news=*/false);
  }
  EXPECT_GT(runs, 1);
}

TEST(FormatsTest, FillsInWhatIsConverted) {
  using namespace std::string_literals;
  using Formats = std::vector<std::string>;
  EXPECT_EQ(FilledFormatsIn("x\0SET %255s %d\0%s: %s\0"s + "say %*[a-z]!\0"s +
                            "100%\0done\n"s),
            (Formats{"SET 48613 49992", "say 48613!"}));
}

TEST(FormatsTest, OfWhatReadsComeBeforeManyMessages) {
  using namespace std::string_literals;
  std::string program;
  for (int i = 0; i < 40; ++i) {
    program += "message " + std::to_string(i) + " of %d\0"s;
  }
  const auto formats = FilledFormatsIn(program + "width %.2f\0"s +
                                       "3 of %s\0"s + "SET %255s\0"s);
  ASSERT_EQ(formats.size(), 41u);
  EXPECT_EQ(formats[0], "SET 48613");
  EXPECT_EQ(formats[1], "message 0 of 48613");
}

TEST(FormatsTest, AreBounded) {
  using namespace std::string_literals;
  std::string program;
  for (int i = 0; i < 1000; ++i) {
    program += "message " + std::to_string(i) + " of %d\0"s;
  }
  DrivingWords words;
  words.formats = FilledFormatsIn(program);
  EXPECT_EQ(words.formats.size(), kFormatsMax);
  for (std::string& line : words.formats) line.resize(80, 'x');
  Searches searches;
  searches.Begin(words);
  size_t most = 0;
  while (const auto trial = searches.Next()) {
    const std::string& input = trial->standard_input;
    if (input.starts_with("message")) most = std::max(most, input.size());
    searches.Took({}, /*news=*/false);
  }
  EXPECT_GT(most, 3000u);
  EXPECT_LE(most, 4096u);
}

// Which of two constants is put in its place first.
bool ComesFirst(const std::string& constant) {
  const std::string seen = std::string(kText, constant.size());
  SlotSearch search(WithInput(kText), {});
  search.Next();
  search.Took({{"\x02\x03\x04\x05", "uiop", true, /*constant=*/false, 1},
               {constant, seen, true, /*constant=*/true, 2}},
              /*news=*/false);
  search.Next();  // both
  const auto trial = search.Next();
  return trial && trial->standard_input.starts_with(constant);
}

TEST(SlotSearchTest, AnswersConstantsThatTellFirst) {
  EXPECT_TRUE(ComesFirst("MARK"));
  EXPECT_TRUE(ComesFirst("\xbe\xba\xfe\xca"));
  EXPECT_TRUE(ComesFirst("\x12\x34"));
  EXPECT_FALSE(ComesFirst("\xff\xff\xff\xff"));  // -1
  EXPECT_FALSE(ComesFirst("\x80\xff\xff\xff"));
  EXPECT_FALSE(ComesFirst(std::string(8, '\xff')));
  EXPECT_FALSE(ComesFirst(std::string("\x7f\0\0\0", 4)));
}

TEST(SearchesTest, OfEachVariableAndEachFlag) {
  DrivingWords words;
  for (int i = 0; i < 10; ++i) {
    words.variables.push_back("NAME" + std::to_string(i));
    for (const bool joined : {false, true}) {
      Flag& flag = words.command.flags.emplace_back();
      flag.name = (joined ? "--flag" : "-f") + std::to_string(i);
      flag.value = ValueKind::kText;
      flag.joined = joined;
    }
  }
  Searches searches;
  searches.Begin(words);
  std::set<std::string> searched;
  while (const auto trial = searches.Next()) {
    for (const auto& [name, value] : trial->variables) {
      searched.insert(name + "=" + value);
    }
    std::string line;
    for (const std::string& word : trial->arguments) line += word + " ";
    searched.insert(line);
    searches.Took({}, /*news=*/false);
  }
  for (const std::string value : {kUnknownWord, kUnknownNumber}) {
    for (int i = 0; i < 10; ++i) {
      const std::string number = std::to_string(i);
      EXPECT_TRUE(searched.contains("NAME" + number + "=" + value)) << i;
      EXPECT_TRUE(searched.contains("--flag" + number + "=" + value + " "))
          << i;
      EXPECT_TRUE(searched.contains("-f" + number + " " + value + " ")) << i;
    }
  }
}

TEST(SearchesTest, HaveRoomForWhatShowedSomething) {
  DrivingWords words;
  for (int i = 0; i < 600; ++i) {
    words.variables.push_back("NAME" + std::to_string(i));
  }
  Searches searches;
  searches.Begin(words);
  // More than there may be, while one has its turn.
  ASSERT_TRUE(searches.Next());
  constexpr int kShown = 1200;
  for (int i = 0; i < kShown; ++i) {
    Trial trial = WithInput("shown");
    trial.arguments = {std::to_string(i)};
    searches.AddSlotsOf(trial);
  }
  searches.Took({}, /*news=*/false);
  bool last_is_searched = false;
  int runs = 0;
  while (const auto trial = searches.Next()) {
    ASSERT_LT(++runs, 10'000);
    last_is_searched |= trial->arguments.size() == 1 &&
                        trial->arguments[0] == std::to_string(kShown - 1);
    searches.Took({}, /*news=*/false);
  }
  EXPECT_TRUE(last_is_searched);
}

TEST(SearchesTest, LetOthersComeBeforeOneThatHangs) {
  Searches searches;
  searches.Begin({});
  const auto first = searches.Next();
  ASSERT_TRUE(first);
  const Comparisons wish = {
      {"MARK", first->standard_input.substr(0, 4), true, true, 1}};
  searches.Took(wish, /*news=*/true, /*hung=*/true);
  const auto comes_of_first = [&](const Trial& trial) {
    return trial.standard_input.starts_with("MARK");
  };
  // It goes on, but behind all others.
  bool last_is_of_first = false;
  for (int others = 0; auto trial = searches.Next(); ++others) {
    last_is_of_first = comes_of_first(*trial);
    if (last_is_of_first) {
      EXPECT_GT(others, 4);
      break;
    }
    searches.Took({}, /*news=*/false);
  }
  EXPECT_TRUE(last_is_of_first);
}

TEST(SearchesTest, DropWhatCannotBeRun) {
  Searches searches;
  searches.Begin({});
  std::set<std::string> tried;
  int runs = 0;
  while (const auto trial = searches.Next()) {
    ASSERT_LT(++runs, 1000);
    EXPECT_TRUE(tried.insert(ToJson(*trial)).second);
    searches.Failed();
  }
  EXPECT_GT(runs, 4);
  EXPECT_TRUE(searches.empty());
}

TEST(SearchesTest, EndOnceAllIsAnswered) {
  Searches searches;
  DrivingWords words;
  words.command.flags.emplace_back().name = "-v";
  searches.Begin(words);
  int runs = 0;
  while (searches.Next()) {
    ASSERT_LT(++runs, 10'000);
    searches.Took({}, /*news=*/false);
  }
  EXPECT_GT(runs, 8);
  EXPECT_TRUE(searches.empty());
}

}  // namespace
}  // namespace formfuzz::campaign
