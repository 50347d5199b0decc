// SPDX-License-Identifier: Apache-2.0
// The native profile: what is written is read back, and what is no profile is
// refused with the place that is wrong.

#include "campaign/syscalls/profile/profile_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "campaign/syscalls/profile/spelling.h"
#include "framework/base/random.h"

namespace formfuzz::campaign {
namespace {

using ::testing::HasSubstr;

Profile Example() {
  Profile profile{.command = {"/bin/ls", std::string("\xff\x01\\x41", 6)},
                  .environment = {{"LANG", "C"}},
                  .program = "/usr/bin/ls",
                  .program_digest = "0123abcd",
                  .kernel = "Linux 6.18.44",
                  .machine = "x86_64",
                  .libc = "glibc 2.36",
                  .made_at = "2026-11-21T06:00:00Z",
                  .notes = {"the program sandboxes itself"},
                  .corpus = "ls.corpus"};
  ProfileEntry ioctl{
      .number = 16,
      .name = "ioctl",
      .arguments = {{EqualInWidth(1, 32, 0x5401)},
                    {EqualInWidth(1, 32, 0x5413), {.argument = 0, .value = 1}}},
      .results = {{0, 3}, {ENOTTY, 9}, {3000, 1}},
      .phases = kStartupPhase | kMainPhase,
      .need = Need::kTolerated};
  ioctl.evidence = {.command = {"/bin/ls", "-C", ""},
                    .environment = {{"LC_ALL", "de_DE"}, {"LC_ALL", "\xc3"}},
                    .inputs = {{"a/b", "77", 3, "a\nb"}, {"", "78", 900, ""}},
                    .circumstances = "stdout is a terminal",
                    .first_run = 12,
                    .runs = 34,
                    .module = "/lib/libc.so.6",
                    .offset = 0xfedcba9876543210,
                    .stack = {"main+0x12"}};
  profile.entries = {ioctl,
                     {.number = 470, .name = "syscall_470"},
                     {.arch = kArchX86, .number = 20, .name = "getpid"},
                     {.number = 15,
                      .name = "rt_sigreturn",
                      .presence = Presence::kImplied,
                      .reason = "a handler returns by it"}};
  profile.campaign = {.runs = 1000,
                      .seconds = 2.5,
                      .runs_since_new = 900,
                      .seconds_since_new = 2.25,
                      .counted_runs = 40,
                      .seen_once = 2,
                      .residual = 0.002,
                      .stopped_by = "nothing new for 10 s",
                      .discovery = {{1, 0.001, 20, 40}, {5, 0.01, 21, 44}}};
  Sort(profile);
  return profile;
}

TEST(ProfileJsonTest, ReadsBackWhatItWrites) {
  const std::string text = ProfileJson(Example());
  const auto read = ReadProfileJson(text);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ProfileJson(*read), text);
  EXPECT_EQ(read->environment, Example().environment);
  ASSERT_EQ(read->entries.size(), 4u);
  const ProfileEntry* ioctl = Find(*read, kArchX86_64, 16);
  ASSERT_NE(ioctl, nullptr);
  EXPECT_EQ(ioctl->arguments, Find(Example(), kArchX86_64, 16)->arguments);
  EXPECT_EQ(ioctl->results,
            (std::map<int, uint64_t>{{0, 3}, {ENOTTY, 9}, {3000, 1}}));
  EXPECT_EQ(ioctl->evidence.offset, 0xfedcba9876543210u);
  EXPECT_EQ(ioctl->evidence.inputs[0].text, "a\nb");
  EXPECT_EQ(ioctl->evidence.environment[1].second, "\xc3");
  EXPECT_EQ(read->command, Example().command);
  EXPECT_EQ(read->campaign.discovery[1].items, 44u);
}

TEST(ProfileJsonTest, KeepsEveryByteOfWords) {
  Random random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes;
    for (size_t size = random.Below(12); size > 0; --size) {
      // Backslashes and x are what an escape could be mistaken for.
      constexpr char kHard[] = "\\x4af\xc3\xa4\xed\xa0\x80";
      bytes += random.OneIn(2) ? kHard[random.Below(sizeof(kHard) - 1)]
                               : static_cast<char>(random.Below(256));
    }
    const std::string text = EscapeBytes(bytes);
    EXPECT_EQ(UnescapeBytes(text), bytes);
    EXPECT_TRUE(ReadProfileJson(ProfileJson({.command = {bytes}})).ok());
    EXPECT_EQ(ReadProfileJson(ProfileJson({.command = {bytes}}))->command,
              std::vector<std::string>{bytes});
  }
}

TEST(ProfileJsonTest, LeavesTextReadable) {
  EXPECT_EQ(EscapeBytes("grün"), "grün");
  EXPECT_EQ(EscapeBytes("a\\b\n"), "a\\\\b\\x0a");
}

