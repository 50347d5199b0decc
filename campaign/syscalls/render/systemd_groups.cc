// SPDX-License-Identifier: Apache-2.0
// systemd's list of groups: names at the margin, members and remarks indented.

#include "campaign/syscalls/render/systemd_groups.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// Groups are named within groups, and those within others, a few deep.
constexpr int kNestingMax = 8;

// Puts the members of groups in the place of their names; false when done.
bool ResolveOnce(SystemdGroups* groups) {
  bool changed = false;
  for (auto& [name, members] : *groups) {
    std::vector<std::string> inner;
    for (const std::string& member : members) {
      if (member[0] == '@') inner.push_back(member);
    }
    for (const std::string& group : inner) {
      members.erase(group);
      changed = true;
      const auto found = groups->find(group);
      if (found == groups->end() || group == name) continue;
      const std::set<std::string> copy = found->second;
      members.insert(copy.begin(), copy.end());
    }
  }
  return changed;
}

}  // namespace

SystemdGroups ParseSystemdGroups(std::string_view text) {
  SystemdGroups groups;
  std::string current;
  for (const absl::string_view line : absl::StrSplit(ToAbsl(text), '\n')) {
    const std::string word(absl::StripAsciiWhitespace(line));
    if (word.empty() || word[0] == '#') continue;
    if (line[0] == '@') {
      current = word;
      groups[current];
    } else if (absl::ascii_isspace(static_cast<unsigned char>(line[0])) &&
               !current.empty()) {
      groups[current].insert(word);
    } else {
      current.clear();
    }
  }
  // What stands in no group is no group: it is what nobody has sorted in.
  for (int depth = 0; depth < kNestingMax && ResolveOnce(&groups); ++depth) {
  }
  groups.erase("@known");
  return groups;
}

}  // namespace formfuzz::campaign
