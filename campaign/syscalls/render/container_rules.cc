// SPDX-License-Identifier: Apache-2.0
// The words that OCI and Kubernetes share.

#include "campaign/syscalls/render/container_rules.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/render/expressible.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// By Action.
constexpr std::string_view kActions[] = {
    "SCMP_ACT_ALLOW", "SCMP_ACT_LOG",         "SCMP_ACT_ERRNO",
    "SCMP_ACT_TRAP",  "SCMP_ACT_TRACE",       "SCMP_ACT_NOTIFY",
    "SCMP_ACT_KILL",  "SCMP_ACT_KILL_PROCESS"};
constexpr std::string_view kCompares[] = {"SCMP_CMP_EQ", "SCMP_CMP_NE",
                                          "SCMP_CMP_LT", "SCMP_CMP_LE",
                                          "SCMP_CMP_GT", "SCMP_CMP_GE"};

bool Before(const ContainerRule& a, const ContainerRule& b) {
  if (a.names != b.names) return a.names < b.names;
  return a.all_of < b.all_of;
}

}  // namespace

std::vector<ContainerRule> ContainerRules(const Policy& policy,
                                          std::vector<std::string>* lost) {
  std::map<std::pair<Action, int>, std::set<std::string>> plain;
  std::vector<ContainerRule> rules;
  std::vector<ContainerRule> with_clauses;
  TellOfArches(policy, lost);
  for (const Rule& rule :
       Expressible(policy, {.one_condition_an_argument = true}, lost)) {
    if (!HasName(rule.arch, rule.number)) {
      lost->push_back(Concat(CallText(rule), ": has no name yet, and the form ",
                             "knows calls by name: it is refused"));
      continue;
    }
    if (!LibseccompKnows(rule.arch, rule.number)) {
      lost->push_back(Concat(CallText(rule), ": runtimes with a libseccomp of ",
                             "2.5 pass over this name: it is refused there"));
    }
    const std::string name = NameOfCall(rule.arch, rule.number);
    if (rule.any_of.empty()) {
      plain[{rule.verdict.action, rule.verdict.code}].insert(name);
    }
    for (const Clause& clause : rule.any_of) {
      with_clauses.push_back({{name}, rule.verdict, clause});
    }
  }
  for (const auto& [verdict, names] : plain) {
    rules.push_back(
        {{names.begin(), names.end()}, {verdict.first, verdict.second}, {}});
  }
  std::sort(with_clauses.begin(), with_clauses.end(), Before);
  rules.insert(rules.end(), with_clauses.begin(), with_clauses.end());
  return rules;
}

std::string_view OciActionName(Decision verdict) {
  return kActions[static_cast<size_t>(verdict.action)];
}

std::optional<Action> ActionOfOciName(std::string_view name) {
  if (name == "SCMP_ACT_KILL_THREAD") return Action::kKillThread;
  const auto found = std::find(std::begin(kActions), std::end(kActions), name);
  if (found == std::end(kActions)) return std::nullopt;
  return static_cast<Action>(found - std::begin(kActions));
}

std::string_view OciCompareName(const Condition& condition) {
  if (condition.mask != kWholeWord) return kOciMasked;
  return kCompares[static_cast<size_t>(condition.compare)];
}

std::optional<Compare> CompareOfOciName(std::string_view name) {
  const auto found =
      std::find(std::begin(kCompares), std::end(kCompares), name);
  if (found == std::end(kCompares)) return std::nullopt;
  return static_cast<Compare>(found - std::begin(kCompares));
}

}  // namespace formfuzz::campaign