TEST(SpellingTest, WordsAreAsAShellTakesThem) {
  EXPECT_EQ(ShellQuoted("--color=auto"), "--color=auto");
  EXPECT_EQ(ShellQuoted(""), "''");
  EXPECT_EQ(ShellQuoted("it's grün"), "'it'\\''s grün'");
  EXPECT_EQ(ShellQuoted("a\nb\xff'"), "$'a\\x0ab\\xff\\''");
}

TEST(SpellingTest, NumbersAreReadInThreeBases) {
  EXPECT_EQ(NumberOf("0x10"), 16u);
  EXPECT_EQ(NumberOf("010"), 8u);
  EXPECT_EQ(NumberOf("10"), 10u);
  EXPECT_EQ(NumberOf("18446744073709551615"), ~uint64_t{0});
  for (const char* text :
       {"", "0x", "09", "1a", "-1", "18446744073709551616"}) {
    EXPECT_FALSE(NumberOf(text)) << text;
  }
}

struct Refusal {
  const char* what;
  const char* from;  // in the example, once
  const char* to;
  const char* message;
};

class RefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusalTest, NamesThePlace) {
  std::string text = ProfileJson(Example());
  const size_t place = text.find(GetParam().from);
  ASSERT_NE(place, std::string::npos);
  text.replace(place, std::string(GetParam().from).size(), GetParam().to);
  const auto read = ReadProfileJson(text);
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(std::string(read.status().message()),
              HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Places, RefusalTest,
    ::testing::Values(
        Refusal{"Version", "\"version\": 1", "\"version\": 2", "version 2"},
        Refusal{"Format", "formfuzz-profile", "other", "format: want"},
        Refusal{"NotJson", "{", "", "not JSON"},
        Refusal{"Presence", "\"seen\"", "\"sen\"", "presence: want seen or"},
        Refusal{"Need", "\"tolerated\"", "7", "need: want a string"},
        Refusal{"Arch", "\"x86_64\",\n      \"number\"",
                "\"z80\",\n      \"number\"", "arch: want"},
        Refusal{"Number", "\"number\": 470", "\"number\": -1",
                "number: want a number"},
        Refusal{"Compare", "\"==\"", "\"=~\"", "[0].compare: want one of"},
        Refusal{"Argument", "\"argument\": 1", "\"argument\": 6",
                "argument: want 0 to 5"},
        Refusal{"Results", "\"ENOTTY\"", "\"ENOTHING\"", "ENOTHING: want"},
        Refusal{"Phases", "\"startup,main\"", "\"dawn\"", "phases: want"}),
    [](const auto& test) { return test.param.what; });

TEST(ProfileTest, JoinsEntriesOfOneCall) {
  Profile profile;
  profile.entries = {
      {.number = 0,
       .arguments = {{EqualInWidth(0, 32, 3)}},
       .results = {{0, 1}},
       .phases = kMainPhase,
       .evidence = {.command = {"late"}, .first_run = 9, .runs = 2}},
      {.number = 0,
       .arguments = {{EqualInWidth(0, 32, 4)}},
       .results = {{0, 2}},
       .phases = kLoaderPhase,
       .evidence = {.command = {"early"}, .first_run = 4, .runs = 3}}};
  Sort(profile);
  ASSERT_EQ(profile.entries.size(), 1u);
  const ProfileEntry& read = profile.entries[0];
  EXPECT_EQ(read.arguments.size(), 2u);
  EXPECT_EQ(read.results.at(0), 3u);
  EXPECT_EQ(read.phases, kMainPhase | kLoaderPhase);
  EXPECT_EQ(read.evidence.command, std::vector<std::string>{"early"});
  EXPECT_EQ(read.evidence.runs, 5u);
}

TEST(ConditionTest, AClauseThatAnotherIncludesIsLeftOut) {
  Clauses clauses = {{EqualInWidth(0, 32, 3), EqualInWidth(1, 32, 4)},
                     {EqualInWidth(0, 32, 3)},
                     {EqualInWidth(0, 32, 3)}};
  Normalise(clauses);
  EXPECT_EQ(clauses, Clauses{{EqualInWidth(0, 32, 3)}});
  clauses.push_back({});
  Normalise(clauses);
  EXPECT_TRUE(clauses.empty()) << "always true";
}

TEST(ConditionTest, AnIntIsComparedInItsWidth) {
  EXPECT_TRUE(EqualInWidth(1, 32, 0x5401).Holds({0, 0xdead00005401}));
  EXPECT_FALSE(EqualInWidth(1, 64, 0x5401).Holds({0, 0xdead00005401}));
  // AT_FDCWD, with and without its sign.
  EXPECT_TRUE(EqualInWidth(0, 32, ~uint64_t{99}).Holds({0xffffff9c}));
  EXPECT_TRUE(OnlyBits(2, 32, 0x3).Holds({0, 0, 0xff00000002}));
  EXPECT_FALSE(OnlyBits(2, 32, 0x3).Holds({0, 0, 4}));
}

}  // namespace
}  // namespace formfuzz::campaign
