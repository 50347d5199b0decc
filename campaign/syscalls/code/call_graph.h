// SPDX-License-Identifier: Apache-2.0
// Which system calls can be come to from where a program begins: along calls,
// jumps, and addresses of functions that code or data hold, through all of its
// libraries. What holds an address is taken to call it, so that too much is
// found rather than too little; code that is made at run time is not followed,
// and of what is loaded by dlopen what the caller knows of.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_CALL_GRAPH_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_CALL_GRAPH_H_

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace formfuzz::campaign {

struct ReachedCalls {
  std::set<uint32_t> numbers;
  // Instructions that enter the kernel, or call syscall(), with a number that
  // is computed.
  uint64_t unknown = 0;
  uint64_t functions = 0;
  bool loads_more = false;  // the program itself can come to dlopen
  std::vector<std::string> loaded = {};  // and what of that was looked at
};

// Of the program, then of its libraries in the order in which symbols are
// looked for; `loaded` is what it may load besides. Errors: as ElfImage::Read,
// of `files`.
absl::StatusOr<ReachedCalls> CallsReachedFrom(
    std::span<const std::string> files,
    std::span<const std::string> loaded = {});

// The files of the libraries, from what the dynamic loader lists when it is
// asked to (LD_TRACE_LOADED_OBJECTS).
std::vector<std::string> LibrariesIn(std::string_view listing);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_CALL_GRAPH_H_
