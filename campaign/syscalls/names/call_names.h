// SPDX-License-Identifier: Apache-2.0
// Numbers and names of system calls. A number that nobody has a name for yet is
// written as its number: nothing that was seen is ever dropped for its name.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_NAMES_CALL_NAMES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_NAMES_CALL_NAMES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/syscalls/names/arch.h"

namespace formfuzz::campaign {

// The kernel's name, such as "openat"; "syscall_470" where there is none.
std::string NameOfCall(Arch arch, int number);

// The inverse; nothing if `arch` has no such call.
std::optional<int> NumberOfCall(Arch arch, std::string_view name);

// Whether programs of others will know the name, or only the number helps.
bool HasName(Arch arch, int number);

// Whether libseccomp knows the name, and so do those that are built on it:
// container runtimes and systemd.
bool LibseccompKnows(Arch arch, int number);

// Whether libseccomp takes the call for a part of socketcall or ipc as well: a
// filter that lets it through lets the same through by that way.
bool IsMultiplexed(Arch arch, int number);

// Every call of `arch` that has a name, by number.
std::vector<int> KnownCalls(Arch arch);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_NAMES_CALL_NAMES_H_
