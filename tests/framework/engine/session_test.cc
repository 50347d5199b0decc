// SPDX-License-Identifier: Apache-2.0
// What an engine asks of a session: bytes or text in, bytes out, within the
// engine's bounds, and never a scenario that its bytes do not decode to.
#include "framework/engine/session.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <vector>

#include "tests/framework/scenarios.h"

namespace formfuzz {
namespace {

class SessionTest : public BankScenarios {
 protected:
  // What a session that never saw them makes of these bytes.
  uint64_t PlayedAnew(Bytes input) {
    Session other(recipe_, {});
    other.Execute(input);
    return DigestOf(other.trace());
  }

  Session session_{recipe_, {}};
};

TEST_F(SessionTest, WhatTheMutatorKeptIsWhatItsBytesDecodeTo) {
  Random random(31);
  std::vector<uint8_t> input(4096);
  size_t size = 0;
  for (int round = 0; round < 5000 && !HasFailure(); ++round) {
    if (round % 100 == 0) size = 0;
    size = session_.Mutate(input.data(), size, input.size(), random.Next(),
                           nullptr);
    const Bytes bytes(input.data(), size);
    session_.Execute(bytes);
    EXPECT_EQ(session_.Encoded(), AsText(bytes));
    if (round % 10 != 0) continue;
    Session other(recipe_, {});
    other.Execute(bytes);
    EXPECT_EQ(PrintScenario(recipe_, other.scenario()),
              PrintScenario(recipe_, session_.scenario()));
    EXPECT_EQ(DigestOf(other.trace()), DigestOf(session_.trace()));
  }
}

TEST_F(SessionTest, MutationKeepsAnyBoundOfSize) {
  Random random(32);
  for (size_t size_max = 1; size_max < 80; ++size_max) {
    std::vector<uint8_t> room(size_max + 16, 0xcd);
    size_t size = 0;
    for (int round = 0; round < 100; ++round) {
      size =
          session_.Mutate(room.data(), size, size_max, random.Next(), nullptr);
      ASSERT_LE(size, size_max);
      ASSERT_EQ(std::count(room.begin() + static_cast<ptrdiff_t>(size_max),
                           room.end(), 0xcd),
                16)
          << "wrote behind its bound of " << size_max;
      const Bytes bytes(room.data(), size);
      session_.Execute(bytes);
      ASSERT_EQ(DigestOf(session_.trace()), PlayedAnew(bytes)) << size_max;
    }
  }
}

TEST_F(SessionTest, ASmallBoundDropsStepsAndNothingElse) {
  const std::string whole =
      Encode(Parse("fault bank.ledger error at 9\nwait 3\n"
                   "open credit 1\nopen credit 2\nopen credit 3\n"));
  std::vector<uint8_t> room(whole.begin(), whole.end());
  for (uint64_t seed = 0; seed < 50; ++seed) {
    std::copy(whole.begin(), whole.end(), room.begin());
    const size_t size =
        session_.Mutate(room.data(), whole.size(), whole.size(), seed, nullptr);
    const Scenario mutated = Decode(AsText(Bytes(room.data(), size)));
    EXPECT_EQ(Encode(mutated), AsText(Bytes(room.data(), size)));
  }
}

TEST_F(SessionTest, TheSameSeedMakesTheSameMutation) {
  const std::string start = Encode(Parse("open credit 1\nclose account1\n"));
  const auto mutated = [&](uint64_t seed) {
    Session own(recipe_, {});
    std::vector<uint8_t> room(512);
    std::copy(start.begin(), start.end(), room.begin());
    const size_t size =
        own.Mutate(room.data(), start.size(), room.size(), seed, nullptr);
    return std::string(AsText(Bytes(room.data(), size)));
  };
  int changed = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    EXPECT_EQ(mutated(seed), mutated(seed));
    changed += mutated(seed) != start;
  }
  EXPECT_GT(changed, 50);
}

size_t WritesAnX(uint8_t* bytes, size_t size, size_t size_max) {
  if (size_max > 0) bytes[0] = 'X';
  return std::max<size_t>(size, size_max > 0 ? 1 : 0);
}

TEST_F(SessionTest, TheEngineNowAndThenMutatesTheWholeInput) {
  const std::string start = Encode(Parse("open credit 1\n"));
  int whole = 0;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    std::vector<uint8_t> room(256);
    std::copy(start.begin(), start.end(), room.begin());
    session_.Mutate(room.data(), start.size(), room.size(), seed, WritesAnX);
    whole += room[0] == 'X';
  }
  EXPECT_GT(whole, 20);
  EXPECT_LT(whole, 200);
}

