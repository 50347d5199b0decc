// SPDX-License-Identifier: Apache-2.0
// --help and its kin, the manual page, the strings of the file.

#include "campaign/syscalls/drive/words.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "absl/strings/str_replace.h"
#include "campaign/process/child.h"
#include "campaign/syscalls/help/ask.h"
#include "campaign/syscalls/material/code.h"
#include "campaign/syscalls/material/command_prefixes.h"
#include "campaign/syscalls/material/constants.h"
#include "campaign/syscalls/material/formats.h"
#include "campaign/syscalls/material/own_libraries.h"
#include "campaign/syscalls/material/settings.h"
#include "campaign/syscalls/material/values.h"
#include "campaign/syscalls/writings/machine_scripts.h"
#include "campaign/syscalls/writings/script_words.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kStringsMax = 6000;
constexpr size_t kStringsOfLibraryMax = 1500;
constexpr size_t kVariablesMax = 64;
constexpr size_t kManualBytesMax = 1 << 22;
constexpr size_t kProgramBytesMax = 64 << 20;
constexpr size_t kCorpusFileMax = 1 << 20;
constexpr uint64_t kManualMs = 5000;
constexpr size_t kManualPagesMax = 128;
constexpr size_t kShownMax = 192;
constexpr size_t kShownInTextMax = 64;
constexpr size_t kShownInManualsMax = 1024;
constexpr size_t kNestedMax = 24;  // subcommands asked for their own

// What it said is added to `help`.
CommandWords WordsOf(Executor& executor, const std::vector<std::string>& at,
                     std::string& help) {
  CommandWords words;
  for (const char* question : {"--help", "-h", "help", "-help"}) {
    std::vector<std::string> arguments = at;
    arguments.emplace_back(question);
    const Said said = Ask(executor, std::move(arguments));
    if (said.ran) Merge(ParseHelp(said.text), words);
    if (said.ran) help += said.text + "\n";
    if (words.flags.size() > 4) break;
  }
  return words;
}

// "" where there is none.
std::string ManualOf(const std::vector<std::string>& pages) {
  Command command;
  command.arguments = {"man", "-P", "cat"};
  command.arguments.insert(command.arguments.end(), pages.begin(), pages.end());
  command.environment = {{"MANWIDTH", "200"}, {"LC_ALL", "C.UTF-8"}};
  const auto said =
      RunToEnd(command, Child::Output::kPiped, kManualBytesMax, kManualMs);
  // Of many some may be missing.
  const bool shown = said.ok() && (said->ending.ok() || pages.size() > 1);
  return shown ? said->output : "";
}

CommandWords WordsOfManual(const std::string& manual) {
  CommandWords words = ParseHelp(manual);
  words.subcommands.clear();  // paragraphs look like them
  return words;
}

// How it refuses a word, which is taken out of the answer; "": it does not.
std::string RefusalOf(Executor& executor, const std::string& word) {
  const Said said = Ask(executor, {word});
  if (said.ran && said.code == 0) return "";
  return absl::StrReplaceAll(Concat(said.code, said.text), {{word, ""}});
}

void GatherSubcommands(Executor& executor, DrivingWords& words,
                       std::string& help) {
  std::vector<std::string> names = words.command.subcommands;
  if (names.empty()) return;
  const std::string usual = RefusalOf(executor, "formfuzz-no-such-word");
  for (const std::string& name : names) {
    const std::string refusal = RefusalOf(executor, name);
    const bool refused = !refusal.empty() && refusal == usual;
    if (refused || SaysUnknown(refusal)) continue;
    CommandWords own = WordsOf(executor, {name}, help);
    const std::vector<std::string> nested = own.subcommands;
    // Programs that repeat their own help have no second level.
    const bool deeper = nested != names && nested.size() <= kNestedMax;
    for (const std::string& inner :
         deeper ? nested : std::vector<std::string>()) {
      words.subcommands[Concat(name, " ", inner)] =
          WordsOf(executor, {name, inner}, help);
    }
    // What the one help says of all may be its own.
    if (own.flags.empty()) own.flags = words.command.flags;
    words.subcommands[name] = std::move(own);
  }
}

// What is not among them already, up to a limit.
void Append(const std::vector<std::string>& more, size_t most,
            std::vector<std::string>& all) {
  for (const std::string& one : more) {
    if (all.size() >= most) return;
    if (std::ranges::find(all, one) == all.end()) all.push_back(one);
  }
}

void TakeFile(const std::string& path, std::span<const std::string> strings,
              DrivingWords& words) {
  for (const std::string& word : strings) words.dictionary.Add(word);
  Append(LikelyVariables(strings), kVariablesMax, words.variables);
  const auto content = ReadFile(path, kProgramBytesMax);
  if (!content.ok()) return;
  Append(ComparedConstants(*content), kConstantsMax, words.constants);
  Append(SettingsNamedIn(*content), kSettingsMax, words.settings);
  Append(ComparedNumbers(*content), kNumbersMax, words.numbers);
  Append(FilledFormatsIn(*content), kFormatsMax, words.formats);
  for (const char prefix : CommandPrefixesIn(*content)) {
    if (words.prefixes.find(prefix) == words.prefixes.npos) {
      words.prefixes += prefix;
    }
  }
}

