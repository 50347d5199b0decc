// SPDX-License-Identifier: Apache-2.0
// Each planted defect is found, as what it is, by failing every call in turn;
// its correct twin is not blamed, and without faults nothing comes to light.
#include "framework/replay/exhaustive_faults.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>
#include <set>

#include "framework/form/scenario_text.h"
#include "tests/framework/fault/planted.h"

#if defined(__SANITIZE_ADDRESS__)
#define FORMFUZZ_TEST_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FORMFUZZ_TEST_HAS_ASAN 1
#endif
#endif

namespace formfuzz {
namespace {

#ifdef FORMFUZZ_TEST_HAS_ASAN
constexpr bool kSeesLeaks = true;
#else
constexpr bool kSeesLeaks = false;
#endif

constexpr uint64_t kTimeoutS = 10;

using Made = std::unique_ptr<Recipe>;

template <class H>
HarnessBuilder<H> Build(Recipe& recipe, std::string_view point) {
  recipe.name = "planted";
  return HarnessBuilder<H>(recipe).Faults({point});
}
auto Bytes8() { return Arbitrary<uint8_t>(); }

template <bool kDefect>
void Describe(Recipe& recipe, std::string_view name) {
  if (name == "DoubleFree") {
    using H = DoubleFree<kDefect>;
    Build<H>(recipe, "wire.write").Step("send", &H::Send, Bytes8());
  } else if (name == "LostBuffer") {
    using H = LostBuffer<kDefect>;
    Build<H>(recipe, "wire.write").Step("send", &H::Send, Bytes8());
  } else if (name == "PartialRollback") {
    using H = PartialRollback<kDefect>;
    Build<H>(recipe, "bank.credit")
        .Step("transfer", &H::Transfer, Bytes8())
        .State(&H::State);
  } else if (name == "BlindRetry") {
    using H = BlindRetry<kDefect>;
    Build<H>(recipe, "pay.charge")
        .Step("pay", &H::Pay, Bytes8())
        .Invariant("ChargedOnce", &H::ChargedOnce);
  } else if (name == "StaleCache") {
    using H = StaleCache<kDefect>;
    Build<H>(recipe, "store.write")
        .Step("put", &H::Put, Bytes8(), InRange<uint8_t>(1, 255))
        .Invariant("CacheAgreesWithStore", &H::CacheAgreesWithStore);
  } else if (name == "TornCommit") {
    using H = TornCommit<kDefect>;
    Build<H>(recipe, "journal.append")
        .Step("append", &H::Append, Bytes8())
        .Invariant("RecordsAreWhole", &H::RecordsAreWhole);
  } else if (name == "LeakedLock") {
    using H = LeakedLock<kDefect>;
    Build<H>(recipe, "disk.load")
        .Step("load", &H::Load)
        .Invariant("UnlockedBetweenSteps", &H::UnlockedBetweenSteps);
  } else if (name == "Inbox") {
    using H = Inbox<kDefect>;
    Build<H>(recipe, "net.receive")
        .Step("receive", &H::Receive)
        .Invariant("EachMessageCountsOnce", &H::EachMessageCountsOnce);
  } else if (name == "SlowLease") {
    using H = SlowLease<kDefect>;
    Build<H>(recipe, "disk.write")
        .Step("write", &H::Write)
        .Invariant("NeverWritesAfterItsLease", &H::NeverWritesAfterItsLease);
  }
  recipe.Finish();
}

struct Planted {
  const char* name;
  VerdictKind kind;
  const char* validator;  // "" where a sanitizer, or libc, names it
};
constexpr Planted kPlanted[] = {
    {"DoubleFree", VerdictKind::kCrashed, ""},
    {"LostBuffer", VerdictKind::kLeaked, "LeakSanitizer"},
    {"PartialRollback", VerdictKind::kViolated, "RefusedStepsChangeNothing"},
    {"BlindRetry", VerdictKind::kViolated, "ChargedOnce"},
    {"StaleCache", VerdictKind::kViolated, "CacheAgreesWithStore"},
    {"TornCommit", VerdictKind::kViolated, "RecordsAreWhole"},
    {"LeakedLock", VerdictKind::kViolated, "UnlockedBetweenSteps"},
    {"Inbox", VerdictKind::kViolated, "EachMessageCountsOnce"},
    {"SlowLease", VerdictKind::kViolated, "NeverWritesAfterItsLease"},
};

// Findings are counted, and their stories told, by the isolation itself.
class NullSink final : public FindingSink {
 public:
  bool Record(const Finding&) override { return true; }
};

class PlantedFaultTest : public testing::TestWithParam<Planted> {
 protected:
  static Made MakeRecipe(bool defect) {
    auto recipe = std::make_unique<Recipe>();
    if (defect) {
      Describe<true>(*recipe, GetParam().name);
    } else {
      Describe<false>(*recipe, GetParam().name);
    }
    return recipe;
  }
  // Random scenarios without faults, grown from nothing.
  static std::vector<std::string> Corpus(const Recipe& recipe, uint64_t seed) {
    Session session(recipe, {});
    Random random(seed);
    std::vector<std::string> corpus;
    std::array<uint8_t, 512> input{};
    size_t size = 0;
    while (corpus.size() < 4) {
      size = session.Mutate(input.data(), size, input.size(), random.Next(),
                            nullptr);
      Scenario scenario = session.scenario();
      scenario.faults.clear();
      session.LoadScenario(scenario);
      if (!scenario.steps.empty()) corpus.push_back(session.Encoded());
    }
    return corpus;
  }
  static ExhaustiveCounts PlayFaults(const Recipe& recipe, uint64_t seed) {
    Session session(recipe, {});
    Isolation isolation(recipe, kTimeoutS);
    NullSink sink;
    return ExhaustiveFaults(session, isolation, sink)
        .Play(Corpus(recipe, seed), {});
  }
};

TEST_P(PlantedFaultTest, IsFoundFromAnEmptyCorpus) {
  if (GetParam().kind == VerdictKind::kLeaked && !kSeesLeaks) return;
  const Made recipe = MakeRecipe(true);
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const ExhaustiveCounts counts = PlayFaults(*recipe, seed);
    EXPECT_GT(counts.findings, 0u) << seed;
    EXPECT_EQ(counts.unrepeated, 0u);
    EXPECT_EQ(counts.left_out, 0u);
  }
}

TEST_P(PlantedFaultTest, TheCorrectTwinIsNotBlamed) {
  const Made recipe = MakeRecipe(false);
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const ExhaustiveCounts counts = PlayFaults(*recipe, seed);
    EXPECT_EQ(counts.findings, 0u);
    EXPECT_GE(counts.executions, counts.calls);
    EXPECT_GT(counts.calls, 0u);
    EXPECT_EQ(counts.points, 1u);
  }
}

