// SPDX-License-Identifier: Apache-2.0
// From profiles to policies, and what policies decide.

#include "campaign/syscalls/policy/policy.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/policy/implied.h"
#include "campaign/syscalls/profile/spelling.h"

namespace formfuzz::campaign {
namespace {

constexpr std::string_view kActions[] = {
    "allow", "log", "errno", "trap", "trace", "notify", "kill_thread", "kill"};

// These say what the kernel or the object can do, and not how things stand:
// the next run gets the same answer.
constexpr int kLastingErrors[] = {ENOSYS, EOPNOTSUPP, ENOTTY, EPERM};

// The one answer that every run got, if it is one that lasts; 0 otherwise.
int LastingError(const ProfileEntry& entry) {
  if (entry.results.size() != 1) return 0;
  const int code = entry.results.begin()->first;
  const bool lasting =
      std::find(std::begin(kLastingErrors), std::end(kLastingErrors), code) !=
      std::end(kLastingErrors);
  return lasting ? code : 0;
}

bool InPhase(const ProfileEntry& entry, uint8_t phases) {
  return entry.phases == 0 || (entry.phases & phases) != 0;
}

Rule RuleOf(const ProfileEntry& entry, Level level) {
  Rule rule{.arch = entry.arch, .number = entry.number};
  if (level == Level::kNames) return rule;
  if (const int code = LastingError(entry); code != 0) {
    rule.verdict = {Action::kErrno, code};
  } else if (level == Level::kArguments) {
    rule.any_of = entry.arguments;
  }
  return rule;
}

// A rule for each of the runtime's own calls goes before the profile's.
void AddRuntime(Runtime runtime, Policy* policy) {
  for (const Arch arch : policy->arches) {
    for (const std::string_view name : CallsOf(runtime)) {
      const auto number = NumberOfCall(arch, name);
      if (!number) continue;
      std::erase_if(policy->rules, [&](const Rule& rule) {
        return rule.arch == arch && rule.number == *number;
      });
      policy->rules.push_back({.arch = arch, .number = *number});
    }
  }
  if (runtime != Runtime::kNone) {
    policy->remarks.push_back(std::string(ReasonOf(runtime)));
  }
}

}  // namespace

Policy PolicyOf(const Profile& profile, const View& view) {
  Policy policy{.otherwise = view.otherwise};
  std::set<Arch> arches;
  for (const ProfileEntry& entry : profile.entries) {
    if (!entry.allowed()) continue;
    arches.insert(entry.arch);
    if (!InPhase(entry, view.phases)) continue;
    policy.rules.push_back(RuleOf(entry, view.level));
  }
  policy.arches.assign(arches.begin(), arches.end());
  AddRuntime(view.runtime, &policy);
  Sort(policy);
  return policy;
}

absl::StatusOr<Profile> ProfileOf(const Policy& policy) {
  if (policy.otherwise.lets_through()) {
    return absl::InvalidArgumentError(
        "it lets through whatever it does not name, and a profile lists what "
        "is let through: of lists of what is refused none can be made");
  }
  Profile profile;
  const Rule* refusal = nullptr;  // of the present call
  for (const Rule& rule : policy.rules) {
    if (!rule.verdict.lets_through()) {
      refusal = &rule;
      continue;
    }
    if (refusal != nullptr && refusal->arch == rule.arch &&
        refusal->number == rule.number) {
      return absl::InvalidArgumentError(absl::StrCat(
          NameOfCall(rule.arch, rule.number), " is let through but for what ",
          "an earlier rule refuses, which a profile cannot say: put what is ",
          "let through before it, and as a condition of its own"));
    }
    profile.entries.push_back({.arch = rule.arch,
                               .number = rule.number,
                               .name = NameOfCall(rule.arch, rule.number),
                               .arguments = rule.any_of,
                               .presence = Presence::kImplied,
                               .reason = "stands in the policy that was read"});
  }
  profile.notes = policy.remarks;
  Sort(profile);
  return profile;
}

void Sort(Policy& policy) {
  // Indices keep the order among rules of one call.
  std::vector<std::tuple<Arch, int, size_t>> order;
  for (size_t i = 0; i < policy.rules.size(); ++i) {
    order.emplace_back(policy.rules[i].arch, policy.rules[i].number, i);
  }
  std::sort(order.begin(), order.end());
  std::vector<Rule> sorted;
  for (const auto& [arch, number, i] : order) {
    sorted.push_back(std::move(policy.rules[i]));
  }
  policy.rules = std::move(sorted);
  std::sort(policy.arches.begin(), policy.arches.end());
}

Decision Judge(const Policy& policy, Arch arch, int number,
               const CallArguments& arguments) {
  const bool known = std::find(policy.arches.begin(), policy.arches.end(),
                               arch) != policy.arches.end();
  if (!known) return {Action::kKillProcess, 0};
  auto rule = std::lower_bound(
      policy.rules.begin(), policy.rules.end(), std::tuple(arch, number),
      [](const Rule& one, const std::tuple<Arch, int>& key) {
        return std::tuple(one.arch, one.number) < key;
      });
  for (; rule != policy.rules.end() && rule->arch == arch &&
         rule->number == number;
       ++rule) {
    if (AnyHolds(rule->any_of, arguments)) return rule->verdict;
  }
  return policy.otherwise;
}

std::string ToString(Decision verdict) {
  const std::string name(kActions[static_cast<size_t>(verdict.action)]);
  if (verdict.action == Action::kErrno) {
    return absl::StrCat(name, " ", NameOfErrno(verdict.code));
  }
  return name;
}

std::optional<Decision> DecisionOfText(std::string_view text) {
  const auto action = std::find(std::begin(kActions), std::end(kActions), text);
  if (action != std::end(kActions) && text != "errno") {
    return Decision{static_cast<Action>(action - std::begin(kActions)), 0};
  }
  if (text == "kill_process") return Decision{Action::kKillProcess, 0};
  constexpr std::string_view kErrnoPrefix = "errno:";
  if (text.substr(0, kErrnoPrefix.size()) == kErrnoPrefix) {
    text.remove_prefix(kErrnoPrefix.size());
  }
  const auto code = ErrnoOfName(text);
  if (!code || *code == 0) return std::nullopt;
  return Decision{Action::kErrno, *code};
}

}  // namespace formfuzz::campaign
