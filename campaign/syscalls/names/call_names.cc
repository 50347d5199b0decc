// SPDX-License-Identifier: Apache-2.0
// libseccomp's tables, and the calls that are younger than they are.

#include "campaign/syscalls/names/call_names.h"

#include <seccomp.h>

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

struct YoungCall {
  int number;
  std::string_view name;
};

// Since 5.x a new call has one number on all architectures. Linux 6.18.
constexpr YoungCall kYoungCalls[] = {
    {451, "cachestat"},         {452, "fchmodat2"},
    {453, "map_shadow_stack"},  {454, "futex_wake"},
    {455, "futex_wait"},        {456, "futex_requeue"},
    {457, "statmount"},         {458, "listmount"},
    {459, "lsm_get_self_attr"}, {460, "lsm_set_self_attr"},
    {461, "lsm_list_modules"},  {462, "mseal"},
    {463, "setxattrat"},        {464, "getxattrat"},
    {465, "listxattrat"},       {466, "removexattrat"},
    {467, "open_tree_attr"},    {468, "file_getattr"},
    {469, "file_setattr"},
};
// Only entered from code that the kernel itself puts into a process.
constexpr YoungCall kX86_64Calls[] = {{335, "uretprobe"}, {336, "uprobe"}};

constexpr std::string_view kNumberPrefix = "syscall_";
// Above every number in use, below x32's bit and ARM's private calls.
constexpr int kNumbersEnd = 1024;
// MIPS counts from 4000, 5000 or 6000, and libseccomp from 0 as well.
constexpr int kMipsNumbersBegin = 4000;
constexpr int kMipsNumbersEnd = 7000;

std::string LibseccompName(Arch arch, int number) {
  char* name = seccomp_syscall_resolve_num_arch(arch, number);
  std::string text = name == nullptr ? "" : name;
  std::free(name);
  return text;
}

bool IsMips(Arch arch) { return NameOfArch(arch).compare(0, 4, "mips") == 0; }

int NumbersBegin(Arch arch) { return IsMips(arch) ? kMipsNumbersBegin : 0; }
int NumbersEnd(Arch arch) {
  return IsMips(arch) ? kMipsNumbersEnd : kNumbersEnd;
}

std::string KnownName(Arch arch, int number) {
  if (std::string name = LibseccompName(arch, number); !name.empty()) {
    return name;
  }
  const int plain = arch == kArchX32 ? number & ~kX32Bit : number;
  if (IsMips(arch)) return "";
  for (const YoungCall& call : kYoungCalls) {
    if (call.number == plain) return std::string(call.name);
  }
  for (const YoungCall& call : kX86_64Calls) {
    if (arch == kArchX86_64 && call.number == number) {
      return std::string(call.name);
    }
  }
  return "";
}

std::optional<int> YoungNumber(Arch arch, std::string_view name) {
  if (IsMips(arch)) return std::nullopt;
  const int bit = arch == kArchX32 ? kX32Bit : 0;
  for (const YoungCall& call : kYoungCalls) {
    if (call.name == name) return call.number | bit;
  }
  for (const YoungCall& call : kX86_64Calls) {
    if (arch == kArchX86_64 && call.name == name) return call.number;
  }
  return std::nullopt;
}

// libseccomp gives a negative number to calls that `arch` lacks, and to those
// that it has both by themselves and as parts of socketcall or ipc.
std::optional<int> DirectNumber(Arch arch, std::string_view name) {
  const int end = NumbersEnd(arch);
  for (int number = NumbersBegin(arch); number < end; ++number) {
    if (LibseccompName(arch, number) == name) return number;
  }
  return std::nullopt;
}

}  // namespace

std::string NameOfCall(Arch arch, int number) {
  std::string name = KnownName(arch, number);
  return name.empty() ? Concat(kNumberPrefix, number) : name;
}

std::optional<int> NumberOfCall(Arch arch, std::string_view name) {
  const int number =
      seccomp_syscall_resolve_name_arch(arch, std::string(name).c_str());
  if (number >= 0) return number;
  if (number != __NR_SCMP_ERROR) {
    if (const auto direct = DirectNumber(arch, name)) return direct;
  }
  if (const auto young = YoungNumber(arch, name)) return young;
  int plain = 0;
  if (name.substr(0, kNumberPrefix.size()) == kNumberPrefix &&
      absl::SimpleAtoi(ToAbsl(name.substr(kNumberPrefix.size())), &plain) &&
      plain >= 0) {
    return plain;
  }
  return std::nullopt;
}

bool HasName(Arch arch, int number) { return !KnownName(arch, number).empty(); }

bool LibseccompKnows(Arch arch, int number) {
  return !LibseccompName(arch, number).empty();
}

bool IsMultiplexed(Arch arch, int number) {
  constexpr std::string_view kWays[] = {"socketcall", "ipc"};
  const std::string name = LibseccompName(arch, number);
  if (name.empty()) return false;
  for (const std::string_view way : kWays) {
    if (name == way) return true;
  }
  const int resolved = seccomp_syscall_resolve_name_arch(arch, name.c_str());
  return resolved < 0;
}

std::vector<int> KnownCalls(Arch arch) {
  std::vector<int> calls;
  const int bit = arch == kArchX32 ? kX32Bit : 0;
  const int end = NumbersEnd(arch);
  for (int number = NumbersBegin(arch); number < end; ++number) {
    if (HasName(arch, number | bit)) calls.push_back(number | bit);
  }
  return calls;
}

}  // namespace formfuzz::campaign
