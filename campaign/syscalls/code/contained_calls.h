// SPDX-License-Identifier: Apache-2.0
// Which system calls the code of a program and of its libraries can make, seen
// from the instructions alone: too many rather than too few. What is in no
// instruction no input can bring about, unless the number is computed.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_CONTAINED_CALLS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_CONTAINED_CALLS_H_

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace formfuzz::campaign {

struct ContainedCalls {
  std::set<uint32_t> numbers;
  // Instructions that enter the kernel with a number that is not beside them,
  // as in the function syscall().
  uint64_t unknown = 0;

  void Add(const ContainedCalls& other) {
    numbers.insert(other.numbers.begin(), other.numbers.end());
    unknown += other.unknown;
  }
};

// Of x86-64 machine code.
ContainedCalls CallsInCode(std::string_view code);

// Of the executable segments of an ELF file. InvalidArgument for others.
absl::StatusOr<ContainedCalls> CallsInFile(const std::string& path);

// The files of the libraries, from what the dynamic loader lists when it is
// asked to (LD_TRACE_LOADED_OBJECTS).
std::vector<std::string> LibrariesIn(std::string_view listing);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_CONTAINED_CALLS_H_
