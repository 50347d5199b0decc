// SPDX-License-Identifier: Apache-2.0
// What the plan makes of a program's own words, numbers and folders, and of
// what goes between two pipes.

#include "campaign/syscalls/help/forms.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/drive/made_files.h"
#include "campaign/syscalls/material/constants.h"
#include "campaign/syscalls/material/sections.h"

namespace formfuzz::campaign {
namespace {

TEST(FormsTest, AreReadAndTriedBesideADash) {
  const auto forms = OperandFormsIn(
      "usage: join <address> <address>\n  exec:<command-line>\tgroups=FD\n"
      "  TCP:<host>:<port>[,<opts>]\n  tcp:<host>\n  --file=<path>\n"
      "  a:b:<host>\n  open:<");
  ASSERT_EQ(forms.size(), 2u);  // once, whole, and no flags
  EXPECT_EQ(forms[0].prefix, "exec:");
  EXPECT_EQ(forms[0].parts, std::vector<ValueKind>{ValueKind::kCommand});
  EXPECT_EQ(forms[1].prefix, "TCP:");
  EXPECT_EQ(forms[1].parts,
            (std::vector<ValueKind>{ValueKind::kAddress, ValueKind::kNumber}));
  DrivingWords words;
  words.forms = forms;
  words.command = ParseHelp("  -c, --command=COMMAND   call it\n");
  Driver driver(words, 1);
  std::set<std::vector<std::string>> tried;
  while (driver.planned() != 0) tried.insert(driver.Next().arguments);
  EXPECT_TRUE(tried.contains({"-", "exec:/bin/true"}));
  EXPECT_TRUE(tried.contains({"TCP:127.0.0.1:8081", "-"}));
  EXPECT_TRUE(tried.contains({"text.txt", "-c", "cat"}));
  EXPECT_TRUE(tried.contains({"text.txt", "-c", "cat", ";"}));
}

TEST(FormsTest, FlagsSideBySideAreNotOne) {
  const CommandWords words = ParseHelp(
      "      -readable -writable\n"
      "      -exec COMMAND ; -exec COMMAND {} + -ok COMMAND ;\n"
      "  -q --quiet   say less\n");
  ASSERT_EQ(words.flags.size(), 6u);
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(words.flags[i].alias, "");
  EXPECT_EQ(words.flags[2].value, ValueKind::kCommand);
  EXPECT_NE(words.flags[4].alias + words.flags[5].alias, "");
}

TEST(StandardInputTest, NamesFilesForEachFlag) {
  DrivingWords words;
  words.command = ParseHelp("  -p   pass through\n  -o, --pack   pack\n");
  Driver driver(words, 1);
  std::set<std::vector<std::string>> told;
  bool calls_others = false;
  while (driver.planned() != 0) {
    const Trial trial = driver.Next();
    const std::string& input = trial.standard_input;
    if (input.starts_with("text.txt\ntree\ntree/one.c\n")) {
      told.insert(trial.arguments);
      EXPECT_FALSE(trial.Files().empty());
    }
    calls_others = calls_others || input == "!true\n";
  }
  EXPECT_TRUE(told.contains({"-p", "folder"}));
  EXPECT_TRUE(told.contains({"-o"}));
  EXPECT_TRUE(calls_others);
}

TEST(SectionsTest, HaveEachKeyInEach) {
  const std::vector<std::string> names = {"net", "listen"};
  const std::string text = SectionsOf(names, "yes");
  EXPECT_TRUE(text.starts_with("net = yes\nlisten = yes\n[net]\n"));
  EXPECT_NE(text.find("[net]\nnet = yes\nlisten = yes\n[listen]\n"), text.npos);
}

// As what is looked for at home, and as the value of a flag.
TEST(SectionsTest, AreGivenByAFlagThatTakesAFile) {
  DrivingWords words;
  words.command = ParseHelp("  -c, --config=FILE   settings\n");
  words.settings = {".toolrc"};
  words.dictionary.Add("net");
  words.dictionary.Add("listen");
  Driver driver(words, 1);
  bool at_home = false;
  bool by_flag = false;
  while (driver.planned() != 0) {
    const Trial trial = driver.Next();
    if (trial.files.empty()) continue;
    const InputFile& file = trial.files[0];
    if (file.content.find("[net]\nnet = on\nlisten = on\n") ==
        std::string::npos) {
      continue;
    }
    at_home = at_home || file.path == ".toolrc";
    const std::vector<std::string> flag = {"-c", file.path};
    by_flag =
        by_flag || trial.arguments == flag ||
        trial.arguments == std::vector<std::string>{"--config=" + file.path};
  }
  EXPECT_TRUE(at_home);
  EXPECT_TRUE(by_flag);
}

std::vector<Trial> AllOf(Driver& driver) {
  std::vector<Trial> all;
  while (driver.planned() != 0) all.push_back(driver.Next());
  return all;
}

TEST(OwnValuesTest, AreTriedWithFlagsAndVariables) {
  DrivingWords words;
  words.command =
      ParseHelp("  -f, --form FORMAT   of it\n  -b, --block SIZE   of one\n");
  words.numbers = {"12288"};
  words.variables = {"TRACE"};
  words.dictionary.Add("ndjson");
  words.dictionary.Add("file:");
  Driver driver(words, 1);
  std::set<std::vector<std::string>> tried;
  std::set<std::pair<std::string, std::string>> set;
  for (const Trial& trial : AllOf(driver)) {
    tried.insert(trial.arguments);
    set.insert(trial.variables.begin(), trial.variables.end());
  }
  EXPECT_TRUE(tried.contains({"-f", "ndjson"}));
  EXPECT_TRUE(tried.contains({"-b", "12288"}));
  EXPECT_TRUE(set.contains({"TRACE", "file:new.out"}));
}

TEST(OwnValuesTest, AreNumbersOfInstructions) {
  // cmp edi, 12288; cmp eax, 3; cmp eax, 0x7fffffff
  EXPECT_EQ(ComparedNumbers(std::string_view(
                "\x81\xff\0\x30\0\0\x3d\3\0\0\0\x3d\xff\xff\xff\x7f", 16)),
            std::vector<std::string>{"12288"});
}

TEST(OwnValuesTest, AreConstantsAtAllPlaces) {
  DrivingWords words;
  words.constants = {"%%TRAILE"};
  words.dictionary.Add("CHNK");
  Driver driver(words, 1);
  bool fourth = false;
  bool goes_on = false;
  for (const Trial& trial : AllOf(driver)) {
    const std::string& input = trial.standard_input;
    const bool placed = input.size() > 24 && input.compare(16, 4, "CHNK") == 0;
    fourth = fourth || (placed && input.compare(20, 4, "\0\0\0\0", 4) == 0);
    goes_on = goes_on || input.find("%%TRAILER\n") != std::string::npos;
  }
  EXPECT_TRUE(fourth);
  EXPECT_TRUE(goes_on);
  const std::string word = "SETTIME ";
  EXPECT_EQ(ComparedConstants("\x48\xb8" + word),
            std::vector<std::string>{word});
}

TEST(ConversationTest, HasEachWordBeforeEachOther) {
  DrivingWords words;
  for (const char* word : {"BEGIN", "LOGIN ", "quit"}) {
    words.dictionary.Add(word);
  }
  Driver driver(words, 1);
  const std::string wanted = "BEGIN\nLOGIN user\n";
  EXPECT_TRUE(std::ranges::any_of(AllOf(driver), [&](const Trial& trial) {
    return trial.standard_input == wanted + wanted;
  }));
}

// A run of a program that waits may be one of a hundred.
TEST(SignalTest, ComesEarly) {
  constexpr int kEarly = 24;
  DrivingWords words;
  for (int i = 0; i < 100; ++i) {
    words.command.flags.emplace_back().name = "-" + std::to_string(i);
  }
  Driver driver(words, 1);
  bool reloads = false;
  for (int i = 0; i < kEarly; ++i) {
    const auto signals = driver.Next().conditions.signals;
    reloads = reloads || (signals.size() == 2 && signals[0].signal == SIGHUP &&
                          signals[1].signal == SIGTERM);
  }
  EXPECT_TRUE(reloads);
}

TEST(NamedTest, TakesWhatElseIsInTheFolder) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(testing::TempDir()) /
                          ("formfuzz-named-" + std::to_string(getpid()));
  fs::create_directories(folder);
  for (const char* name : {"peek.so", "readme"}) {
    std::ofstream(folder / name) << name;
  }
  Driver driver(DrivingWords(), 1);
  driver.ForgetPlan();
  Trial trial;
  trial.arguments = {"--engine=text.txt"};
  driver.Missed({folder / "other.so"}, trial);
  EXPECT_EQ(driver.planned(), 0u);  // nobody has named it
  driver.Missed({folder / "text.txt.so"}, trial);
  driver.Missed({folder / "text.txt.so"}, trial);
  ASSERT_EQ(driver.planned(), 1u);
  EXPECT_EQ(driver.Next().arguments, std::vector<std::string>{"--engine=peek"});
  fs::remove_all(folder);
}

TEST(MadeFilesTest, TakeDataFromStandardOutput) {
  std::vector<InputFile> files = {{"kept", "", FileKind::kRegular, 0, 0}};
  AddOutput("a table\twith \xc3\xa9 and \033[1mletters\033[0m\r\n", files);
  AddOutput("", files);
  EXPECT_EQ(files.size(), 1u);
  AddOutput(std::string_view("\x1f\x8b\0", 3), files);
  AddOutput(std::string_view("\x1f\x8b\1", 3), files);
  ASSERT_EQ(files.size(), 2u);  // one name, the last of them
  EXPECT_EQ(files[1].content, "\x1f\x8b\1");
}

}  // namespace
}  // namespace formfuzz::campaign
