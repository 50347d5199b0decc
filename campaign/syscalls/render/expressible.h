// SPDX-License-Identifier: Apache-2.0
// Clauses in the words that a form has for them. A condition that it has none
// for is left out, so that more is let through, and that is told.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_EXPRESSIBLE_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_EXPRESSIBLE_H_

#include <string>
#include <vector>

#include "campaign/syscalls/policy/policy.h"

namespace formfuzz::campaign {

// What both libseccomp and minijail can say: a mask goes with equality alone.
// libseccomp besides takes one condition an argument: equalities of parts of
// one are joined, and where that does not help all but the first are left out.
struct Grammar {
  bool one_condition_an_argument = false;
};

// Rules that can never hold are left out.
std::vector<Rule> Expressible(const Policy& policy, const Grammar& grammar,
                              std::vector<std::string>* lost);

// Where a form has no architectures of its own for each rule: those of
// `policy` whose rules are the same by name. Tells of the others in `lost`.
void TellOfArches(const Policy& policy, std::vector<std::string>* lost);

// "ioctl", with its architecture where it is not the native one.
std::string CallText(const Rule& rule);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_EXPRESSIBLE_H_
