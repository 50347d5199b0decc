// SPDX-License-Identifier: Apache-2.0
// Policies by chance, to hold renderings and readers against.
#ifndef FORMFUZZ_TESTS_CAMPAIGN_SYSCALLS_RANDOM_POLICY_H_
#define FORMFUZZ_TESTS_CAMPAIGN_SYSCALLS_RANDOM_POLICY_H_

#include <vector>

#include "campaign/syscalls/policy/policy.h"
#include "framework/base/random.h"

namespace formfuzz::campaign {

// What a form can say without loss.
struct Ability {
  bool arguments = true;
  bool arches = true;   // rules of their own for each
  bool numbers = true;  // of calls without a name
  bool orders = true;   // conditions that are no equalities, among several
  bool errors = true;   // other verdicts than to allow
};

Policy AnyPolicy(const Ability& ability, Random* random);

// Arguments around everything that the call's rules ask about, and some of no
// kind; for an architecture of 32 bits none has more.
std::vector<CallArguments> ArgumentKinds(const Policy& policy, Arch arch,
                                         int number, Random* random);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_TESTS_CAMPAIGN_SYSCALLS_RANDOM_POLICY_H_
