// SPDX-License-Identifier: Apache-2.0
// The part of the plan that other people wrote: commands that manuals and
// scripts show, one after the other among what those before have left, and
// scripts in the program's language.

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/drive/fixtures.h"
#include "campaign/syscalls/material/values.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kNamedFilesMax = 6;
constexpr size_t kFlagsForScriptsMax = 4;
// Of all that shown commands have left; more is begun afresh.
constexpr size_t kLeftMax = 96;

bool IsOfFileName(unsigned char c) {
  return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-' || c == '/';
}

// "data/in.csv"; not "-x", "/etc/passwd", "10" or what is somewhere above.
bool MayNameFile(const std::string& word) {
  const auto first = static_cast<unsigned char>(word.empty() ? ' ' : word[0]);
  return std::isalnum(first) != 0 && std::ranges::all_of(word, IsOfFileName) &&
         word.find("..") == word.npos && !word.ends_with('/') &&
         std::ranges::any_of(
             word, [](unsigned char c) { return std::isalpha(c) != 0; });
}

// As a file with that ending is.
std::string ContentFor(const std::string& name) {
  const Fixture* text = nullptr;
  for (const Fixture& fixture : Fixtures()) {
    const InputFile& file = fixture.files.back();
    if (fixture.name == "text.txt") text = &fixture;
    const size_t dot = fixture.name.rfind('.');
    if (dot == fixture.name.npos || file.kind != FileKind::kRegular) continue;
    if (name.ends_with(fixture.name.substr(dot))) return file.content;
  }
  return text == nullptr ? "" : text->files.back().content;
}

}  // namespace

// As it is shown, and where it names files that nobody has made, with these.
void Driver::PlanShown() {
  const std::string input = ContentFor("text.txt");
  for (const ShownCommand& words : words_.shown) {
    Trial trial;
    trial.arguments = words;
    trial.standard_input = input;
    shown_.push_back(trial);
    std::set<std::string> named;
    for (const std::string& word : words) {
      const std::string value = word.substr(word.find('=') + 1);
      const bool is_subcommand =
          &word == words.data() && words_.subcommands.contains(word);
      if (is_subcommand || !MayNameFile(value)) continue;
      const Fixture* fixture = FixtureIn(value);
      const bool given = fixture != nullptr && value.starts_with(fixture->name);
      if (given || !named.insert(value).second) continue;
      if (named.size() > kNamedFilesMax) break;
      trial.files.push_back(
          {value, ContentFor(value), FileKind::kRegular, 0, 0});
    }
    if (!trial.files.empty()) shown_.push_back(std::move(trial));
  }
}

// What is there already stays what it is.
Trial Driver::TakeShown() {
  Trial trial = std::move(shown_.front());
  shown_.pop_front();
  std::vector<InputFile> files = left_by_shown_;
  for (InputFile& file : trial.files) {
    const bool there = std::ranges::any_of(files, [&](const InputFile& left) {
      return left.path == file.path || left.path.starts_with(file.path + "/") ||
             file.path.starts_with(left.path + "/");
    });
    if (!there) files.push_back(std::move(file));
  }
  trial.files = std::move(files);
  leads_on_ = shows_ = true;
  return trial;
}

void Driver::TakeLeftByShown(const std::vector<InputFile>& files) {
  left_by_shown_ = files.size() <= kLeftMax ? files : std::vector<InputFile>();
}

// As operands, and as the value of flags that take a file.
void Driver::PlanScripts() {
  std::vector<std::deque<Trial>> parts;
  for (const std::string& path : words_.scripts) {
    std::deque<Trial>& part = parts.emplace_back();
    part.emplace_back().arguments = {path};
    part.emplace_back().arguments = {path, "text.txt"};
    size_t flags = 0;
    for (const Flag& flag : words_.command.flags) {
      if (flag.value != ValueKind::kFile || !flag.alias.empty()) continue;
      if (++flags > kFlagsForScriptsMax) break;
      Trial& trial = part.emplace_back();
      AppendFlag(flag, path, trial);
      trial.arguments.emplace_back("text.txt");
    }
    part.emplace_back().arguments = {path, "--help"};
  }
  plan_ = InTurns(std::move(parts), group_max_);
}

// On standard input, where most languages are read from if from nowhere else:
// each word with a few things that it may be about, and lines of scripts.
void Driver::PlanSpoken() {
  const auto add = [this](const std::string& text) {
    Trial& trial = plan_.emplace_back();
    trial.standard_input = text + "\n";
    trial.fixtures = {"text.txt", "tree"};
  };
  for (const std::string& word : words_.spoken.words) {
    add(Concat(word, "\n", word, " tree\n", word, " text.txt new.out\n", word,
               " 1"));
  }
  std::deque<Trial> of_words = TakePlan();
  for (const std::string& line : words_.spoken.statements) add(line);
  plan_ = InTurns(std::vector{std::move(of_words), TakePlan()}, group_max_);
}

}  // namespace formfuzz::campaign
