// SPDX-License-Identifier: Apache-2.0
// Runs start at home, so that paths below it come in two forms.

#include "campaign/syscalls/drive/looked_for.h"

#include <algorithm>
#include <string_view>

#include "campaign/process/wire/nursery_messages.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kPathMax = 96;
constexpr size_t kNamesMax = 4096;  // that are remembered

// "" if it is elsewhere.
std::string BelowStart(std::string_view path) {
  static const std::string home = Concat(kScratchFolder, "/", kWorkFolder, "/");
  if (path.starts_with(home)) path.remove_prefix(home.size());
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.ends_with("/") || path.ends_with("/.")) path.remove_suffix(1);
  const bool good =
      !path.empty() && path.size() <= kPathMax && path.front() != '/' &&
      path != "." && path.find("..") == path.npos &&
      path.find("//") == path.npos &&
      std::ranges::all_of(path, [](char c) { return c > ' ' && c <= '~'; });
  return good ? std::string(path) : "";
}

// What follows from a word that we have made up is none of the program's own:
// not TEXT.gz either, where it was given TEXT.
bool IsNamed(const std::string& path, const Trial& trial) {
  constexpr size_t kWordMin = 3;  // shorter ones are in any name
  const std::string first = path.substr(0, path.find('/'));
  const auto names = [&first](std::string_view word) {
    if (word.find(first) != word.npos) return true;
    if (word.starts_with('-')) word.remove_prefix(word.find('=') + 1);
    return word.size() >= kWordMin && first.find(word) != first.npos;
  };
  return std::ranges::any_of(trial.arguments, names) ||
         std::ranges::any_of(
             trial.variables,
             [&](const auto& variable) { return names(variable.second); }) ||
         std::ranges::any_of(
             trial.files,
             [&](const InputFile& file) { return names(file.path); }) ||
         names(trial.standard_input);
}

}  // namespace

std::vector<std::string> LookedFor::Take(const std::set<std::string>& paths,
                                         const Trial& trial) {
  constexpr int kRuns = 2;
  std::set<std::string> below;
  for (const std::string& path : paths) below.insert(BelowStart(path));
  below.erase("");
  std::vector<std::string> found;
  for (const std::string& path : below) {
    if (IsNamed(path, trial) || taken_ >= kFilesMax) continue;
    if (runs_.size() >= kNamesMax && !runs_.contains(path)) continue;
    if (++runs_[path] != kRuns) continue;
    ++taken_;
    found.push_back(path);
  }
  return found;
}

}  // namespace formfuzz::campaign
