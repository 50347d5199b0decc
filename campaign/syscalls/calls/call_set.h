// SPDX-License-Identifier: Apache-2.0
// The calls that need not be asked about any more, and the filter that says
// so: grows, never shrinks. Bounded: what has more than kClassesMax classes of
// arguments is known whatever its arguments are.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_CALLS_CALL_SET_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_CALLS_CALL_SET_H_

#include <linux/filter.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "campaign/process/wire/nursery_messages.h"
#include "campaign/syscalls/calls/call.h"
#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/profile/condition.h"

namespace formfuzz::campaign {

class CallSet {
 public:
  static constexpr size_t kClassesMax = 48;

  // Whether classes of arguments count at all.
  explicit CallSet(bool by_class = true) : by_class_(by_class) {}

  // True if that is news. Calls of foreign architectures stay unknown.
  bool Add(const Call& call);
  void AddNumber(uint32_t number);
  // The arguments that a profile's entry allows. A filter of ours compares for
  // equality alone: false, and nothing is added, where that will not do.
  bool AddClauses(uint32_t number, const Clauses& clauses);
  // Of another architecture: asked about all the same, since no filter of ours
  // looks at these, but known.
  void AddForeign(Arch arch, uint32_t number, const Clauses& clauses);
  bool Knows(const Call& call) const;
  void Remove(uint32_t number);

  uint64_t version() const { return version_; }

  // Known calls are let pass, and so is what comes from `own`; all else,
  // kPhaseCall and what reaches keyrings is asked about.
  std::vector<sock_filter> Filter(const OwnCode& own) const;

 private:
  struct Known {
    bool whatever = false;  // its arguments are
    std::set<CallClass> classes;
    Clauses clauses;
  };
  static Clauses ClausesOf(uint32_t number, const Known& known);

  bool by_class_;
  uint64_t version_ = 0;
  std::map<uint32_t, Known> calls_;  // of the native architecture, by number
  std::map<std::pair<Arch, uint32_t>, Clauses> foreign_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_CALLS_CALL_SET_H_
