// SPDX-License-Identifier: Apache-2.0
// A look at each string of the file. Names of sections begin with a dot as
// well: a name without a folder must end as settings do.

#include "campaign/syscalls/material/settings.h"

#include <algorithm>
#include <cctype>

namespace formfuzz::campaign {
namespace {

constexpr size_t kPathMin = 4;
constexpr size_t kPathMax = 48;

bool IsPathChar(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' ||
         c == '/' || c == '-' || c == '_';
}

bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }

bool EndsAsSettingsDo(std::string_view path) {
  for (const std::string_view end :
       {"rc", "config", ".conf", ".cfg", ".ini", ".toml", ".yaml", ".yml",
        ".json", "profile", "settings"}) {
    if (path.ends_with(end)) return true;
  }
  return false;
}

// What follows the folder that is filled in when the program runs.
std::string_view BelowFolder(std::string_view text) {
  for (const std::string_view folder : {"%s/", "~/", "$HOME/", "/."}) {
    // The dot is the name's.
    const size_t skip = folder == "/." ? 1 : folder.size();
    if (text.starts_with(folder)) return text.substr(skip);
  }
  return {};
}

std::string_view SettingsIn(std::string_view text) {
  const std::string_view below = BelowFolder(text);
  const std::string_view path = below.empty() ? text : below;
  const bool fits = path.size() >= kPathMin && path.size() <= kPathMax &&
                    path.front() != '/' && path.back() != '/' &&
                    std::ranges::all_of(path, IsPathChar) &&
                    path.find("..") == path.npos;
  if (!fits) return {};
  const bool likely =
      below.empty() ? EndsAsSettingsDo(path) && path.find('.') != path.npos
                    : EndsAsSettingsDo(path) || path.front() == '.';
  return likely ? path : std::string_view();
}

}  // namespace

std::vector<std::string> SettingsNamedIn(std::string_view program) {
  std::vector<std::string> all;
  while (!program.empty() && all.size() < kSettingsMax) {
    const auto end =
        std::find_if_not(program.begin(), program.end(), IsPrintable);
    const auto size = static_cast<size_t>(end - program.begin());
    const bool ended = size < program.size() && program[size] == '\0';
    const std::string_view path = SettingsIn(program.substr(0, size));
    if (ended && !path.empty() && std::ranges::find(all, path) == all.end()) {
      all.emplace_back(path);
    }
    program.remove_prefix(std::min(size + 1, program.size()));
  }
  // What is a folder of others is no file.
  std::erase_if(all, [&all](const std::string& path) {
    return std::ranges::any_of(all, [&path](const std::string& other) {
      return other.size() > path.size() && other.starts_with(path) &&
             other[path.size()] == '/';
    });
  });
  return all;
}

}  // namespace formfuzz::campaign
