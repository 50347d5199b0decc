// SPDX-License-Identifier: Apache-2.0
// Profiles against each other: what differs in what they allow, whether one
// allows no more than another, and both together.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_POLICY_COMPARISON_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_POLICY_COMPARISON_H_

#include <vector>

#include "campaign/syscalls/profile/profile.h"

namespace formfuzz::campaign {

// Point into the profiles, which must outlive it.
struct ProfileDifference {
  struct Changed {
    const ProfileEntry* a;
    const ProfileEntry* b;
  };
  std::vector<const ProfileEntry*> only_a;  // allowed by a and not by b
  std::vector<const ProfileEntry*> only_b;
  std::vector<Changed> changed;  // allowed with other arguments

  bool empty() const {
    return only_a.empty() && only_b.empty() && changed.empty();
  }
};

// Without `arguments` a call that both allow is the same in both.
ProfileDifference Differ(const Profile& a, const Profile& b, bool arguments);

// Whether every call that `narrow` lets through `wide` lets through as well.
// Each clause must lie within one clause: an exact answer would have to look
// at all arguments, and this one is never wrong when it says yes.
bool Within(const Clauses& narrow, const Clauses& wide);

// The entries of a that b does not let through, or not all of; none: a subset.
std::vector<const ProfileEntry*> Beyond(const Profile& a, const Profile& b,
                                        bool arguments);

// What either was seen to need. `into` keeps its program, host and discovery.
void Merge(Profile& into, const Profile& more);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_POLICY_COMPARISON_H_
