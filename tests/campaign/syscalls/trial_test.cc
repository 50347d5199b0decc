// SPDX-License-Identifier: Apache-2.0
// Runs as values: what is written down is what is read, and words bring the
// files that they name.

#include "campaign/syscalls/drive/trial.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/drive/fixtures.h"

namespace formfuzz::campaign {
namespace {

Trial Everything() {
  Trial trial;
  trial.arguments = {"-x", std::string("\xff\x01", 2), "text.txt"};
  trial.standard_input = std::string("a\0b", 3);
  trial.variables = {{"LANG", "C"}};
  trial.removed_variables = {"HOME"};
  trial.fixtures = {"tree"};
  trial.files = {{"own", "content", FileKind::kRegular, 0600, 100}};
  trial.conditions.limits = {{RLIMIT_NOFILE, 4}};
  trial.conditions.signals = {{SIGTERM, 300}};
  trial.refused = {{SYS_statx, ENOSYS}};
  trial.stdin_kind = StdinKind::kPipe;
  trial.stdout_kind = StdoutKind::kClosed;
  return trial;
}

TEST(TrialTest, HandsDownNoVariationsThatWereAdded) {
  Trial trial;
  trial.variables = {{"TZ", "UTC"}};
  const Trial before = trial;
  AddLocale(trial);
  AddMappedBlocks(trial);
  EXPECT_EQ(trial.variables.size(), 3u);
  TakeOutVariations(trial);
  EXPECT_EQ(trial.variables, before.variables);
}

TEST(TrialTest, IsReadAsItWasWritten) {
  const Trial trial = Everything();
  const auto read = TrialOf(ToJson(trial));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ToJson(*read), ToJson(trial));
  EXPECT_EQ(read->arguments, trial.arguments);
  EXPECT_EQ(read->standard_input, trial.standard_input);
  EXPECT_EQ(read->stdout_kind, StdoutKind::kClosed);
  EXPECT_EQ(read->files[0].mode, trial.files[0].mode);
  EXPECT_EQ(read->conditions.limits, trial.conditions.limits);
  EXPECT_EQ(read->refused, trial.refused);
}

TEST(TrialTest, KeepsEachKindOfOutput) {
  std::set<std::string> told;
  for (int kind = 0; kind < kStdoutKinds; ++kind) {
    Trial trial;
    trial.stdout_kind = static_cast<StdoutKind>(kind);
    const auto read = TrialOf(ToJson(trial));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->stdout_kind, trial.stdout_kind);
    EXPECT_TRUE(told.insert(CircumstancesOf(trial)).second);
  }
}

TEST(TrialTest, IsWrittenForPeopleToo) {
  Trial trial;
  trial.arguments = {"-l", "text.txt"};
  EXPECT_EQ(ToJson(trial),
            "{\"format\":\"formfuzz-run\",\"version\":1,"
            "\"arguments\":[\"-l\",\"text.txt\"]}");
}

TEST(TrialTest, RefusesWhatIsNoTrial) {
  for (const char* text : {"", "{}", "[1]", "{\"arguments\": 3}"}) {
    EXPECT_FALSE(TrialOf(text).ok()) << text;
  }
  const std::string good = ToJson(Everything());
  for (const auto& [part, other] :
       {std::pair{"\"closed\"", "\"ajar\""}, std::pair{"[\"-x\"", "[7"},
        std::pair{"\"version\":1", "\"version\":2"}}) {
    std::string bad = good;
    ASSERT_NE(bad.find(part), bad.npos) << part;
    bad.replace(bad.find(part), std::string_view(part).size(), other);
    EXPECT_FALSE(TrialOf(bad).ok()) << bad;
  }
}

TEST(TrialTest, BringsTheFilesThatItsWordsName) {
  const auto files = Everything().Files();
  for (const char* path : {"own", "text.txt", "tree/one.c"}) {
    EXPECT_EQ(std::ranges::count(files, path, &InputFile::path), 1) << path;
  }
  Trial joined;
  joined.arguments = {"--file=data.tar"};
  EXPECT_EQ(joined.Files().size(), 1U);
}

// A file of its own may lie where a fixture would have a folder.
TEST(TrialTest, BringsNoFileThatItsOwnAreInTheWayOf) {
  Trial trial;
  trial.files = {{"tree", "text", FileKind::kRegular, 0, 0},
                 {"text.txt/below", "text", FileKind::kRegular, 0, 0}};
  trial.arguments = {"tree", "text.txt", "same.txt"};
  const auto files = trial.Files();
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[2].path, "same.txt");
  trial.files = {{"tree/sub", "", FileKind::kFolder, 0, 0}};
  const auto below = trial.Files();
  EXPECT_EQ(std::ranges::count(below, "tree", &InputFile::path), 0);
  EXPECT_EQ(std::ranges::count(below, "tree/one.c", &InputFile::path), 1);
}

