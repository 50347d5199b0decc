// SPDX-License-Identifier: Apache-2.0
// The part of the plan that is about what lies in folders of the machine, by
// whose names the program is told to take it: plug-ins, themes, tables.

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "campaign/process/wire/nursery_messages.h"
#include "campaign/syscalls/drive/driver.h"

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFoldersMax = 8;
constexpr size_t kNamesMax = 24;     // of a folder
constexpr size_t kEntriesMax = 512;  // that are looked at

// Names in the folder with this beginning and end, without these.
std::vector<std::string> NamesIn(const fs::path& folder,
                                 const std::string& begin,
                                 const std::string& end) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (size_t i = 0;
       !error && entries != fs::directory_iterator() && i < kEntriesMax; ++i) {
    std::string name = entries->path().filename();
    if (name.size() > begin.size() + end.size() && name.starts_with(begin) &&
        name.ends_with(end)) {
      names.push_back(
          name.substr(begin.size(), name.size() - begin.size() - end.size()));
    }
    entries.increment(error);
  }
  std::ranges::sort(names);
  if (names.size() > kNamesMax) names.resize(kNamesMax);
  return names;
}

}  // namespace

// "--engine=text.txt" has looked for /usr/lib/tool/text.txt.so in vain: what
// else is there?
void Driver::MissedNamed(const std::string& path, const Trial& trial) {
  const fs::path missed = path;
  const std::string folder = missed.parent_path();
  if (!path.starts_with('/')) return;
  // A run's own, which the machine's of that name are not.
  for (const char* own : {"/proc", kScratchFolder}) {
    if (folder.starts_with(own)) return;
  }
  if (folders_of_names_.size() >= kFoldersMax) return;
  const std::string file = missed.filename();
  const auto with = [&](const std::string& word, auto replace) {
    constexpr size_t kWordMin = 3;  // shorter ones are in any name
    const size_t value = word.starts_with('-') ? word.find('=') + 1 : 0;
    const std::string given = word.substr(value);
    const size_t at = file.find(given);
    if (given.size() < kWordMin || at == file.npos) return;
    const std::string end = file.substr(at + given.size());
    // A folder of everything is none of the program's own.
    if (at == 0 && end.empty()) return;
    if (folders_of_names_.contains(folder)) return;
    std::deque<Trial> named;
    for (const auto& name : NamesIn(folder, file.substr(0, at), end)) {
      Trial next = trial;
      TakeOutVariations(next);
      replace(next) = word.substr(0, value) + name;
      named.push_back(std::move(next));
    }
    if (named.empty()) return;
    folders_of_names_.insert(folder);
    if (found_.empty()) BeginsNow(of_found_);
    found_.push_back(std::move(named));
  };
  for (size_t i = 0; i < trial.arguments.size(); ++i) {
    with(trial.arguments[i],
         [i](Trial& next) -> std::string& { return next.arguments[i]; });
  }
  for (size_t i = 0; i < trial.variables.size(); ++i) {
    with(trial.variables[i].second,
         [i](Trial& next) -> std::string& { return next.variables[i].second; });
  }
}

}  // namespace formfuzz::campaign
