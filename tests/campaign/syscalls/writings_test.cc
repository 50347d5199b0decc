// SPDX-License-Identifier: Apache-2.0
// What is taken of manuals and scripts that others wrote.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/writings/machine_scripts.h"
#include "campaign/syscalls/writings/shown_commands.h"
#include "campaign/syscalls/writings/spoken.h"

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

struct ShownCase {
  const char* name;
  const char* text;
  std::vector<ShownCommand> commands;
};

class Shown : public testing::TestWithParam<ShownCase> {};

TEST_P(Shown, IsCutAsAShellDoes) {
  const ShownCase& wanted = GetParam();
  EXPECT_EQ(CommandsShownIn(wanted.text, "tool", 8), wanted.commands);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, Shown,
    testing::Values(
        ShownCase{"Prompt", "EXAMPLES\n   $ tool -x in.c\n", {{"-x", "in.c"}}},
        ShownCase{"Quotes",
                  "  tool 'a  b' \"c \\\" d\" e\\ f\n",
                  {{"a  b", "c \" d", "e f"}}},
        ShownCase{"GoesOn",
                  "  tool --in a \\\n     --out b\n",
                  {{"--in", "a", "--out", "b"}}},
        ShownCase{
            "CodeOfLines", "  tool 'one\n  two' x\n", {{"one\n  two", "x"}}},
        ShownCase{
            "Pipe", "  ls | tool -u | wc -l; tool b &\n", {{"-u"}, {"b"}}},
        ShownCase{"Redirections",
                  "  tool -a <in >>out 2>&1 last\n",
                  {{"-a", "last"}}},
        ShownCase{"Placeholder",
                  "  tool -pass file:<passfile>\n",
                  {{"-pass", "file:text.txt"}}},
        ShownCase{"Substitution",
                  "if X=1 /usr/bin/tool -d \"$HOME/x\" $(pwd); then\n",
                  {{"-d", "text.txt/x", "text.txt"}}},
        ShownCase{"InSubstitution", "v=$(tool -p x)\n", {{"-p", "x"}}},
        ShownCase{"Comment", "  tool -a  # all of it\n", {{"-a"}}},
        ShownCase{"Form", "  tool [-a] FILE\n  tool FILE...\n", {}},
        ShownCase{"Sentence",
                  "  tool copies all that it was given.\n"
                  "  The tool -x is old.\n  mytool -x\n",
                  {}},
        ShownCase{"NoEnd", "  tool 'x\n", {}}),
    [](const auto& shown) { return std::string(shown.param.name); });

TEST(ShownTest, TakesEachOnceAndNoMoreThanAsked) {
  const std::string text = "  tool a\n  tool a\n  tool b\n  tool c\n";
  EXPECT_EQ(CommandsShownIn(text, "tool", 2),
            (std::vector<ShownCommand>{{"a"}, {"b"}}));
}

class MachineScriptsTest : public testing::Test {
 protected:
  MachineScriptsTest() {
    std::string name = fs::temp_directory_path() / "scripts-XXXXXX";
    folder_ = mkdtemp(name.data());
    Write("bin/tool",
          "\x7f"
          "ELF");
    fs::create_symlink("tool", folder_ / "bin/t");
  }
  ~MachineScriptsTest() override { fs::remove_all(folder_); }

  void Write(const std::string& path, const std::string& text) const {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text;
  }
  MachineScripts Scripts() const {
    ScriptPlaces places;
    places.programs = {folder_ / "bin", folder_ / "missing"};
    places.shared = {folder_ / "doc"};
    return ScriptsAbout(folder_ / "bin/tool", {"tool"}, places);
  }

  fs::path folder_;
};

TEST_F(MachineScriptsTest, AreThoseThatNameTheirInterpreterAndExamples) {
  const std::string bin = folder_ / "bin";
  Write("bin/a", "#!" + bin + "/tool -w\nx\n");
  Write("bin/b", "#! " + bin + "/t\nx\n");
  Write("bin/c", "#!/usr/bin/env tool\nx\n");
  Write("bin/d", "#!/bin/cat\nx\n");
  Write("bin/e", "tool\n");
  Write("doc/tool/examples/one.t", "x\n");
  Write("doc/tool/examples/two.t.gz", "x\n");
  Write("doc/other/examples/three.t", "x\n");
  EXPECT_EQ(Scripts().own,
            (std::vector<std::string>{folder_ / "doc/tool/examples/one.t",
                                      bin + "/a", bin + "/b", bin + "/c"}));
}