// As PKWARE's APPNOTE has it; the checksum is the one of CRC-32's check value.
TEST(FixturesTest, HoldAnArchiveThatSaysWhereThingsAre) {
  const std::string zip = ZipArchive("a", "123456789");
  const size_t file = zip.find("PK\3\4");
  const size_t entry = zip.find("PK\1\2");
  const size_t end = zip.find("PK\5\6");
  ASSERT_EQ(file, 0U);
  ASSERT_LT(entry, end);
  EXPECT_EQ(zip.size(), end + 22);
  EXPECT_EQ(static_cast<size_t>(zip[end + 12]), end - entry);
  EXPECT_EQ(static_cast<size_t>(zip[end + 16]), entry);
  EXPECT_EQ(zip.substr(14, 4), "\x26\x39\xf4\xcb");
  EXPECT_EQ(zip.substr(entry + 16, 4), zip.substr(14, 4));
  EXPECT_EQ(zip.substr(entry - 10, 10), "a123456789");
}

// Names of files that are there, and a change to one of them.
TEST(DriverTest, GivesFixturesAsInput) {
  Driver driver(DrivingWords(), 1);
  std::set<std::string> given;
  while (driver.planned() != 0) {
    const Trial next = driver.Next();
    const auto files = next.Files();
    for (const char* name : {"names.lst", "change.diff", "data.zip"}) {
      const auto file = std::ranges::find(files, name, &InputFile::path);
      if (file == files.end() || file->content != next.standard_input) continue;
      given.insert(name);
    }
  }
  EXPECT_EQ(given.size(), 3u);
}

TEST(TrialTest, TellsItsCircumstances) {
  EXPECT_EQ(CircumstancesOf(Everything()),
            "stdin is a pipe, stdout is closed, without HOME, at most 4 "
            "descriptors, SIGTERM after 300 us, statx fails with ENOSYS");
  EXPECT_EQ(CircumstancesOf(Trial()), "");
}

TEST(DriverTest, IsTheSameForTheSameSeed) {
  const auto drive = [] {
    DrivingWords words;
    words.command.flags = {{"-a", ValueKind::kNone, false, false, {}},
                           {"--b", ValueKind::kNumber, false, true, {}}};
    Driver driver(std::move(words), 7);
    std::string all;
    for (int i = 0; i < 2000; ++i) all += ToJson(driver.Next());
    return all;
  };
  EXPECT_EQ(drive(), drive());
}

TEST(DriverTest, SimplifiesListsByTheirParts) {
  Trial trial;
  trial.variables = {{"LANG", "C.UTF-8"}, {"NEEDED", "1"}};
  trial.conditions.signals = {{SIGUSR1, 0}, {SIGTERM, 300}};
  const auto simpler = Simplified(trial);
  const auto has = [&simpler](auto holds) {
    return std::ranges::any_of(simpler, holds);
  };
  EXPECT_TRUE(has([](const Trial& one) { return one.variables.empty(); }));
  EXPECT_TRUE(has([](const Trial& one) {
    return one.variables.size() == 1 && one.variables[0].first == "NEEDED" &&
           one.conditions.signals.size() == 2;
  }));
  EXPECT_TRUE(has([](const Trial& one) {
    return one.conditions.signals.size() == 1 &&
           one.conditions.signals[0].signal == SIGTERM;
  }));
}

TEST(DriverTest, SimplifiesOneThingAtATime) {
  const Trial trial = Everything();
  const auto simpler = Simplified(trial);
  EXPECT_GE(simpler.size(), trial.arguments.size() + 6);
  for (const Trial& one : simpler) {
    EXPECT_NE(ToJson(one), ToJson(trial));
    EXPECT_LE(ToJson(one).size(), ToJson(trial).size());
  }
}

// Flags whose second occurrence means more than the first.
TEST(DriverTest, GivesEachFlagTwice) {
  DrivingWords words;
  for (const char* name : {"-v", "-x"}) {
    words.command.flags.emplace_back().name = name;
  }
  Driver driver(words, 1);
  std::set<std::string> twice;
  while (driver.planned() != 0) {
    const auto arguments = driver.Next().arguments;
    for (const Flag& flag : words.command.flags) {
      const auto times = std::ranges::count(arguments, flag.name);
      if (times == 2) twice.insert(flag.name);
    }
  }
  EXPECT_EQ(twice.size(), 2u);
}

