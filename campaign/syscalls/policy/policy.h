// SPDX-License-Identifier: Apache-2.0
// What a filter decides about each call: the profile without its evidence, at
// the level and for the phases that one wants to enforce. Every rendering is
// made from a policy, and every reader gives one.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_POLICY_POLICY_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_POLICY_POLICY_H_

#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "campaign/syscalls/profile/profile.h"

namespace formfuzz::campaign {

enum class Action : uint8_t {
  kAllow,
  kLog,    // allowed, and logged
  kErrno,  // refused with `code`
  kTrap,
  kTrace,
  kNotify,
  kKillThread,
  kKillProcess,
};

struct Decision {
  Action action = Action::kAllow;
  int code = 0;  // of kErrno, kTrace and kTrap

  bool lets_through() const {
    return action == Action::kAllow || action == Action::kLog;
  }
  bool operator==(const Decision&) const = default;
};

// Why ENOSYS: to a C library that is the kernel's age, and it takes the older
// call instead. EPERM is an answer about rights, and makes it give up.
inline constexpr Decision kDefaultDecision = {Action::kErrno, ENOSYS};

struct Rule {
  Arch arch = kArchX86_64;
  int number = -1;
  Decision verdict = {};
  Clauses any_of = {};

  bool operator==(const Rule&) const = default;
};

struct Policy {
  std::vector<Arch> arches = {};  // calls of others end the process
  Decision otherwise = kDefaultDecision;
  // By arch and number; of one call's rules the first that holds decides.
  std::vector<Rule> rules = {};
  // What its reader could not take over, or its reader ought to know.
  std::vector<std::string> remarks = {};
};

enum class Level : uint8_t {
  kNames,      // a call that is allowed is so with all arguments
  kErrno,      // calls that were only ever refused as unsupported are refused
               // likewise, instead of allowed
  kArguments,  // and the rest with the arguments that were seen
};

enum class Runtime : uint8_t { kNone, kRunc, kCrun };

struct View {
  Level level = Level::kNames;
  uint8_t phases = kAllPhases;
  Decision otherwise = kDefaultDecision;
  Runtime runtime = Runtime::kNone;  // whose own calls are allowed besides
};

Policy PolicyOf(const Profile& profile, const View& view);

// A profile without evidence, to compare with others: what the policy lets
// through, whatever else it does. InvalidArgument where that is no list of
// calls and arguments: all but some, or all that an earlier rule leaves over.
absl::StatusOr<Profile> ProfileOf(const Policy& policy);

// Sorts the rules; those of one call keep their order.
void Sort(Policy& policy);

Decision Judge(const Policy& policy, Arch arch, int number,
               const CallArguments& arguments);

// "allow", "log", "errno ENOSYS", "trap", "kill", "kill_thread", ...
std::string ToString(Decision verdict);
// What a person types: also "ENOSYS", "38" or "errno:38" for a refusal.
std::optional<Decision> DecisionOfText(std::string_view text);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_POLICY_POLICY_H_
