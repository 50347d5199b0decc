// SPDX-License-Identifier: Apache-2.0
// Making inputs small, and the scripts and findings that repeat failures.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "campaign/loop/form/input_form.h"
#include "campaign/loop/mutate/words/dictionary.h"
#include "campaign/loop/triage/failure.h"
#include "campaign/loop/triage/minimise.h"
#include "campaign/loop/triage/program_finding.h"
#include "campaign/loop/triage/reproduce_script.h"
#include "campaign/process/child.h"
#include "framework/domain/laws.h"
#include "generators/command_line.h"

namespace formfuzz::campaign {
namespace {

InputBytes BytesOf(std::string_view text) {
  return InputBytes(text.begin(), text.end());
}

TEST(MinimiseTest, LeavesJustWhatMatters) {
  InputBytes input = BytesOf("....A.........B....A..");
  const auto has_both = [](Bytes candidate) {
    const std::string_view text = AsText(candidate);
    const size_t a = text.find('A');
    return a != std::string_view::npos && text.find('B', a) != text.npos;
  };
  EXPECT_TRUE(Minimise({.pieces_max = UINT32_MAX}, has_both, input));
  EXPECT_EQ(AsText(input), "AB");
}

TEST(MinimiseTest, KeepsToItsTriesAndToWhatWasAccepted) {
  InputBytes input(100'000, 'x');
  uint32_t tries = 0;
  InputBytes last = input;
  const auto accept = [&](Bytes candidate) {
    ++tries;
    const bool yes = candidate.size() % 3 != 0;
    if (yes) last.assign(candidate.begin(), candidate.end());
    return yes;
  };
  Minimise({.tries_max = 50}, accept, input);
  EXPECT_LE(tries, 50u);
  EXPECT_EQ(input, last);
}

TEST(MinimiseTest, MakesPlainWhatDoesNotMatter) {
  InputBytes input = BytesOf("\x01\x02K\x03");
  const auto long_with_k = [](Bytes candidate) {
    return candidate.size() == 4 && candidate[2] == 'K';
  };
  EXPECT_TRUE(Minimise({.plain = true}, long_with_k, input));
  EXPECT_EQ(AsText(input), "00K0");
}

TEST(CommandLineTest, ObeysTheLawsOfDomains) {
  LawOptions options;
  options.rounds = 60;
  const absl::Status status = CheckDomainLaws(CommandLines(), options);
  EXPECT_TRUE(status.ok()) << status;
}

TEST(CommandLineTest, ShrinksToTheArgumentThatMatters) {
  auto form = MakeCommandLineForm({"--bad", "--good"});
  Mutators mutators;
  form->AddMutators(&mutators);
  Random random(4);
  const auto has_bad = [&](Bytes input) {
    ProgramInput program;
    form->Fill(input, program);
    for (const std::string& word : program.arguments) {
      if (word == "--bad") return true;
    }
    return false;
  };
  InputBytes input = form->Smallest()[0];
  const Dictionary words;
  for (int i = 0; i < 100'000 && !has_bad(input); ++i) {
    for (const auto& mutator : mutators) {
      mutator->Mutate({random, 1 << 16, {}, words}, input);
    }
  }
  ASSERT_TRUE(has_bad(input));
  form->Shrink({.tries_max = 20'000}, has_bad, input);
  EXPECT_NE(form->Text(input).find("arguments: [\"--bad\"], content: \"\""),
            std::string::npos)
      << form->Text(input);
}

// Runs the script of a program of sh that fails for a certain input.
class ScriptTest : public testing::Test {
 protected:
  ScriptTest()
      : folder_(testing::TempDir() + "/formfuzz-script-" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(folder_);
  }
  ~ScriptTest() override { std::filesystem::remove_all(folder_); }

  int RunScript(const ScriptedRun& run) {
    std::ofstream(folder_ + "/input") << AsText(run.input.bytes);
    std::ofstream(folder_ + "/reproduce.sh") << ReproduceScript(run);
    const auto ended = RunToEnd({.arguments = {"sh", folder_ + "/reproduce.sh"},
                                 .environment = {},
                                 .folder = "/"},
                                Child::Output::kPiped, 1 << 12, 60'000);
    EXPECT_TRUE(ended.ok());
    EXPECT_EQ(ended->ending.signal, 0);
    return ended->ending.code;
  }

  std::string folder_;
};

TEST_F(ScriptTest, TalksToAServer) {
  ScriptedRun run;
  const std::string place = folder_ + "/socket";
  run.command = {"python3", "-c",
                 "import os, socket, sys\n"
                 "s = socket.socket(socket.AF_UNIX)\n"
                 "s.bind(sys.argv[1])\n"
                 "s.listen()\n"
                 "while True:\n"
                 "  p = s.accept()[0]\n"
                 "  if p.recv(99) == b'die': os.abort()\n"
                 "  p.close()\n",
                 place};
  run.server = "unix:" + place;
  run.status = 128 + 6;
  run.input.bytes = AsBytes("die");
  EXPECT_EQ(RunScript(run), 0);
  std::filesystem::remove(place);
  run.input.bytes = AsBytes("live");
  EXPECT_EQ(RunScript(run), 1);
}

TEST_F(ScriptTest, RepeatsASignal) {
  ScriptedRun run;
  run.command = {"sh", "-c", "grep -q bad \"$0\" && kill -SEGV $$", "@@"};
  run.status = 128 + 11;
  run.input.bytes = AsBytes("very bad");
  EXPECT_EQ(RunScript(run), 0);
  run.input.bytes = AsBytes("fine");
  EXPECT_EQ(RunScript(run), 1);
}

TEST_F(ScriptTest, GivesStdinArgumentsFilesAndEnvironmentAsTheyWere) {
  ScriptedRun run;
  run.command = {"sh", "-c",
                 "[ \"$1\" = \"it's \\$x *\" ] && [ \"$V\" = 'a b' ] && "
                 "[ \"$(cat f)\" = 'con%stent' ] && "
                 "[ \"$(od -An -tx1 | tr -d ' \\n')\" = 00ff0a27 ] && exit 7",
                 "name"};
  run.input.arguments = {"it's $x *"};
  run.input.environment = {{"V", "a b"}};
  run.input.files = {{"f", "con%stent"}};
  run.input.bytes = AsBytes(std::string_view("\0\xff\n'", 4));
  run.bytes_beside = false;
  run.status = 7;
  for (const StdinKind kind : {StdinKind::kFile, StdinKind::kPipe}) {
    run.input.stdin_kind = kind;
    EXPECT_EQ(RunScript(run), 0);
  }
}

TEST_F(ScriptTest, GivesBytesThatLookLikeAnOption) {
  ScriptedRun run;
  run.command = {"sh", "-c", "[ \"$(cat)$(cat f)\" = -x--n ] && exit 7"};
  run.input.bytes = AsBytes("-x");
  run.input.files = {{"f", "--n"}};
  run.bytes_beside = false;
  run.status = 7;
  EXPECT_EQ(RunScript(run), 0);
}

// A failure of a program that fails where sanitizers are told to abort.
SortedFailure FailureWith(std::string_view input, uint64_t edges) {
  SortedFailure sorted;
  sorted.failure.what = "exit 7";
  sorted.failure.code = 7;
  sorted.failure.edges = edges;
  sorted.input = sorted.first_input = BytesOf(input);
  return sorted;
}

class FindingWriterTest : public ScriptTest {
 protected:
  FindingWriter Writer(int worker = -1, int jobs = 1) {
    LoopConfig config;
    config.crash_exits = {7};
    config.jobs = jobs;
    return FindingWriter(
        {"sh", {"/bin/sh", "-c", "[ -n \"$ASAN_OPTIONS\" ] && exit 7"}}, config,
        folder_, *form_, worker);
  }
  std::string LeaveUnfinished(std::string_view input) {
    SortedFailure left = FailureWith(input, 1);
    left.unfinished = true;
    return Writer().Write(left).value();
  }
  static std::string Read(const std::string& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  size_t Folders() const {
    return static_cast<size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  std::unique_ptr<InputForm> form_ = MakePlainForm();
};

TEST_F(FindingWriterTest, WritesAScriptThatNeedsNothingOfOurs) {
  const auto path = Writer().Write(FailureWith("x", 1));
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_NE(Read(*path + "/program.json").find("\"script_reproduces\": true"),
            std::string::npos);
  const auto ended = RunToEnd({.arguments = {"env", "-i", "PATH=/usr/bin:/bin",
                                             "sh", *path + "/reproduce.sh"},
                               .environment = {},
                               .folder = "/"},
                              Child::Output::kPiped, 1 << 12, 60'000);
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(ended->ending.code, 0) << ended->output;
}

TEST_F(FindingWriterTest, ReplacesWhatItWroteByWhatIsSmaller) {
  FindingWriter writer = Writer();
  const std::string first = writer.Write(FailureWith("long input", 1)).value();
  SortedFailure smaller = FailureWith("short", 1);
  smaller.replaces = first;
  EXPECT_EQ(writer.Write(smaller).value(), first);
  EXPECT_EQ(Read(first + "/input"), "short");
  // What takes another way has another signature.
  SortedFailure other = FailureWith("x", 2);
  other.replaces = first;
  const std::string second = writer.Write(other).value();
  EXPECT_NE(second, first);
  EXPECT_EQ(Folders(), 1u);
}

TEST_F(FindingWriterTest, LeavesWhatAnEarlierRunWrote) {
  const std::string path = Writer().Write(FailureWith("earlier", 1)).value();
  FindingWriter writer = Writer();
  EXPECT_EQ(writer.Write(FailureWith("long input", 1)).value(), path);
  for (const uint64_t edges : {1, 2}) {
    SortedFailure smaller = FailureWith("short", edges);
    smaller.replaces = path;
    EXPECT_TRUE(writer.Write(smaller).ok());
    EXPECT_EQ(Read(path + "/input"), "earlier");
  }
}

TEST_F(FindingWriterTest, GoesOnWithWhatWasLeftUnfinished) {
  const std::string path = LeaveUnfinished("long input");
  FindingWriter writer = Writer();
  const auto unfinished = writer.Unfinished();
  ASSERT_EQ(unfinished.size(), 1u);
  EXPECT_EQ(unfinished[0].folder, path);
  EXPECT_EQ(unfinished[0].input, "long input");
  EXPECT_EQ(writer.Write(FailureWith("short", 1)).value(), path);
  EXPECT_EQ(Read(path + "/input"), "short");
  EXPECT_TRUE(writer.Unfinished().empty());
}

// A worker that is started again must not leave to nobody what it was at, nor
// take what another one is at.
TEST_F(FindingWriterTest, GoesOnWithWhatItsWorkerLeftUnfinished) {
  SortedFailure left = FailureWith("long input", 1);
  left.unfinished = true;
  ASSERT_TRUE(Writer(1, 2).Write(left).ok());
  EXPECT_TRUE(Writer(0, 2).Unfinished().empty());
  EXPECT_EQ(Writer(1, 2).Unfinished().size(), 1u);
  // Where the next run has fewer, somebody takes it all the same.
  EXPECT_EQ(Writer().Unfinished().size(), 1u);
  left.failure.edges = 2;
  ASSERT_TRUE(Writer().Write(left).ok());
  EXPECT_EQ(Writer(0, 2).Unfinished().size(), 1u);
}

TEST_F(FindingWriterTest, LeavesAsItIsWhatFailsOtherwiseByNow) {
  const std::string path = LeaveUnfinished("long input");
  FindingWriter writer = Writer();
  const auto unfinished = writer.Unfinished();
  ASSERT_EQ(unfinished.size(), 1u);
  EXPECT_NE(writer.Write(FailureWith("short", 2)).value(), path);
  EXPECT_TRUE(writer.Settle(unfinished[0]).ok());
  EXPECT_TRUE(writer.Unfinished().empty());
  EXPECT_EQ(Read(path + "/input"), "long input");
}

TEST_F(FindingWriterTest, WritesWhatAnotherWorkerHasMovedAway) {
  FindingWriter writer = Writer();
  const std::string path = writer.Write(FailureWith("long input", 1)).value();
  std::filesystem::remove_all(path);
  SortedFailure smaller = FailureWith("short", 1);
  smaller.replaces = path;
  EXPECT_EQ(writer.Write(smaller).value(), path);
  EXPECT_EQ(Read(path + "/input"), "short");
}

TEST_F(ScriptTest, RunsNoForkBomb) {
  ScriptedRun run;
  run.command = {"sh", "-c", "exit 7"};
  run.status = 7;
  run.bomb = true;
  EXPECT_EQ(RunScript(run), 2);
}

TEST_F(ScriptTest, RepeatsAHang) {
  ScriptedRun run;
  run.command = {"sh", "-c", "while :; do :; done"};
  run.timeout_ms = 1000;
  run.status = kHungStatus;
  EXPECT_EQ(RunScript(run), 0);
}

}  // namespace
}  // namespace formfuzz::campaign