// Before what its interpreter has.
void TakeScript(const std::string& path, DrivingWords& words) {
  const auto text = ReadFile(path, kScriptBytesMax);
  if (!text.ok()) return;
  const std::vector<std::string> strings = WordsOfScript(*text);
  std::string ended;  // as in a compiled program
  for (const std::string& word : strings) {
    words.dictionary.Add(word);
    ended.append(word).push_back('\0');
  }
  Append(LikelyVariables(strings), kVariablesMax, words.variables);
  Append(SettingsNamedIn(ended), kSettingsMax, words.settings);
}

// "git add" has a page of its own, "git-add".
std::string ManualOfSubcommands(const std::string& name,
                                const DrivingWords& words) {
  std::vector<std::string> pages;
  for (const auto& [subcommand, own] : words.subcommands) {
    const bool nested = subcommand.find(' ') != subcommand.npos;
    if (nested || pages.size() >= kManualPagesMax) continue;
    pages.push_back(Concat(name, "-", subcommand));
  }
  return pages.empty() ? "" : ManualOf(pages);
}

void TakeLanguage(DrivingWords& words) {
  std::vector<std::string> texts;
  for (const std::string& path : words.scripts) {
    if (auto text = ReadFile(path, kScriptBytesMax); text.ok()) {
      texts.push_back(*std::move(text));
    }
  }
  std::set<std::string> known;
  for (const std::string& word : words.dictionary.words()) {
    if (MayNameFunction(word)) known.insert(word);
  }
  words.spoken = SpokenIn(texts, known);
}

// What a user's own words are in front of would read others.
void GatherWritings(const std::string& path, const std::string& command,
                    const std::string& help, DrivingWords& words) {
  const std::string own = std::filesystem::path(path).filename();
  const std::string called = std::filesystem::path(command).filename();
  const std::string manual = ManualOfSubcommands(called, words);
  const std::set<std::string> names = {own, called};
  MachineScripts scripts = ScriptsAbout(path, names);
  const auto add = [&words](const ShownCommand& shown) {
    if (words.shown.size() >= kShownMax) return;
    if (std::ranges::find(words.shown, shown) != words.shown.end()) return;
    words.shown.push_back(shown);
  };
  std::map<std::string, std::deque<ShownCommand>> of_subcommand;
  for (const std::string& name : names) {
    for (const auto& shown : CommandsShownIn(help, name, kShownInTextMax)) {
      add(shown);
    }
    for (auto& shown : CommandsShownIn(manual, name, kShownInManualsMax)) {
      of_subcommand[shown[0]].push_back(std::move(shown));
    }
  }
  std::vector<std::deque<ShownCommand>> parts;
  for (auto& [subcommand, shown] : of_subcommand) {
    parts.push_back(std::move(shown));
  }
  for (const auto& shown : InTurns(std::move(parts), kShownMax)) add(shown);
  for (const ShownCommand& call : scripts.calls) add(call);
  words.scripts = std::move(scripts.own);
  TakeLanguage(words);
}

}  // namespace

DrivingWords GatherWords(Executor& executor, const std::string& path,
                         const std::vector<std::string>& command) {
  DrivingWords words;
  TakeScript(path, words);
  for (size_t i = 1; i < command.size(); ++i) TakeScript(command[i], words);
  std::string help;
  words.command = WordsOf(executor, {}, help);
  const std::string manual = ManualOf({std::filesystem::path(path).filename()});
  Merge(WordsOfManual(manual), words.command);
  help += manual;
  words.forms = OperandFormsIn(help);
  const std::vector<std::string> strings = StringsOfProgram(path, kStringsMax);
  TakeFile(path, strings, words);
  for (const std::string& library : OwnLibraries(executor, path)) {
    TakeFile(library, StringsOfProgram(library, kStringsOfLibraryMax), words);
  }
  for (const std::string& word : words.constants) words.dictionary.Add(word);
  TryHiddenFlags(executor, strings, words.command);
  GatherSubcommands(executor, words, help);
  if (command.size() == 1) GatherWritings(path, command[0], help, words);
  return words;
}

std::vector<std::string> SplitWords(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = '\0';
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      in_word = true;
    } else if (c == '\\' && i + 1 < line.size()) {
      word += line[++i];
      in_word = true;
    } else if (c == ' ' || c == '\t') {
      if (in_word) words.push_back(std::exchange(word, ""));
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(word);
  return words;
}

absl::Status AddProgramCorpus(const std::string& folder, DrivingWords& words) {
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  if (error) {
    return absl::NotFoundError(Concat("cannot read the program's corpus ",
                                      folder, ": ", error.message()));
  }
  for (const auto& entry : entries) {
    if (!entry.is_regular_file()) continue;
    const auto content = ReadFile(entry.path().string(), kCorpusFileMax);
    if (!content.ok()) return content.status();
    const std::string text(content->begin(), content->end());
    if (entry.path().extension() == ".args") {
      std::string_view rest = text;
      while (!rest.empty()) {
        const size_t end = std::min(rest.find('\n'), rest.size());
        Trial trial;
        trial.arguments = SplitWords(std::string(rest.substr(0, end)));
        words.examples.push_back(std::move(trial));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
      continue;
    }
    Trial piped;
    piped.standard_input = text;
    words.examples.push_back(std::move(piped));
    Trial named;
    const std::string name = entry.path().filename().string();
    named.files.push_back({name, text, FileKind::kRegular, 0, 0});
    named.arguments = {name};
    words.examples.push_back(std::move(named));
  }
  return absl::OkStatus();
}

}  // namespace formfuzz::campaign
