// SPDX-License-Identifier: Apache-2.0
// What is understood of help texts, and of what instructions compare with.

#include "campaign/syscalls/help/flags.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/drive/words.h"
#include "campaign/syscalls/help/operands.h"
#include "campaign/syscalls/help/subcommands.h"
#include "campaign/syscalls/material/constants.h"
#include "campaign/syscalls/material/settings.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

const Flag* Find(const CommandWords& words, const std::string& name) {
  const auto found = std::ranges::find(words.flags, name, &Flag::name);
  return found == words.flags.end() ? nullptr : &*found;
}

struct FlagCase {
  const char* help;
  const char* name;
  ValueKind value;
  bool optional;
  bool joined;
};

class Flags : public testing::TestWithParam<FlagCase> {};

TEST_P(Flags, AreRead) {
  const FlagCase& wanted = GetParam();
  const CommandWords words = ParseHelp(wanted.help);
  const Flag* flag = Find(words, wanted.name);
  ASSERT_NE(flag, nullptr);
  EXPECT_EQ(flag->value, wanted.value);
  EXPECT_EQ(flag->optional, wanted.optional);
  EXPECT_EQ(flag->joined, wanted.joined);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Flags,
    testing::Values(
        FlagCase{"  -a, --all   everything", "-a", ValueKind::kNone, false,
                 false},
        FlagCase{"  -a, --all   everything", "--all", ValueKind::kNone, false,
                 false},
        FlagCase{"      --block-size=SIZE  scale", "--block-size",
                 ValueKind::kSize, false, true},
        FlagCase{"      --color[=WHEN]  colour", "--color", ValueKind::kChoice,
                 true, true},
        FlagCase{"  -f ARCHIVE  use it", "-f", ValueKind::kFile, false, false},
        FlagCase{"  -o, --output <file>  there", "--output", ValueKind::kFile,
                 false, false},
        FlagCase{"usage: x [-n count] [-v]", "-v", ValueKind::kNone, false,
                 false},
        FlagCase{"usage: x [-n count] [-v]", "-n", ValueKind::kNumber, false,
                 false},
        FlagCase{"usage: x -k -f krl_file [-u]", "-f", ValueKind::kFile, false,
                 false},
        FlagCase{"  -o file   where to", "-o", ValueKind::kFile, false, false},
        FlagCase{"  -i[suffix]   in place", "-i", ValueKind::kText, true,
                 false},
        FlagCase{"  -a  all files", "-a", ValueKind::kNone, false, false},
        FlagCase{"  -l long format", "-l", ValueKind::kNone, false, false},
        FlagCase{"       --listen=HOST  where", "--listen", ValueKind::kAddress,
                 false, true},
        FlagCase{"  -e commandline  one line", "-e", ValueKind::kCode, false,
                 false},
        FlagCase{"tests: -amin N -newer FILE -empty", "-newer",
                 ValueKind::kFile, false, false},
        FlagCase{"  --type={file|tree}  which", "--type", ValueKind::kChoice,
                 false, true}));

TEST(FlagsTest, HaveTheChoicesOfTheirDescription) {
  const CommandWords words = ParseHelp(
      "      --sort=WORD   sort by WORD: none (-U), size (-S),\n"
      "                    time (-t), version (-v)\n"
      "      --when=WHEN   'always', 'never'\n");
  const Flag* sort = Find(words, "--sort");
  ASSERT_NE(sort, nullptr);
  EXPECT_TRUE(std::ranges::count(sort->choices, "size") == 1);
  EXPECT_TRUE(std::ranges::count(sort->choices, "version") == 1);
  const Flag* when = Find(words, "--when");
  ASSERT_NE(when, nullptr);
  EXPECT_TRUE(std::ranges::count(when->choices, "never") == 1);
}

TEST(FlagsTest, HaveTheNumbersOfTheirDescription) {
  const CommandWords words = ParseHelp(
      "      --block=BYTES   a multiple of 48\n"
      "      --bits=N        1024-4096, of sha256 (default 2048)\n");
  EXPECT_EQ(Find(words, "--block")->choices,
            (std::vector<std::string>{"48", "49"}));
  EXPECT_EQ(Find(words, "--bits")->choices,
            (std::vector<std::string>{"1024", "1025", "4096", "4097", "2048",
                                      "2049"}));
}

