// SPDX-License-Identifier: Apache-2.0
// The part of the plan that is about files which nothing on the command line
// names: those that the program's strings name, and those that it was seen to
// look for.

#include <iterator>
#include <utility>

#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/material/sections.h"
#include "campaign/syscalls/material/values.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kWordsOfSettings = 256;
// As settings are written.
constexpr std::string_view kEnds[] = {"\n", " = 1\n", "=true\n", " on\n"};
constexpr size_t kLinesMax = 8;
constexpr size_t kNamesInSections = 32;
// What files with a name that everybody knows hold.
constexpr std::string_view kForms[] = {
    "[main]\nkey = value\n", "{\"main\": \"text.txt\"}\n",
    "<?xml version=\"1.0\"?>\n<main key=\"value\"/>\n",
    "all:\n\ttrue && echo $(shell echo x)\n",
    "#!/bin/sh\necho x | cat > new.out\n"};

}  // namespace

// In a few forms; nothing; and the program's own words as settings are written.
void Driver::MakeContents() {
  std::vector<std::string> all(std::size(kEnds));
  std::vector<std::string> names;
  for (const std::string& word : words_.dictionary.words()) {
    if (lines_.size() >= kWordsOfSettings * all.size()) break;
    const bool is_name = word.find_first_of(" =:/") == word.npos;
    if (MayNameSetting(word) && names.size() < kNamesInSections) {
      names.push_back(word);
    }
    for (size_t i = 0; i < (is_name ? all.size() : 1); ++i) {
      lines_.push_back(Concat(word, kEnds[i]));
      all[i] += lines_.back();
    }
  }
  contents_.assign(std::begin(kForms), std::end(kForms));
  contents_.emplace_back();
  contents_.insert(contents_.end(), all.begin(), all.end());
  for (const std::string_view value : SettingValues()) {
    contents_.push_back(SectionsOf(names, value));
  }
}

// Files that the program may look for: empty, and with all words at once and,
// since one that is wrong may end the reading, each alone.
void Driver::PlanSettings() {
  if (words_.settings.empty()) return;
  const auto add = [&](const std::string& content) {
    Trial& trial = plan_.emplace_back();
    for (const std::string& path : words_.settings) {
      trial.files.push_back({path, content, FileKind::kRegular, 0, 0});
    }
    for (const std::string& name : words_.variables) {
      if (NamesFolder(name) && name != "HOME") {
        trial.variables.emplace_back(name, ".");
      }
    }
  };
  for (const std::string& content : contents_) add(content);
  for (const std::string& line : lines_) add(line);
}

// What has looked for it finds it.
void Driver::Missed(const std::set<std::string>& paths, const Trial& trial) {
  for (const std::string& path : paths) MissedNamed(path, trial);
  for (const std::string& path : looked_for_.Take(paths, trial)) {
    if (found_.empty()) BeginsNow(of_found_);
    Trial base = trial;
    TakeOutVariations(base);
    InputFile file{path, "", FileKind::kFolder, 0, 0};
    base.files.push_back(file);
    std::deque<Trial> of_path = {base};
    file.kind = FileKind::kRegular;
    for (const std::string& content : contents_) {
      file.content = content;
      base.files.back() = file;
      of_path.push_back(base);
    }
    found_.push_back(std::move(of_path));
  }
}

size_t Driver::planned() const {
  size_t count = 0;
  for (const Part& part : parts_) count += part.trials.size();
  for (const std::deque<Trial>& of_path : found_) count += of_path.size();
  for (const AmongMade& among : made_) count += among.uses.size();
  return count + shown_.size();
}

// What each of the files found may hold, in turns.
Trial Driver::TakeFound() {
  std::deque<Trial>& first = found_.front();
  Trial trial = std::move(first.back());
  first.pop_back();
  if (!first.empty()) found_.push_back(std::move(first));
  found_.pop_front();
  return trial;
}

// Some lines, or bytes here and there.
void Driver::ChangeFile(InputFile& file) {
  if (file.kind != FileKind::kRegular) return;
  if (file.content.empty() || random_.OneIn(2)) {
    file.content.clear();
    const size_t lines = 1 + random_.Below(kLinesMax);
    const std::string_view end = kEnds[random_.Below(std::size(kEnds))];
    for (size_t i = 0; i < lines; ++i) file.content += Concat(AnyWord(), end);
    return;
  }
  file.content = Mutated(file.content);
}

}  // namespace formfuzz::campaign