TEST_F(SessionTest, ChangesOfACorpusGoBackOnTheWay) {
  std::string lines;
  for (int i = 0; i < 12; ++i) lines += "open credit 1\n";
  const std::string whole = Encode(Parse(lines));
  // Of 200 changes, those after which less than half of the steps is left.
  const auto halved = [&] {
    int count = 0;
    for (uint64_t seed = 0; seed < 200; ++seed) {
      std::vector<uint8_t> room(whole.begin(), whole.end());
      room.resize(512);
      const size_t size = session_.Mutate(room.data(), whole.size(),
                                          room.size(), seed, nullptr);
      session_.Execute({room.data(), size});
      count += session_.scenario().steps.size() < 6;
    }
    return count;
  };
  EXPECT_LT(halved(), 20);  // nothing would keep the long ones
  session_.ExpectCorpus();
  EXPECT_GT(halved(), 30);
}

TEST_F(SessionTest, CrossOverKeepsItsBoundAndDecodesToItself) {
  Random random(33);
  std::vector<uint8_t> parents[2];
  for (int round = 0; round < 2000 && !HasFailure(); ++round) {
    for (std::vector<uint8_t>& parent : parents) {
      size_t size = round % 40 == 0 ? 0 : parent.size();
      parent.resize(512);
      size = session_.Mutate(parent.data(), size, parent.size(), random.Next(),
                             nullptr);
      parent.resize(size);
    }
    const size_t size_max = 1 + random.Below(200);
    std::vector<uint8_t> out(size_max + 16, 0xcd);
    const size_t size = session_.CrossOver(
        parents[0], parents[1], std::span(out).first(size_max), random.Next());
    ASSERT_LE(size, size_max);
    EXPECT_EQ(std::count(out.end() - 16, out.end(), 0xcd), 16);
    const Bytes child(out.data(), size);
    session_.Execute(child);
    EXPECT_EQ(DigestOf(session_.trace()), PlayedAnew(child));
  }
}

TEST_F(SessionTest, TextIsAnInputToo) {
  const std::string text =
      "scenario bank\nopen credit 9\ntake from account1 amount 10\n";
  EXPECT_TRUE(session_.Execute(AsBytes(text)).passed());
  ASSERT_EQ(session_.trace().steps.size(), 2u);
  EXPECT_EQ(session_.trace().steps[1].outcome.label(), "poor");
  const uint64_t of_text = DigestOf(session_.trace());
  session_.Execute(AsBytes(session_.Encoded()));
  EXPECT_EQ(DigestOf(session_.trace()), of_text);
}

TEST_F(SessionTest, TextThatDoesNotParseIsBytes) {
  const std::string text = "scenario bank\nopne credit 9\n";
  testing::internal::CaptureStderr();
  session_.Execute(AsBytes(text));
  session_.Execute(AsBytes(std::string(text).append("#")));
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, testing::HasSubstr("(2:1: expected"));
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  session_.Execute(AsBytes(text));
  EXPECT_EQ(DigestOf(session_.trace()), PlayedAnew(AsBytes(text)));
  EXPECT_EQ(std::string(session_.LoadText(text).message()).substr(0, 4),
            "2:1:");
}

