// SPDX-License-Identifier: Apache-2.0
// The loop on programs that are functions.
#include "campaign/loop/run/fuzzer.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/campaign/loop/fake_loop.h"
#include "tests/campaign/loop/fake_program.h"
#include "tests/campaign/loop/row_name.h"

namespace formfuzz::campaign {
namespace {

TEST(FuzzerTest, FindsAPasswordByteByByteAndMakesItSmall) {
  FakeProgram program(64, PasswordChecker("Secret"));
  Loop loop(Config(3'000'000), program);
  EXPECT_EQ(loop.Run(), StopReason::kFinding);
  ASSERT_EQ(loop.found().size(), 1u);
  EXPECT_EQ(AsText(loop.found()[0].input), "Secret");
  EXPECT_TRUE(loop.found()[0].repeats);
  EXPECT_EQ(loop.found()[0].failure.what, "SIGABRT");
}

class EverySchedule : public testing::TestWithParam<std::string_view> {};

TEST_P(EverySchedule, FindsThePassword) {
  FakeProgram program(64, PasswordChecker("Key!"));
  LoopConfig config = Config(2'000'000);
  config.schedule = std::string(GetParam());
  Loop loop(config, program);
  EXPECT_EQ(loop.Run(), StopReason::kFinding);
}

INSTANTIATE_TEST_SUITE_P(All, EverySchedule,
                         testing::ValuesIn(SchedulerNames().begin(),
                                           SchedulerNames().end()),
                         [](const auto& row) { return RowName(row.param); });

TEST(FuzzerTest, DoesTheSameForTheSameSeed) {
  std::vector<std::string> kept[3];
  for (int i = 0; i < 3; ++i) {
    FakeProgram program(64, PasswordChecker("Secret"));
    LoopConfig config = Config(20'000);
    config.findings_max = 0;
    config.seed = i < 2 ? 5 : 6;
    Loop loop(config, program);
    EXPECT_EQ(loop.Run({"start"}), StopReason::kRunsDone);
    kept[i] = loop.kept();
  }
  EXPECT_EQ(kept[0], kept[1]);
  EXPECT_NE(kept[0], kept[2]) << "another seed, other inputs";
  EXPECT_GT(kept[0].size(), 1u);
}

TEST(FuzzerTest, BatchesFindWhatSingleRunsDo) {
  FakeProgram program(64, PasswordChecker("Batch"), 16);
  Loop loop(Config(3'000'000), program);
  EXPECT_EQ(loop.Run(), StopReason::kFinding);
  ASSERT_EQ(loop.found().size(), 1u);
  EXPECT_EQ(AsText(loop.found()[0].input), "Batch");
}

TEST(FuzzerTest, StopsAfterExactlySoManyRuns) {
  for (const size_t batch : {1, 7}) {
    FakeProgram program(64, PasswordChecker("unreachable password"), batch);
    Loop loop(Config(12'345), program);
    EXPECT_EQ(loop.Run(), StopReason::kRunsDone);
    EXPECT_GE(program.runs(), 12'345u);
    EXPECT_LE(program.runs(), 12'345u + 300);  // calibration, trimming
  }
}

TEST(FuzzerTest, TellsOneDefectOnce) {
  LoopConfig config = Config(200'000);
  config.findings_max = 0;
  FakeProgram program(300, [](const ProgramInput& input,
                              std::span<uint8_t> cells, Execution& execution) {
    cells[0] = 1;
    if (input.bytes.empty()) return;
    cells[1 + input.bytes[0]] = 1;  // many ways to the same two defects
    if (input.bytes.size() > 3 && input.bytes[1] == 'x') Crash(execution, 11);
    if (input.bytes.size() > 3 && input.bytes[1] == 'y') Crash(execution, 8);
  });
  Loop loop(config, program);
  loop.Run({"axis"});
  EXPECT_GT(loop.fuzzer().statistics().crashes, 100u);
  EXPECT_LE(loop.found().size(), 2 * CrashSorter::kLikeMax);
  EXPECT_GE(loop.found().size(), 2u);
}

TEST(FuzzerTest, ReportsAHangAndLetsACrashOutrankIt) {
  FakeProgram program(8, [](const ProgramInput& input, std::span<uint8_t> cells,
                            Execution& execution) {
    cells[0] = 1;
    if (input.bytes.size() < 2) return;
    execution.kind = ExitKind::kTimedOut;
    execution.crashed = input.bytes[0] == 'c';
  });
  LoopConfig config = Config(50'000);
  config.findings_max = 2;
  Loop loop(config, program);
  EXPECT_EQ(loop.Run({"c and more", "hang"}), StopReason::kFinding);
  ASSERT_EQ(loop.found().size(), 2u);
  EXPECT_FALSE(loop.found()[0].failure.hung);
  EXPECT_TRUE(loop.found()[1].failure.hung);
}

// A machine that was busy once must not hide the hangs to come.
TEST(FuzzerTest, ReportsAHangAfterOneThatWasOnlySlow) {
  bool slow = true;
  FakeProgram program(8, [&](const ProgramInput& input,
                             std::span<uint8_t> cells, Execution& execution) {
    cells[0] = 1;
    const bool hangs = AsText(input.bytes).starts_with("hang");
    if (hangs || (input.bytes.size() == 4 && slow)) {
      execution.kind = ExitKind::kTimedOut;
      slow = hangs && slow;
    }
  });
  Loop loop(Config(10'000), program);
  EXPECT_EQ(loop.Run({"slow", "hang and more"}), StopReason::kFinding);
  ASSERT_EQ(loop.found().size(), 1u);
  EXPECT_EQ(AsText(loop.found()[0].input), "hang");
}

// The first input is written down before it is made smaller, which ends when
// the run does.
TEST(FuzzerTest, KeepsACrashThatIsFoundAsTheRunEnds) {
  FakeProgram program(8, [](const ProgramInput& input, std::span<uint8_t> cells,
                            Execution& execution) {
    cells[0] = 1;
    if (input.bytes.size() > 20) Crash(execution, 11);
  });
  Loop loop(Config(2), program);
  EXPECT_EQ(loop.Run({std::string(1000, 'x')}), StopReason::kFinding);
  ASSERT_EQ(loop.found().size(), 1u);
  EXPECT_EQ(loop.found()[0].input.size(), 1000u);
  EXPECT_EQ(program.runs(), 2u);
}

TEST(FuzzerTest, DoesNotDrownInFeaturesThatComeAndGo) {
  Random noise(1);
  FakeProgram program(
      4096, [&](const ProgramInput&, std::span<uint8_t> cells, Execution&) {
        cells[0] = 1;
        cells[1 + noise.Below(4000)] = 1;
      });
  Loop loop(Config(100'000), program);
  loop.Run();
  EXPECT_LT(loop.corpus().size(), 50u);
  EXPECT_GT(loop.fuzzer().statistics().unstable, 1000u);
}

TEST(FuzzerTest, GoesOnAfterABadMomentOfTheEnvironment) {
  FakeProgram program(64, PasswordChecker("ab"));
  Loop loop(Config(1'000'000), program);
  program.FailNext(2);
  EXPECT_EQ(loop.Run(), StopReason::kFinding);
}

TEST(FuzzerTest, SaysSoWhenTheEnvironmentStaysBad) {
  FakeProgram program(64, PasswordChecker("ab"));
  Loop loop(Config(1000), program);
  program.FailNext(100);
  EXPECT_EQ(loop.fuzzer().AddInput(AsBytes("x")).code(),
            absl::StatusCode::kUnavailable);
}

TEST(FuzzerTest, TrimsWhatItKeeps) {
  FakeProgram program(
      8, [](const ProgramInput& input, std::span<uint8_t> cells, Execution&) {
        cells[0] = 1;
        if (AsText(input.bytes).find("mark") != std::string_view::npos) {
          cells[1] = 1;
        }
      });
  Loop loop(Config(5000), program);
  loop.Run({std::string(300, '.') + "mark" + std::string(300, '.')});
  ASSERT_FALSE(loop.kept().empty());
  EXPECT_LT(loop.kept()[0].size(), 100u);
}

TEST(FuzzerTest, TellsACrashThatTrimmingMeets) {
  FakeProgram program(8, [](const ProgramInput& input, std::span<uint8_t> cells,
                            Execution& execution) {
    cells[0] = 1;
    if (input.bytes.size() < 300) Crash(execution, 11);
  });
  Loop loop(Config(5000), program);
  ASSERT_TRUE(loop.fuzzer().AddInput(Bytes(std::vector<uint8_t>(300))).ok());
  ASSERT_EQ(loop.found().size(), 1u);
  EXPECT_EQ(loop.kept().size(), 1u);
}

// What is done with an entry later compares the paths of its changes with its
// own, which shortening may have changed.
TEST(FuzzerTest, ATrimmedInputIsKnownByItsOwnPath) {
  const auto path_of = [](size_t size) {
    FakeProgram program(
        8, [](const ProgramInput& input, std::span<uint8_t> cells, Execution&) {
          cells[0] = 1;
          if (input.bytes.size() < 300) cells[1] = 1;
        });
    LoopConfig config = Config(5000);
    Loop loop(config, program);
    EXPECT_TRUE(loop.fuzzer().AddInput(std::vector<uint8_t>(size)).ok());
    return loop.corpus().at(0).path;
  };
  EXPECT_EQ(path_of(300), path_of(20));
}

TEST(FuzzerTest, SpendsLittleOnTrimming) {
  // Nothing can be left out: its size is what an input shows.
  FakeProgram program(1024,
                      [](const ProgramInput& input, std::span<uint8_t> cells,
                         Execution&) { cells[input.bytes.size()] = 1; });
  Loop loop(Config(5000), program);
  constexpr size_t kRuns = 3;  // one, and two to see what is stable
  for (const auto& [size, trials] : {std::pair{60, 0}, std::pair{600, 32}}) {
    const uint64_t before = program.runs();
    const std::string input(static_cast<size_t>(size), 'x');
    ASSERT_TRUE(loop.fuzzer().AddInput(AsBytes(input)).ok());
    EXPECT_LE(program.runs() - before, kRuns + static_cast<size_t>(trials));
  }
}

TEST(FuzzerTest, EvictsButNeverTheOnlyWitness) {
  // Every input that is kept shows all that those before it do, and more.
  FakeProgram program(64, PasswordChecker("Ten bytes!"));
  LoopConfig config = Config(500'000);
  Loop loop(config, program, {}, {.entries_max = 5});
  loop.Run();
  EXPECT_LE(loop.corpus().size(), 7u);  // five, and who was spared
  EXPECT_GT(loop.kept().size(), 5u);
  const FeedbackSet& feedback = loop.fuzzer().feedback();
  for (uint32_t number = 0; number < 8 * 64; ++number) {
    if (!feedback.HasLearnt(number)) continue;
    EXPECT_GE(loop.corpus().witnesses().CountOf(number), 1u) << number;
  }
}

TEST(FuzzerTest, RefusesFeedbackThatTheProgramDoesNotGive) {
  FakeProgram blind(0,
                    [](const ProgramInput&, std::span<uint8_t>, Execution&) {});
  LoopConfig config = Config(10);
  config.feedback = "edges";
  Corpus corpus({});
  const auto form = MakePlainForm();
  Dictionary words;
  const Events events;
  Mutators mutators;
  AddByteMutators(&mutators);
  const auto made = Fuzzer::Make(config, {.executor = blind,
                                          .form = *form,
                                          .corpus = corpus,
                                          .words = words,
                                          .mutators = std::move(mutators),
                                          .write_finding = {},
                                          .peers = {},
                                          .events = events});
  EXPECT_EQ(made.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(FuzzerTest, DoesNotShortenAgainWhatAnEarlierRunKept) {
  FakeProgram program(8, [](const ProgramInput&, std::span<uint8_t> cells,
                            Execution&) { cells[0] = 1; });
  Loop loop(Config(100), program);
  EXPECT_TRUE(loop.fuzzer().AddKept(AsBytes("kept as it is")).ok());
  EXPECT_EQ(loop.kept(), std::vector<std::string>{"kept as it is/0"});
  EXPECT_LE(program.runs(), 5u);
}

class MemoryPeers final : public Peers {
 public:
  explicit MemoryPeers(std::vector<std::string>& shared) : shared_(shared) {}
  absl::Status Publish(Bytes input) override {
    shared_.emplace_back(AsText(input));
    return absl::OkStatus();
  }
  absl::Status Collect(Visit visit) override {
    while (seen_ < shared_.size()) {
      const std::string input = shared_[seen_++];
      const absl::Status status = visit(AsBytes(input));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  std::vector<std::string>& shared_;
  size_t seen_ = 0;
};

TEST(FuzzerTest, TakesInWhatOthersFound) {
  std::vector<std::string> shared = {"Long password that nobody gues"};
  MemoryPeers peers(shared);
  FakeProgram program(64, PasswordChecker("Long password that nobody guessed"));
  LoopConfig config;
  config.time_ms = 60'000;
  Loop loop(config, program, {&peers});
  EXPECT_EQ(loop.Run(), StopReason::kFinding);
  EXPECT_GE(loop.fuzzer().statistics().imported, 1u);
}

TEST(FuzzerTest, EndsWhenTheWalkHasAndNothingIsRandom) {
  FakeProgram program(8, PasswordChecker("abc!"));
  LoopConfig config;
  config.havoc = false;
  Loop loop(config, program);
  EXPECT_EQ(loop.Run({"xx"}), StopReason::kIdle);
  EXPECT_GT(program.runs(), 100u);
}

}  // namespace
}  // namespace formfuzz::campaign