TEST_P(PlantedFaultTest, IsNotFoundWithoutFaults) {
  const Made recipe = MakeRecipe(true);
  Session session(*recipe, {});
  Random random(3);
  std::array<uint8_t, 512> input{};
  size_t size = 0;
  for (int run = 0; run < 3000; ++run) {
    size = session.Mutate(input.data(), run % 64 == 0 ? 0 : size, input.size(),
                          random.Next(), nullptr);
    Scenario scenario = session.scenario();
    scenario.faults.clear();
    session.LoadScenario(scenario);
    ASSERT_TRUE(session.PlayLoaded().passed()) << session.trace().steps.size();
  }
}

// The kind and the rule, on the smallest scenario that shows it.
TEST_P(PlantedFaultTest, IsFoundAsWhatItIs) {
  if (GetParam().kind == VerdictKind::kLeaked && !kSeesLeaks) return;
  const Made recipe = MakeRecipe(true);
  Session session(*recipe, {});
  Isolation isolation(*recipe, kTimeoutS);
  std::set<std::string> kinds;
  for (size_t kind = 0; kind < kFaultKinds; ++kind) {
    session.Load({});
    Arena arena;
    Scenario scenario = session.scenario();
    ByteSource in({}, arena);
    scenario.steps.push_back({0, 0, recipe->kinds[0]->Decode(in)});
    scenario.faults.push_back({0, static_cast<FaultKind>(kind), 0, 32768});
    session.LoadScenario(scenario);
    const IsolatedResult result =
        isolation.Play(AsBytes(session.Encoded()), true);
    if (!result.failed()) continue;
    kinds.insert(result.kind);
    EXPECT_NE(result.story.find(GetParam().validator), std::string::npos)
        << result.story;
  }
  EXPECT_EQ(kinds, std::set<std::string>{std::string(NameOf(GetParam().kind))});
}

INSTANTIATE_TEST_SUITE_P(All, PlantedFaultTest, testing::ValuesIn(kPlanted),
                         [](const auto& row) { return row.param.name; });

