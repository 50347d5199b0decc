// SPDX-License-Identifier: Apache-2.0
// A drop-in for a service. systemd has no conditions on arguments, one list for
// all architectures, and lets @default through in any case.

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "absl/strings/str_join.h"
#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/profile/spelling.h"
#include "campaign/syscalls/render/expressible.h"
#include "campaign/syscalls/render/render.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// Words of names in a line; more lines add to the list.
constexpr size_t kNamesInLine = 8;

struct Lists {
  std::set<std::string> allowed;
  std::set<std::string> refused;  // "name:ERROR"
};

Lists ListsOf(const Policy& policy, std::vector<std::string>* lost) {
  Lists lists;
  TellOfArches(policy, lost);
  for (const Rule& rule : policy.rules) {
    const std::string name = NameOfCall(rule.arch, rule.number);
    if (!HasName(rule.arch, rule.number)) {
      lost->push_back(Concat(CallText(rule), ": has no name yet, and the form ",
                             "knows calls by name: it is refused"));
    } else if (rule.verdict.lets_through()) {
      lists.allowed.insert(name);
      if (rule.any_of.empty()) continue;
      lost->push_back(Concat(name,
                             ": systemd does not look at arguments, "
                             "any are let through"));
    } else if (rule.verdict.action == Action::kErrno && rule.any_of.empty()) {
      lists.refused.insert(Concat(name, ":", NameOfErrno(rule.verdict.code)));
    } else {
      lost->push_back(Concat(CallText(rule), ": systemd has no words for ",
                             ToString(rule.verdict), " here"));
    }
  }
  return lists;
}

std::string ArchesText(const Policy& policy) {
  std::set<std::string> names;
  for (const Arch arch : policy.arches) {
    names.insert(arch == NativeArch() ? "native" : SystemdNameOfArch(arch));
  }
  return absl::StrJoin(names, " ");
}

std::string FilterLines(const std::set<std::string>& names) {
  std::string text;
  size_t i = 0;
  for (const std::string& name : names) {
    const bool begins = i++ % kNamesInLine == 0;
    text += Concat(begins ? "\nSystemCallFilter=" : " ", name);
  }
  return text;
}

std::string UnitText(const Policy& policy, const Lists& lists,
                     std::vector<std::string>* lost) {
  std::string text =
      Concat("[Service]\nNoNewPrivileges=yes\n",
             "SystemCallArchitectures=", ArchesText(policy),
             FilterLines(lists.allowed), FilterLines(lists.refused));
  const Decision otherwise = policy.otherwise;
  if (otherwise.action == Action::kErrno) {
    text += Concat("\nSystemCallErrorNumber=", NameOfErrno(otherwise.code));
  } else if (otherwise.action != Action::kKillProcess) {
    lost->push_back(
        Concat("calls outside of the profile end the process: "
               "systemd has no words for ",
               ToString(otherwise)));
  }
  return text + "\n";
}

constexpr char kDefaultGroup[] = "@default";
constexpr char kDefaultNote[] =
    "systemd lets the calls of @default through, whether listed or not";

// The group that covers most of `left` without a call beyond `allowed`, or
// failing that with the fewest beyond it; "" if none covers two.
std::string BestGroup(const SystemdGroups& groups,
                      const std::set<std::string>& left) {
  std::string best;
  // A group may bring as many calls that are not needed as it saves words for.
  long best_gain = 0;
  for (const auto& [name, members] : groups) {
    const auto covered =
        std::count_if(members.begin(), members.end(),
                      [&](const auto& call) { return left.count(call) != 0; });
    const long beyond = static_cast<long>(members.size()) - covered;
    const long gain = 2 * covered - beyond;
    if (covered > 1 && gain > best_gain) {
      best = name;
      best_gain = gain;
    }
  }
  return best;
}

}  // namespace

Rendering RenderSystemd(const Policy& policy) {
  Rendering rendering;
  const Lists lists = ListsOf(policy, &rendering.lost);
  rendering.text = UnitText(policy, lists, &rendering.lost);
  rendering.lost.push_back(kDefaultNote);
  return rendering;
}

absl::StatusOr<Rendering> RenderSystemdGroups(const Policy& policy,
                                              const SystemdGroups* groups) {
  if (groups == nullptr || groups->empty()) {
    return absl::FailedPreconditionError(
        "covering calls with systemd's groups wants its own list of them: run "
        "this where `systemd-analyze syscall-filter` works");
  }
  Rendering rendering;
  Lists lists = ListsOf(policy, &rendering.lost);
  std::set<std::string> left = lists.allowed;
  std::set<std::string> chosen;
  std::set<std::string> beyond;
  const auto take = [&](const std::string& name) {
    chosen.insert(name);
    for (const std::string& call : groups->at(name)) {
      left.erase(call);
      if (lists.allowed.count(call) == 0) beyond.insert(call);
    }
  };
  if (groups->count(kDefaultGroup) != 0) take(kDefaultGroup);
  for (std::string best = BestGroup(*groups, left); !best.empty();
       best = BestGroup(*groups, left)) {
    take(best);
  }
  lists.allowed = chosen;
  lists.allowed.insert(left.begin(), left.end());
  rendering.text = UnitText(policy, lists, &rendering.lost);
  rendering.lost.push_back(Concat(
      "the groups let ", beyond.size(),
      " calls through that the profile has not: ", absl::StrJoin(beyond, " ")));
  return rendering;
}

}  // namespace formfuzz::campaign