TEST(FlagsTest, MayHaveNoDash) {
  const CommandWords words = ParseHelp(
      "Usage: copy [OPERAND]...\n"
      "  if=FILE         what to read\n"
      "  conv=CONVS      how\n\n"
      "Each CONV symbol may be:\n\n"
      "  ascii     from EBCDIC\n  sync      pad\n\n"
      "Each of these is slow.\n");
  const Flag* file = Find(words, "if");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->value, ValueKind::kFile);
  EXPECT_TRUE(file->joined);
  EXPECT_EQ(Find(words, "conv")->choices,
            (std::vector<std::string>{"ascii", "sync"}));
  EXPECT_TRUE(Find(words, "if")->choices.empty());
}

TEST(OperandsTest, MayBeAssignments) {
  EXPECT_EQ(
      OperandsIn("Usage: env [OPTION]... [NAME=VALUE]... [COMMAND]"),
      (std::vector<ValueKind>{ValueKind::kAssignment, ValueKind::kCommand}));
}

TEST(FlagsTest, ShareTheirValueWithTheirShortName) {
  const CommandWords words = ParseHelp(
      "  -o, --output=FILE   there\n"
      "  -w, --when[=WHEN]   'always', 'never'\n"
      "  -q, --quiet         nothing\n");
  EXPECT_EQ(Find(words, "-o")->value, ValueKind::kFile);
  EXPECT_FALSE(Find(words, "-o")->joined);
  EXPECT_TRUE(Find(words, "-w")->optional);
  EXPECT_EQ(Find(words, "-w")->choices, Find(words, "--when")->choices);
  EXPECT_EQ(Find(words, "-q")->value, ValueKind::kNone);
}

TEST(FlagsTest, FindsSubcommandsAndOperands) {
  const CommandWords words = ParseHelp(
      "Usage: tool [OPTION]... SOURCE DIRECTORY\n"
      "Commands:\n"
      "  clone     Make a copy\n"
      "  show-all  Show\n"
      "This is text.\n");
  EXPECT_EQ(words.subcommands, (std::vector<std::string>{"clone", "show-all"}));
  EXPECT_EQ(words.operands,
            (std::vector<ValueKind>{ValueKind::kFile, ValueKind::kFolder}));
}

TEST(FlagsTest, HaveTheChoicesOfTheirSynopsis) {
  const CommandWords words = ParseHelp(
      "usage: keys [-q] [-t dsa | ecdsa-sk | rsa]\n"
      "            [-a | -b] [-f keyfile] [name [script]]\n");
  const Flag* type = Find(words, "-t");
  ASSERT_NE(type, nullptr);
  EXPECT_EQ(type->choices,
            (std::vector<std::string>{"dsa", "ecdsa-sk", "rsa"}));
  EXPECT_TRUE(type->guessed);
  EXPECT_EQ(Find(words, "-a")->value, ValueKind::kNone);
  EXPECT_EQ(Find(words, "-b")->value, ValueKind::kNone);
  EXPECT_EQ(Find(words, "-f")->value, ValueKind::kFile);
  EXPECT_EQ(words.operands,
            (std::vector<ValueKind>{ValueKind::kText, ValueKind::kCode}));
}

TEST(FlagsTest, AreReadOfManuals) {
  const CommandWords words = ParseHelp(
      "SYNOPSIS\n"
      "       awk  [-W  option]  [-F value] [--] 'program text' [file ...]\n");
  EXPECT_EQ(Find(words, "-W")->value, ValueKind::kText);
  EXPECT_EQ(words.operands,
            (std::vector<ValueKind>{ValueKind::kCode, ValueKind::kFile}));
  EXPECT_EQ(ParseHelp("Usage: awk [Options] [Program] [file ...]\n").operands,
            words.operands);
}

