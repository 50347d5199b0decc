// SPDX-License-Identifier: Apache-2.0
// One table of what differs.

#include "campaign/syscalls/names/kafel_names.h"

#include <algorithm>
#include <iterator>

#include "campaign/syscalls/names/call_names.h"

namespace formfuzz::campaign {
namespace {

struct Differing {
  Arch arch;
  std::string_view call;
  std::string_view kafel;  // "": it has no name for it
};

constexpr Differing kDiffering[] = {
    {kArchX86_64, "stat", "newstat"},
    {kArchX86_64, "fstat", "newfstat"},
    {kArchX86_64, "lstat", "newlstat"},
    {kArchX86_64, "uname", "newuname"},
    {kArchX86_64, "sendfile", "sendfile64"},
    {kArchX86_64, "umount2", "umount"},
    {kArchX86_64, "_sysctl", "sysctl"},
    {kArchAarch64, "fstat", "newfstat"},
    {kArchAarch64, "uname", "newuname"},
    {kArchAarch64, "umount2", "umount"},
    {kArchAarch64, "sync_file_range", "sync_file_range2"},
    {kArchAarch64, "pkey_mprotect", ""},
    {kArchAarch64, "pkey_alloc", ""},
    {kArchAarch64, "pkey_free", ""},
    {kArchAarch64, "io_pgetevents", ""},
    {kArchX86, "stat", "newstat"},
    {kArchX86, "fstat", "newfstat"},
    {kArchX86, "lstat", "newlstat"},
    {kArchX86, "uname", "newuname"},
    {kArchX86, "oldstat", "stat"},
    {kArchX86, "oldfstat", "fstat"},
    {kArchX86, "oldlstat", "lstat"},
    {kArchX86, "olduname", "uname"},
    {kArchX86, "oldolduname", "olduname"},
    {kArchX86, "umount2", "umount"},
    {kArchX86, "readdir", "old_readdir"},
    {kArchX86, "mmap", "old_mmap"},
    {kArchX86, "mmap2", "mmap_pgoff"},
    {kArchX86, "_llseek", "llseek"},
    {kArchX86, "_newselect", "select"},
    {kArchX86, "_sysctl", "sysctl"},
    {kArchX86, "ugetrlimit", "getrlimit"},
};

// These mean the calls with 32 behind them.
constexpr std::string_view kWideOnX86[] = {
    "chown",     "fchown",    "lchown",    "getuid",    "geteuid",
    "getgid",    "getegid",   "getgroups", "setgroups", "setuid",
    "setgid",    "setreuid",  "setregid",  "setresuid", "getresuid",
    "setresgid", "getresgid", "setfsuid",  "setfsgid"};

std::string CallOf(Arch arch, std::string_view name) {
  for (const auto& [where, call, kafel] : kDiffering) {
    if (where == arch && kafel == name) return std::string(call);
  }
  const bool wide = arch == kArchX86 &&
                    std::find(std::begin(kWideOnX86), std::end(kWideOnX86),
                              name) != std::end(kWideOnX86);
  return std::string(name) + (wide ? "32" : "");
}

}  // namespace

std::optional<std::string> KafelNameOfCall(Arch arch, int number) {
  const bool sure = arch == kArchX86_64 || arch == kArchAarch64;
  if (!sure || !LibseccompKnows(arch, number)) return std::nullopt;
  const std::string name = NameOfCall(arch, number);
  for (const auto& [where, call, kafel] : kDiffering) {
    if (where != arch || call != name) continue;
    return kafel.empty() ? std::nullopt : std::optional(std::string(kafel));
  }
  return name;
}

std::optional<int> NumberOfKafelName(Arch arch, std::string_view name) {
  return NumberOfCall(arch, CallOf(arch, name));
}

}  // namespace formfuzz::campaign
