// SPDX-License-Identifier: Apache-2.0
// One system call as a filter of the kernel sees it, and what of it counts:
// the call itself, and the class that its arguments are in.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_CALLS_CALL_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_CALLS_CALL_H_

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace formfuzz::campaign {

inline constexpr size_t kCallArguments = 6;

struct Call {
  uint32_t arch = 0;    // AUDIT_ARCH_*
  uint32_t number = 0;  // as the kernel was given it
  std::array<uint64_t, kCallArguments> arguments{};
  uint64_t instruction = 0;  // where the program goes on after it
  pid_t process = 0;         // thread, as the watcher numbers it
};

// When in a program's life a call was made. Descendants are in the phase of
// the first process.
enum class Stage : uint8_t {
  kLoader,   // until the dynamic loader hands over
  kStartUp,  // until main
  kMain,
};
inline constexpr size_t kStages = 3;

// An argument that counts, at the width that the kernel looks at.
struct ClassArgument {
  uint8_t index = 0;
  uint64_t mask = 0;
};

inline constexpr size_t kClassArgumentsMax = 3;

// Which arguments of a call are worth a rule: flags, commands, domains; never
// addresses, sizes and descriptors.
struct ClassRule {
  uint32_t number = 0;
  size_t count = 0;
  std::array<ClassArgument, kClassArgumentsMax> arguments{};
  bool flags = false;  // single bits mean something, not the whole
};

// Of the machine's own architecture; nullptr: no argument of it counts.
const ClassRule* ClassRuleOf(uint32_t number);

// The values of the rule's arguments, masked; the rest is 0.
using CallClass = std::array<uint64_t, kClassArgumentsMax>;
CallClass ClassOf(const Call& call);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_CALLS_CALL_H_