TEST(FlagsTest, HaveValuesOfTheKindThatTheirNameTells) {
  const CommandWords words = ParseHelp(
      "-c cmd : program passed in as string\n"
      "-d     : debug\n"
      "  -e, --eval=...     evaluate script\n"
      "  --output-dir=X     where to\n");
  EXPECT_EQ(Find(words, "-c")->value, ValueKind::kCode);
  EXPECT_EQ(Find(words, "-d")->value, ValueKind::kNone);
  EXPECT_EQ(Find(words, "--eval")->value, ValueKind::kCode);
  EXPECT_EQ(Find(words, "--output-dir")->value, ValueKind::kFolder);
}

TEST(FlagsTest, AreReadOfClusters) {
  const CommandWords words = ParseHelp("usage: list [-aCl] [--all] [file]\n");
  for (const char* name : {"-a", "-C", "-l", "--all"}) {
    EXPECT_NE(Find(words, name), nullptr) << name;
  }
  EXPECT_EQ(Find(words, "-x"), nullptr);
}

TEST(FlagsTest, TriesWhatIsOnlyGuessedToHaveAValueBothWays) {
  DrivingWords words;
  words.command = ParseHelp("usage: x [-n count]\n");
  Driver driver(std::move(words), 1);
  bool alone = false;
  bool with_value = false;
  while (driver.planned() != 0) {
    const auto arguments = driver.Next().arguments;
    alone = alone || arguments == std::vector<std::string>{"-n"};
    with_value = with_value || arguments == std::vector<std::string>{"-n", "1"};
  }
  EXPECT_TRUE(alone);
  EXPECT_TRUE(with_value);
}

TEST(OperandsTest, AreNotReadOfWhatFlagsDo) {
  const CommandWords words = ParseHelp(
      "Usage: tool [options]\n"
      "  -n   print nothing at all\n"
      "  -v   Print JSON output\n");
  EXPECT_TRUE(words.operands.empty());
  EXPECT_EQ(words.flags.size(), 2u);
  EXPECT_EQ(ParseHelp("usage: tool [-n]\n       [-v] file\n").operands,
            std::vector<ValueKind>{ValueKind::kFile});
}

TEST(SettingsTest, AreThePathsBelowAFolder) {
  const std::string program(
      "%s/.toolrc\0.text\0.eh_frame\0tool.conf\0~/.config/tool\0"
      "%s/tool/config\0%s/%d\0/usr/share/tool.conf\0/.netrc\0../x.conf\0"
      "%s/.keys\0%s/.keys/known\0",
      137);
  EXPECT_EQ(SettingsNamedIn(program),
            (std::vector<std::string>{".toolrc", "tool.conf", ".config/tool",
                                      "tool/config", ".netrc", ".keys/known"}));
}

TEST(FlagsTest, IsBoundedWhateverTheTextIs) {
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    text += "  --flag" + std::to_string(i) + "[={a|b|c   \n";
  }
  EXPECT_LE(ParseHelp(text).flags.size(), kFlagsMax);
  EXPECT_TRUE(ParseHelp("-[[={{<<|,").flags.empty());
}

TEST(SubcommandsTest, AreReadOfDescriptionsTablesAndLists) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(SubcommandsIn("Commands:\n"
                          "   clone     Clone a repository\n"
                          "   init      Create one\n"),
            (Names{"clone", "init"}));
  EXPECT_EQ(SubcommandsIn("  pack [--fast] FILE   make it smaller\n"
                          "  list FILE   what is in it\n"
                          "  there are words  and more\n"),
            (std::vector<std::string>{"pack", "list"}));
  EXPECT_EQ(SubcommandsIn("Standard commands\n"
                          "asn1parse         ca                ciphers  \n"
                          "cms               crl               ca\n"),
            (Names{"asn1parse", "ca", "ciphers", "cms", "crl"}));
  EXPECT_EQ(SubcommandsIn("Functions:\n\t[, [[, adjtimex, ar, arch, arp,\n"
                          "\tbase64, basename, bc, bzip2, w\n"),
            (Names{"adjtimex", "ar", "arch", "arp", "base64", "basename", "bc",
                   "bzip2"}));
  EXPECT_EQ(
      SubcommandsIn("Usage: tool OBJECT { COMMAND | help }\n"
                    "where OBJECT := { link | addr |\n   route }\n"
                    "      OPTIONS := { -V[ersion] | -j[son] }\n"
                    "usage: tool link {add|delete} --type={file|tree}\n"),
      (std::vector<std::string>{"link", "addr", "route", "add", "delete"}));
  EXPECT_EQ(SubcommandsIn("    access, adduser, dist-tag, ci,\n"),
            (Names{"access", "adduser", "dist-tag", "ci"}));
}