// Slow programs do not come to the end of their own.
TEST(DriverTest, TriesEverybodysVariablesBesideItsOwn) {
  DrivingWords words;
  for (int i = 0; i < 40; ++i) {
    words.variables.push_back("OWN_" + std::to_string(i));
  }
  Driver driver(words, 1);
  size_t own = 0;
  bool tried = false;
  while (driver.planned() != 0 && !tried) {
    const auto variables = driver.Next().variables;
    if (variables.empty()) continue;
    tried = variables[0].first == "LD_DEBUG";
    if (variables[0].first.starts_with("OWN_")) ++own;
  }
  EXPECT_TRUE(tried);
  EXPECT_LT(own, 2 * words.variables.size());
}

// Where keys, copies and the like are made.
TEST(DriverTest, LetsFoldersAndFilesBeMade) {
  using Words = std::vector<std::string>;
  DrivingWords words;
  words.command = ParseHelp(
      "usage: copy [-r] [-o file] [-q] SOURCE DEST\n"
      "  -r        a folder\n  -o FILE   there\n  -q        quietly\n");
  Driver driver(words, 1);
  std::set<Words> tried;
  while (driver.planned() != 0) tried.insert(driver.Next().arguments);
  EXPECT_TRUE(tried.contains(Words{"-r", "tree", "new.out"}));
  EXPECT_TRUE(tried.contains(Words{"-o", "new.out", "-q"}));
}

// In turns, whatever else a flag may be given.
TEST(DriverTest, GivesFlagsTheFilesThatPeopleGiveThem) {
  using Words = std::vector<std::string>;
  DrivingWords words;
  words.command = ParseHelp("  -f FILE    what to read\n");
  Driver driver(words, 1);
  std::set<Words> tried;
  while (driver.planned() != 0) tried.insert(driver.Next().arguments);
  for (const char* file : {"-", "doc.json", "names.lst", "/dev/null"}) {
    EXPECT_TRUE(tried.contains(Words{"-f", file, "tree"})) << file;
  }
}

TEST(DriverTest, LetsFilesBeMadeInEachWay) {
  using Words = std::vector<std::string>;
  DrivingWords words;
  words.command =
      ParseHelp("usage: keys [-f keyfile] [-t dsa | ecdsa | rsa]\n");
  Driver driver(words, 1);
  std::set<Words> tried;
  while (driver.planned() != 0) tried.insert(driver.Next().arguments);
  EXPECT_TRUE(tried.contains(Words{"-f", "new.out", "-t", "rsa"}));
}

TEST(DriverTest, UsesWhatAProgramHasMade) {
  using Words = std::vector<std::string>;
  DrivingWords words;
  words.command = ParseHelp("  -x, --extract=FILE    read it\n");
  Driver driver(words, 1);
  driver.ForgetPlan();
  Trial trial;
  trial.arguments = {"text.txt"};
  const std::vector<InputFile> given = trial.Files();
  std::vector<InputFile> left = given;
  left.push_back({"copy", given[0].content, FileKind::kRegular, 0, 0});
  driver.Left(left, trial);
  EXPECT_EQ(driver.planned(), 0u);
  left.push_back({"pack.1", "PK12", FileKind::kRegular, 0, 0});
  driver.Left(left, trial);
  std::set<Words> tried;
  bool is_input = false;
  while (driver.planned() != 0) {
    const Trial next = driver.Next();
    tried.insert(next.arguments);
    is_input = is_input || next.standard_input == "PK12";
    EXPECT_EQ(std::ranges::count(next.files, "pack.1", &InputFile::path), 1);
  }
  EXPECT_TRUE(is_input);
  EXPECT_TRUE(tried.contains(Words{"pack.1"}));
  EXPECT_TRUE(tried.contains(Words{"-x", "pack.1"}));
  // One of its kind is enough.
  left.back().path = "pack.2";
  driver.Left(left, trial);
  EXPECT_EQ(driver.planned(), 0u);
}

// A word that is made up is named by the trial: nothing is learnt from it.
TEST(DriverTest, MakesFilesThatTwoRunsHaveLookedFor) {
  Driver driver(DrivingWords(), 1);
  driver.ForgetPlan();
  Trial trial;
  trial.arguments = {"missing"};
  const std::set<std::string> paths = {
      "./known/rc",     "missing", "missing.gz", "/etc/rc",
      "/fuzz/work/.rc", "../rc",   "known/.",    "."};
  driver.Missed(paths, trial);
  EXPECT_EQ(driver.planned(), 0u);
  driver.Missed({"tmp.123"}, trial);
  driver.Missed(paths, trial);
  std::set<std::string> made;
  while (driver.planned() != 0) {
    const Trial next = driver.Next();
    ASSERT_EQ(next.files.size(), 1u);
    EXPECT_EQ(next.arguments, trial.arguments);
    made.insert(next.files[0].path);
  }
  EXPECT_EQ(made, (std::set<std::string>{".rc", "known", "known/rc"}));
}

}  // namespace
}  // namespace formfuzz::campaign