// What a plan of variations counts and leaves out.
class ExhaustiveFaultsTest : public testing::Test {
 protected:
  ExhaustiveFaultsTest() {
    Describe<false>(recipe_, "TornCommit");
    session_ = std::make_unique<Session>(recipe_, std::span<uint8_t>());
    isolation_ = std::make_unique<Isolation>(recipe_, kTimeoutS);
  }
  std::string Input(std::string_view lines) {
    const absl::Status status =
        session_->LoadText(Concat("scenario planted\n", lines));
    EXPECT_TRUE(status.ok()) << status;
    return session_->Encoded();
  }
  ExhaustiveCounts Play(const std::vector<std::string>& inputs,
                        const ExhaustiveLimits& limits) {
    return ExhaustiveFaults(*session_, *isolation_, sink_).Play(inputs, limits);
  }

  Recipe recipe_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Isolation> isolation_;
  NullSink sink_;
};

TEST_F(ExhaustiveFaultsTest, FailsEveryCallInEveryWayItCan) {
  const ExhaustiveCounts counts =
      Play({Input("append 1\nappend 2\nappend 3\n")}, {});
  EXPECT_EQ(counts.inputs, 1u);
  EXPECT_EQ(counts.points, 1u);
  EXPECT_EQ(counts.calls, 3u);
  EXPECT_EQ(counts.executions, 3u + 3 * 3) << "an error, and three lengths";
  EXPECT_EQ(counts.left_out, 0u);
}

TEST_F(ExhaustiveFaultsTest, InputsThatDifferInFaultsAloneAreOne) {
  const ExhaustiveCounts counts =
      Play({Input("fault journal.append error at 0\nappend 1\n"),
            Input("append 1\n")},
           {});
  EXPECT_EQ(counts.inputs, 1u);
  EXPECT_EQ(counts.calls, 1u);
}

TEST_F(ExhaustiveFaultsTest, TellsWhatTheBudgetLeavesOut) {
  const std::vector<std::string> inputs = {
      Input("append 1\nappend 2\nappend 3\n")};
  for (const uint64_t runs_max : {1, 2, 3, 5, 11, 12, 20}) {
    const ExhaustiveCounts counts = Play(inputs, {.runs_max = runs_max});
    EXPECT_EQ(counts.executions, std::min<uint64_t>(runs_max, 12));
    EXPECT_EQ(counts.executions + counts.left_out, 12u);
  }
}

TEST_F(ExhaustiveFaultsTest, HasNothingToDoWithoutInputs) {
  const ExhaustiveCounts counts = Play({}, {});
  EXPECT_EQ(counts.inputs + counts.executions + counts.findings, 0u);
}

// Dies of its faults without a word, in more than one way.
class Mute {
 public:
  void Write() {
    const FaultShown fault =
        FORMFUZZ_FAULT("mute.write", FaultKind::kDrop, FaultKind::kDuplicate);
    if (fault.Is(FaultKind::kError)) kill(getpid(), SIGKILL);
    if (fault.Is(FaultKind::kDrop)) syscall(SYS_exit_group, 0);
    FORMFUZZ_CHECK(!fault.Is(FaultKind::kDuplicate), "a check of the harness");
  }
};

class RememberingSink final : public FindingSink {
 public:
  bool Record(const Finding& finding) override {
    validators.insert(finding.verdict.validator);
    return true;
  }
  std::set<std::string> validators;
};

TEST(SilentDeathsTest, AreFindingsOfTheirOwnAndABrokenHarnessIsNone) {
  Recipe recipe;
  Build<Mute>(recipe, "mute.write").Step("write", &Mute::Write);
  recipe.Finish();
  Session session(recipe, {});
  Isolation isolation(recipe, kTimeoutS);
  RememberingSink sink;
  ASSERT_TRUE(session.LoadText("scenario planted\nwrite\nwrite\n").ok());
  testing::internal::CaptureStderr();
  const ExhaustiveCounts counts =
      ExhaustiveFaults(session, isolation, sink).Play({session.Encoded()}, {});
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(sink.validators, (std::set<std::string>{"SIGKILL", "exit code 0"}));
  EXPECT_EQ(counts.findings, 2u);
  EXPECT_EQ(counts.harness_broken, 1u);
  EXPECT_EQ(counts.unrepeated, 0u);
  EXPECT_NE(said.find("a check of the harness"), std::string::npos) << said;
}

}  // namespace
}  // namespace formfuzz