TEST_F(SessionTest, MutatesText) {
  const std::string text = "scenario bank\nopen credit 9\n";
  for (uint64_t seed = 0; seed < 100; ++seed) {
    std::vector<uint8_t> room(256);
    std::copy(text.begin(), text.end(), room.begin());
    const size_t size =
        session_.Mutate(room.data(), text.size(), room.size(), seed, nullptr);
    ASSERT_GE(size, kScenarioHeaderBytes);
    EXPECT_EQ(room[0], kScenarioFormatVersion);
  }
}

TEST_F(SessionTest, APinnedStrategyIsThatOfEveryInput) {
  session_.PinStrategy(1);
  for (const char* lines : {"open credit 1\n", "note \"a\"\n", ""}) {
    const std::string bytes = Encode(Parse(lines));
    session_.Execute(AsBytes(bytes));
    EXPECT_EQ(session_.scenario().strategy, 1);
  }
  std::vector<uint8_t> room(256);
  size_t size = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    size = session_.Mutate(room.data(), size, room.size(), seed, nullptr);
    EXPECT_EQ(session_.scenario().strategy, 1);
  }
}

TEST_F(SessionTest, ALongLineageDoesNotHoardMemory) {
  Random random(34);
  std::vector<uint8_t> room(4096);
  size_t size = 0;
  size_t most = 0;
  for (int round = 0; round < 30'000; ++round) {
    size =
        session_.Mutate(room.data(), size, room.size(), random.Next(), nullptr);
    session_.Execute({room.data(), size});
    most = std::max(most, session_.arena().used());
  }
  EXPECT_LT(most, size_t{1} << 20);
}

TEST_F(SessionTest, AFindingHoldsWhatIsNeededToRepeatIt) {
  const auto planted = BankRecipe<Plant::kOverdraft>();
  Session session(*planted, {});
  const std::string text =
      "scenario bank\nopen credit 9\ntake from account1 amount 77\nopen\n";
  const Verdict verdict = session.Execute(AsBytes(text));
  const Finding finding = session.MakeFinding(verdict);
  EXPECT_EQ(finding.target, "bank");
  EXPECT_EQ(finding.verdict.validator, "NeverNegative");
  EXPECT_EQ(finding.step_name, "take");
  EXPECT_EQ(finding.outcome, "ok");
  EXPECT_EQ(finding.schema_digest, planted->SchemaDigest());
  EXPECT_EQ(finding.scenario, PrintScenario(*planted, session.scenario()));
  EXPECT_NE(finding.trace.find("<- NeverNegative"), std::string::npos);
  for (const std::string& again : {finding.input, finding.scenario}) {
    Session other(*planted, {});
    const Verdict repeated = other.Execute(AsBytes(again));
    EXPECT_EQ(SignatureOf(other.MakeFinding(repeated)), SignatureOf(finding));
  }
}

TEST_F(SessionTest, CountsStatesAndMarksThemForTheEngine) {
  std::vector<uint8_t> counters(64);
  Session session(recipe_, counters);
  session.Execute(AsBytes("scenario bank\nopen\n"));
  const uint64_t states = session.states();
  EXPECT_GT(states, 0u);
  EXPECT_LT(std::count(counters.begin(), counters.end(), 0), 64);
  session.Execute(AsBytes("scenario bank\nopen\nclose account1\n"));
  EXPECT_GT(session.states(), states);
}

// Pairs say nothing new of a third step; paths do.
TEST_F(SessionTest, TracksPathsWhereAskedTo) {
  for (const uint8_t path_steps : {uint8_t{0}, uint8_t{3}}) {
    const auto recipe = BankRecipe();
    recipe->path_steps = path_steps;
    Session session(*recipe, {});
    session.Execute(AsBytes("scenario bank\nopen\nopen\nclose account1\n"));
    const uint64_t states = session.states();
    session.Execute(AsBytes("scenario bank\nopen\nopen\nopen\n"));
    EXPECT_EQ(session.states() > states, path_steps > 0);
  }
}

}  // namespace
}  // namespace formfuzz