TEST(SubcommandsTest, AreNotReadOfSentences) {
  EXPECT_TRUE(SubcommandsIn("With no FILE, or when FILE is -, read standard "
                            "input, and write it.\n"
                            "  -a, --all   do not ignore entries\n"
                            "Exit status is 0  if OK, 1  if minor\n")
                  .empty());
}

TEST(ConstantsTest, AreThoseOfComparisons) {
  const std::string code =
      "\x90\x81\x38MAGI"  // cmp dword [rax], "MAGI"
      "\x3dPNG1"          // cmp eax, "PNG1"
      "\x81\x7c\x24\x10"
      "DEEP"  // cmp dword [rsp+16], "DEEP"
      "\x48\xb8"
      "EIGHTBYT"   // movabs rax, "EIGHTBYT"
      "\xb8NONE";  // mov eax: nothing is compared
  const auto constants = ComparedConstants(code);
  for (const char* wanted : {"MAGI", "PNG1", "DEEP", "EIGHTBYT"}) {
    EXPECT_EQ(std::ranges::count(constants, wanted), 1) << wanted;
  }
  EXPECT_EQ(std::ranges::count(constants, "NONE"), 0);
}

TEST(SplitWordsTest, SplitsAsAShellDoes) {
  EXPECT_EQ(SplitWords("a 'b c' \"d e\" f\\ g ''"),
            (std::vector<std::string>{"a", "b c", "d e", "f g", ""}));
}

TEST(FlagsTest, AreReadWithWhatTheyGoWith) {
  const CommandWords words = ParseHelp(
      "  -a, --all            everything; cannot be used with --none\n"
      "  -d, --depth=N        so deep; only with --recurse and -x\n"
      "  -r, --recurse        into folders\n"
      "      --none           nothing\n");
  const Flag* all = Find(words, "--all");
  ASSERT_NE(all, nullptr);
  EXPECT_EQ(all->alias, "-a");
  EXPECT_EQ(all->excludes, std::vector<std::string>{"--none"});
  EXPECT_TRUE(all->needs.empty());
  const Flag* depth = Find(words, "--depth");
  ASSERT_NE(depth, nullptr);
  const std::vector<std::string> both = {"--recurse", "-x"};
  EXPECT_EQ(depth->needs, both);
  EXPECT_TRUE(Find(words, "-r")->alias.empty());
}

TEST(FlagsTest, ArePlannedInPairsButNotThoseThatExcludeEachOther) {
  DrivingWords words;
  words.command = ParseHelp(
      "  -a, --all    everything; cannot be used with -c\n"
      "  -b           both\n  -c           neither\n");
  Driver driver(std::move(words), 1);
  std::set<std::string> pairs;
  while (driver.planned() != 0) {
    const Trial trial = driver.Next();
    std::string flags;
    for (const std::string& word : trial.arguments) {
      if (word.starts_with("-") && word.size() == 2) flags += word;
    }
    pairs.insert(flags);
  }
  const auto paired = [&pairs](const char* one, const char* other) {
    return pairs.contains(Concat(one, other)) ||
           pairs.contains(Concat(other, one));
  };
  EXPECT_TRUE(paired("-a", "-b"));
  EXPECT_TRUE(paired("-b", "-c"));
  EXPECT_FALSE(paired("-a", "-c"));
}

}  // namespace
}  // namespace formfuzz::campaign
