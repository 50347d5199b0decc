// SPDX-License-Identifier: Apache-2.0
// As "[section]" and "key = value".

#include "campaign/syscalls/material/sections.h"

#include <algorithm>
#include <cctype>

#include "framework/base/text.h"

namespace formfuzz::campaign {

bool MayNameSetting(std::string_view word) {
  constexpr size_t kBytesMax = 24;
  return word.size() > 1 && word.size() <= kBytesMax &&
         std::isalpha(static_cast<unsigned char>(word[0])) != 0 &&
         std::ranges::all_of(word, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '-';
         });
}

std::span<const std::string_view> SettingValues() {
  static constexpr std::string_view kAll[] = {"yes", "1", "on", "true",
                                              "/tmp/new"};
  return kAll;
}

std::string SectionsOf(std::span<const std::string> names,
                       std::string_view value) {
  std::string keys;
  for (const std::string& name : names) {
    keys += Concat(name, " = ", value, "\n");
  }
  std::string text = keys;
  for (const std::string& name : names) text += Concat("[", name, "]\n", keys);
  return text;
}

}  // namespace formfuzz::campaign
