// SPDX-License-Identifier: Apache-2.0
// Tokens and names of system call interfaces.

#include "campaign/syscalls/names/arch.h"

#include <seccomp.h>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

struct ArchNames {
  Arch arch;
  std::string_view name;     // libseccomp's
  std::string_view systemd;  // systemd's; "" where it has none
};

// Those of the kernel that libseccomp 2.5 compiles filters for.
constexpr ArchNames kArches[] = {
    {SCMP_ARCH_X86_64, "x86_64", "x86-64"},
    {SCMP_ARCH_X86, "x86", "x86"},
    {SCMP_ARCH_X32, "x32", "x32"},
    {SCMP_ARCH_AARCH64, "aarch64", "arm64"},
    {SCMP_ARCH_ARM, "arm", "arm"},
    {SCMP_ARCH_RISCV64, "riscv64", "riscv64"},
    {SCMP_ARCH_PPC64LE, "ppc64le", "ppc64-le"},
    {SCMP_ARCH_PPC64, "ppc64", "ppc64"},
    {SCMP_ARCH_PPC, "ppc", "ppc"},
    {SCMP_ARCH_S390X, "s390x", "s390x"},
    {SCMP_ARCH_S390, "s390", "s390"},
    {SCMP_ARCH_MIPS, "mips", "mips"},
    {SCMP_ARCH_MIPSEL, "mipsel", "mips-le"},
    {SCMP_ARCH_MIPS64, "mips64", "mips64"},
    {SCMP_ARCH_MIPSEL64, "mipsel64", "mips64-le"},
    {SCMP_ARCH_MIPS64N32, "mips64n32", "mips64-n32"},
    {SCMP_ARCH_MIPSEL64N32, "mipsel64n32", "mips64-le-n32"},
    {SCMP_ARCH_PARISC, "parisc", "parisc"},
    {SCMP_ARCH_PARISC64, "parisc64", "parisc64"},
};

constexpr std::string_view kOciPrefix = "SCMP_ARCH_";

}  // namespace

Arch NativeArch() { return seccomp_arch_native(); }

std::string NameOfArch(Arch arch) {
  for (const ArchNames& known : kArches) {
    if (known.arch == arch) return std::string(known.name);
  }
  return absl::StrCat("0x", absl::Hex(arch));
}

std::optional<Arch> ArchOfName(std::string_view name) {
  for (const ArchNames& known : kArches) {
    if (known.name == name) return known.arch;
  }
  Arch arch = 0;
  if (name.substr(0, 2) == "0x" && absl::SimpleHexAtoi(ToAbsl(name), &arch)) {
    return arch;
  }
  return std::nullopt;
}

std::string OciNameOfArch(Arch arch) {
  return Concat(kOciPrefix, absl::AsciiStrToUpper(NameOfArch(arch)));
}

std::optional<Arch> ArchOfOciName(std::string_view name) {
  if (name.substr(0, kOciPrefix.size()) != kOciPrefix) return std::nullopt;
  return ArchOfName(
      absl::AsciiStrToLower(ToAbsl(name.substr(kOciPrefix.size()))));
}

std::string SystemdNameOfArch(Arch arch) {
  for (const ArchNames& known : kArches) {
    if (known.arch == arch) return std::string(known.systemd);
  }
  return "";
}

std::optional<Arch> ArchOfSystemdName(std::string_view name) {
  if (name == "native") return NativeArch();
  for (const ArchNames& known : kArches) {
    if (known.systemd == name) return known.arch;
  }
  return std::nullopt;
}

std::vector<Arch> KnownArches() {
  std::vector<Arch> arches;
  for (const ArchNames& known : kArches) arches.push_back(known.arch);
  return arches;
}

bool HasNarrowWords(Arch arch) {
  constexpr Arch kWide = 0x80000000;  // __AUDIT_ARCH_64BIT
  return arch != kArchX32 && (arch & kWide) == 0;
}

Arch ArchOfCall(uint32_t audit_arch, int number) {
  const bool x32 = audit_arch == kArchX86_64 && (number & kX32Bit) != 0;
  return x32 ? kArchX32 : audit_arch;
}

uint32_t AuditArch(Arch arch) { return arch == kArchX32 ? kArchX86_64 : arch; }

}  // namespace formfuzz::campaign
