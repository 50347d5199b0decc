// SPDX-License-Identifier: Apache-2.0
// Which system call interface a call came in by. The token is libseccomp's: the
// kernel's AUDIT_ARCH_* value, except for x32, which the kernel tells from
// x86_64 by a bit in the number of the call alone.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_NAMES_ARCH_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_NAMES_ARCH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

using Arch = uint32_t;

inline constexpr Arch kArchX86_64 = 0xc000003e;
inline constexpr Arch kArchX86 = 0x40000003;
inline constexpr Arch kArchX32 = 0x4000003e;
inline constexpr Arch kArchAarch64 = 0xc00000b7;
inline constexpr int kX32Bit = 0x40000000;

// What this program was compiled for.
Arch NativeArch();

// "x86_64", "x86", "x32", "aarch64", ...; of an unknown token "0x1234".
std::string NameOfArch(Arch arch);
std::optional<Arch> ArchOfName(std::string_view name);

// "SCMP_ARCH_X86_64" as OCI has it, for those that libseccomp knows.
std::string OciNameOfArch(Arch arch);
std::optional<Arch> ArchOfOciName(std::string_view name);

// "x86-64" as systemd has it; "" for those that it does not know.
std::string SystemdNameOfArch(Arch arch);
std::optional<Arch> ArchOfSystemdName(std::string_view name);

// Every token that has a name.
std::vector<Arch> KnownArches();

// Whether its arguments have 32 bits; the kernel shows filters zeros above.
bool HasNarrowWords(Arch arch);

// The token of a call as the kernel reports it: an x86_64 call whose number has
// the x32 bit is one of x32. `number` keeps the bit.
Arch ArchOfCall(uint32_t audit_arch, int number);

// The AUDIT_ARCH_* value that a filter sees for calls of `arch`.
uint32_t AuditArch(Arch arch);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_NAMES_ARCH_H_
