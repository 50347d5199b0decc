// SPDX-License-Identifier: Apache-2.0
// The loop with programs that tell what they compare.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "campaign/loop/run/fuzzer.h"
#include "tests/campaign/loop/fake_loop.h"
#include "tests/campaign/loop/fake_program.h"

namespace formfuzz::campaign {
namespace {

// A record is two bytes that sum up the seven behind them.
constexpr size_t kRecord = 9;

uint16_t SumOf(std::string_view record) {
  uint16_t sum = 0x1234;
  for (const char c : record.substr(2, kRecord - 2)) {
    sum = static_cast<uint16_t>(sum * 31 + static_cast<uint8_t>(c));
  }
  return sum;
}

std::string SumBytes(std::string_view record) {
  const uint16_t sum = SumOf(record);
  return {static_cast<char>(sum & 0xff), static_cast<char>(sum >> 8)};
}

constexpr std::string_view kWanted = "BUG";

// A branch a letter, behind the sum.
void ReadRecord(const ProgramInput& input, std::span<uint8_t> cells,
                Execution& execution) {
  cells[0] = 1;
  const std::string_view text = AsText(input.bytes);
  if (text.size() < kRecord || text.substr(0, 2) != SumBytes(text)) return;
  for (size_t i = 0; i < kWanted.size(); ++i) {
    cells[i + 1] = 1;
    if (text[i + 2] != kWanted[i]) return;
  }
  Crash(execution, 6);
}

std::vector<Comparison> ComparedBy(Bytes bytes) {
  const std::string_view text = AsText(bytes);
  if (text.size() < kRecord) return {};
  const std::string sum = SumBytes(text);
  if (text.substr(0, 2) != sum) {
    return {{std::string(text.substr(0, 2)), sum, true, false}};
  }
  for (size_t i = 0; i < kWanted.size(); ++i) {
    if (text[i + 2] == kWanted[i]) continue;
    return {{std::string(kWanted.substr(i, 1)),
             std::string(text.substr(i + 2, 1)), true, true}};
  }
  return {};
}

TEST(ComparingFuzzerTest, MendsChecksumsThatTheProgramCompares) {
  FakeProgram program(8, ReadRecord);
  program.TellComparisons(ComparedBy);
  Loop loop(Config(10'000), program);
  EXPECT_EQ(loop.Run({"ab1234567"}), StopReason::kFinding);
}

// A branch for each large byte behind the sum, of which nothing tells: only
// random changes get there.
void ReadLargeBytes(const ProgramInput& input, std::span<uint8_t> cells,
                    Execution& execution) {
  cells[0] = 1;
  const std::string_view text = AsText(input.bytes);
  if (text.size() < kRecord || text.substr(0, 2) != SumBytes(text)) return;
  for (size_t i = 0; i < 3; ++i) {
    cells[i + 1] = 1;
    if (static_cast<uint8_t>(text[i + 2]) < 0xe0) return;
  }
  Crash(execution, 6);
}

// (stored ^ ~sum) != 0xffff, or stored != sum.
std::vector<Comparison> SumComparedBy(Bytes bytes, bool inverts) {
  const std::string_view text = AsText(bytes);
  if (text.size() < kRecord) return {};
  const std::string stored(text.substr(0, 2));
  std::string sum = SumBytes(text);
  if (stored == sum) return {};
  if (!inverts) return {{stored, sum, true, false, 1}};
  for (size_t i = 0; i < 2; ++i) {
    sum[i] = static_cast<char>(~(sum[i] ^ stored[i]));
  }
  return {{"\xff\xff", sum, true, true, 1}};
}

TEST(ComparingFuzzerTest, MendsRandomChangesWhereThatHasPaid) {
  for (const bool inverts : {false, true}) {
    FakeProgram program(8, ReadLargeBytes);
    program.TellComparisons(
        [inverts](Bytes bytes) { return SumComparedBy(bytes, inverts); });
    Loop loop(Config(50'000), program);
    EXPECT_EQ(loop.Run({"ab1234567"}), StopReason::kFinding) << inverts;
  }
}

TEST(ComparingFuzzerTest, MeetsSeveralConditionsThatShowNothingAlone) {
  constexpr std::string_view kKey = "KEY";
  FakeProgram program(8, [&](const ProgramInput& input,
                             std::span<uint8_t> cells, Execution& execution) {
    cells[0] = 1;
    if (AsText(input.bytes).starts_with(kKey)) Crash(execution, 6);
  });
  program.TellComparisons([&](Bytes bytes) {
    std::vector<Comparison> seen;
    for (size_t i = 0; i < std::min(bytes.size(), kKey.size()); ++i) {
      seen.push_back({std::string(kKey.substr(i, 1)),
                      std::string(AsText(bytes).substr(i, 1)), true, true});
    }
    return seen;
  });
  Loop loop(Config(2'000), program);
  EXPECT_EQ(loop.Run({"abcdefgh"}), StopReason::kFinding);
}

// Records of a kind, a length and as many bytes; the second kind has to hold
// enough of them, for which the input is too short.
struct Records {
  size_t cells = 0;
  bool wanted = false;
  std::vector<Comparison> compared = {};
};

std::string NumberBytes(size_t number, size_t width) {
  std::string bytes(width, '\0');
  bytes[0] = static_cast<char>(number);
  return bytes;
}

Records ReadRecords(Bytes bytes) {
  Records records{.cells = 1, .compared = {}};
  for (size_t at = 0; at + 2 <= bytes.size();) {
    const uint8_t kind = bytes[at];
    const size_t end = at + 2 + bytes[at + 1];
    if (end > bytes.size()) {
      records.compared.push_back(
          {NumberBytes(end, 4), NumberBytes(bytes.size(), 4), true, false, 1});
      return {.cells = 1, .compared = records.compared};
    }
    records.cells = std::max<size_t>(records.cells, kind == 7 ? 3 : 2);
    records.compared.push_back(
        {NumberBytes(7, 1), NumberBytes(kind, 1), true, true, 2});
    if (kind == 7) {
      records.compared.push_back(
          {NumberBytes(20, 4), NumberBytes(bytes[at + 1], 4), true, true, 3});
      records.wanted = records.wanted || bytes[at + 1] >= 20;
    }
    at = end;
  }
  return records;
}

TEST(ComparingFuzzerTest, LengthensWhatALengthMakesTooShort) {
  FakeProgram program(8, [](const ProgramInput& input, std::span<uint8_t> cells,
                            Execution& execution) {
    const Records records = ReadRecords(input.bytes);
    for (size_t i = 0; i < records.cells; ++i) cells[i] = 1;
    if (records.wanted) Crash(execution, 6);
  });
  program.TellComparisons(
      [](Bytes bytes) { return ReadRecords(bytes).compared; });
  Loop loop(Config(3'000), program);
  EXPECT_EQ(loop.Run({std::string(48, '\0')}), StopReason::kFinding);
}

// Three words in a row, each looked at if those before it are right; nothing
// tells which are.
TEST(ComparingFuzzerTest, FollowsComparisonsWhereNoEdgesTell) {
  constexpr std::array<std::string_view, 3> kWords = {"first", "then", "last"};
  const auto right = [kWords](Bytes bytes) {
    std::string_view text = AsText(bytes);
    size_t count = 0;
    for (const std::string_view word : kWords) {
      if (!text.starts_with(word)) break;
      text.remove_prefix(word.size());
      ++count;
    }
    return std::pair(count, text);
  };
  FakeProgram program(0, [&](const ProgramInput& input, std::span<uint8_t>,
                             Execution& execution) {
    if (right(input.bytes).first == kWords.size()) Crash(execution, 6);
  });
  program.TellComparisons([&](Bytes bytes) -> std::vector<Comparison> {
    const auto [count, rest] = right(bytes);
    if (count == kWords.size()) return {};
    const std::string_view word = kWords[count];
    return {{std::string(rest.substr(0, word.size())), std::string(word), false,
             false, static_cast<uint32_t>(count + 1)}};
  });
  Loop loop(Config(2'000), program);
  EXPECT_EQ(loop.Run({"abcdefghijklmnop"}), StopReason::kFinding);
}

// Entries wait until there is time for them, and are not passed over; but not
// where nothing else would be run.
TEST(ComparingFuzzerTest, WaitsForTimeToTrace) {
  constexpr uint64_t kRunsBefore = 500;
  for (const bool havoc : {true, false}) {
    FakeProgram program(0, [](const ProgramInput& input, std::span<uint8_t>,
                              Execution& execution) {
      if (AsText(input.bytes).starts_with("keyword")) Crash(execution, 6);
    });
    uint64_t first = 0;
    program.TellComparisons([&](Bytes bytes) -> std::vector<Comparison> {
      if (first == 0) first = program.runs();
      return {{std::string(AsText(bytes).substr(0, 7)), "keyword", false, false,
               1}};
    });
    program.TraceAfter(kRunsBefore);
    LoopConfig config = Config(2'000);
    config.havoc = havoc;
    Loop loop(config, program);
    EXPECT_EQ(loop.Run({"abcdefghijklmnop"}), StopReason::kFinding);
    EXPECT_EQ(first >= kRunsBefore, havoc) << first;
  }
}

// Two letters of the second word are compared apart, and show nothing alone.
TEST(ComparingFuzzerTest, FollowsSeveralComparisonsAtOnce) {
  FakeProgram program(0, [](const ProgramInput& input, std::span<uint8_t>,
                            Execution& execution) {
    if (AsText(input.bytes).starts_with("firstOK")) Crash(execution, 6);
  });
  program.TellComparisons([](Bytes bytes) -> std::vector<Comparison> {
    const std::string text(AsText(bytes));
    if (!text.starts_with("first") || text.size() < 7) {
      return {{text.substr(0, 5), "first", false, false, 1}};
    }
    return {{"O", text.substr(5, 1), true, true, 2},
            {"K", text.substr(6, 1), true, true, 3}};
  });
  Loop loop(Config(2'000), program);
  EXPECT_EQ(loop.Run({"abcdefghijklmnop"}), StopReason::kFinding);
}

}  // namespace
}  // namespace formfuzz::campaign