TEST_F(MachineScriptsTest, TellHowTheShellCallsIt) {
  Write("bin/a", "#!/bin/sh\nset -e\ntool -x \"$1\" || exit\n");
  Write("bin/b", "#!/usr/bin/perl\ntool -y;\n");
  EXPECT_EQ(Scripts().calls, (std::vector<ShownCommand>{{"-x", "text.txt"}}));
}

TEST(SpokenTest, PutsFirstWhatMostScriptsUse) {
  const std::vector<std::string> scripts = {
      "#!x\n# mask\nmask 022\nif mask; then\n", "turn(1)\nmask 1 |\n",
      "unknown 1\n"};
  const Spoken spoken = SpokenIn(scripts, {"mask", "turn", "never"});
  EXPECT_EQ(spoken.words, (std::vector<std::string>{"mask", "turn"}));
  EXPECT_EQ(spoken.statements,
            (std::vector<std::string>{"mask 022", "turn(1)"}));
}

// Trials until the plan is done, each told of as if it had left `files`.
std::vector<Trial> AllTrials(Driver& driver,
                             const std::vector<InputFile>& files) {
  std::vector<Trial> trials;
  while (driver.planned() > 0) {
    trials.push_back(driver.Next());
    if (driver.leads_on()) driver.Left(files, trials.back());
    driver.Ran(trials.back(), false, 0);
  }
  return trials;
}

TEST(ShownTest, CommandsFindWhatThoseBeforeHaveLeft) {
  DrivingWords words;
  words.shown = {{"make", "box.d"}, {"open", "box.d"}};
  words.subcommands["make"] = words.subcommands["open"] = {};
  Driver driver(words, 1);
  const InputFile box{"box.d", "made", FileKind::kRegular, 0, 0};
  const auto trials = AllTrials(driver, {box});
  const auto opens = [&](const std::string& content) {
    return std::ranges::any_of(trials, [&](const Trial& trial) {
      return trial.arguments == ShownCommand{"open", "box.d"} &&
             std::ranges::any_of(trial.files, [&](const InputFile& file) {
               return file.path == "box.d" && file.content == content;
             });
    });
  };
  EXPECT_TRUE(opens("made"));
  EXPECT_FALSE(opens("alpha"));
}

TEST(ShownTest, FilesThatNobodyHasMadeAreMade) {
  DrivingWords words;
  words.shown = {{"-s", "in/data.zip", "--of=x.c", "10", "/etc/passwd"}};
  Driver driver(words, 1);
  std::set<std::string> made;
  for (const Trial& trial : AllTrials(driver, {})) {
    if (trial.arguments != words.shown[0]) continue;
    for (const InputFile& file : trial.files) {
      made.insert(file.path + (file.content.starts_with("PK") ? ":zip" : ""));
    }
  }
  EXPECT_EQ(made, (std::set<std::string>{"in/data.zip:zip", "x.c"}));
}

TEST(SpokenTest, IsSaidOnStandardInputAndAsCode) {
  DrivingWords words;
  words.spoken.words = {"mask"};
  words.spoken.statements = {"mask 022"};
  words.scripts = {"/bin/script"};
  Flag code;
  code.name = "-e";
  code.value = ValueKind::kCode;
  words.command.flags = {code};
  Driver driver(words, 1);
  const auto trials = AllTrials(driver, {});
  const auto any = [&](auto fits) { return std::ranges::any_of(trials, fits); };
  EXPECT_TRUE(any([](const Trial& t) {
    return t.standard_input == "mask 022\n" && t.arguments.empty();
  }));
  EXPECT_TRUE(any([](const Trial& t) {
    return t.arguments.size() > 1 && t.arguments[1] == "mask 022";
  }));
  EXPECT_TRUE(any([](const Trial& t) {
    return t.arguments == std::vector<std::string>{"/bin/script"};
  }));
}

}  // namespace
}  // namespace formfuzz::campaign
