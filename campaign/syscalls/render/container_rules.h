// SPDX-License-Identifier: Apache-2.0
// Rules as OCI and Kubernetes have them: names with one verdict and one clause.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_CONTAINER_RULES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_CONTAINER_RULES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/syscalls/policy/policy.h"

namespace formfuzz::campaign {

struct ContainerRule {
  std::vector<std::string> names;
  Decision verdict;
  Clause all_of;  // several rules of a name: any of them
};

// All names without conditions first, a rule a verdict; then a rule a clause.
std::vector<ContainerRule> ContainerRules(const Policy& policy,
                                          std::vector<std::string>* lost);

std::string_view OciActionName(Decision verdict);
// SCMP_ACT_KILL ends the thread.
std::optional<Action> ActionOfOciName(std::string_view name);

std::string_view OciCompareName(const Condition& condition);
// Nothing for a masked comparison, which is an equality.
std::optional<Compare> CompareOfOciName(std::string_view name);
inline constexpr std::string_view kOciMasked = "SCMP_CMP_MASKED_EQ";

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_CONTAINER_RULES_H_
