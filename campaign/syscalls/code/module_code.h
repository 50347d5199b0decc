// SPDX-License-Identifier: Apache-2.0
// The functions of one file, disassembled: what each refers to, and which
// system calls it makes itself.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_MODULE_CODE_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_MODULE_CODE_H_

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "campaign/syscalls/code/elf_image.h"

namespace formfuzz::campaign {

struct FunctionCode {
  std::vector<uint64_t> refers_to;  // addresses of code and of data
  std::set<uint32_t> numbers;       // of `syscall`
  uint64_t unknown = 0;
  // First arguments, as they may be where something is called or jumped to:
  // numbers of system calls, if that is syscall().
  std::set<uint32_t> first_arguments;
  bool has_unknown_argument = false;
};

class ModuleCode {
 public:
  explicit ModuleCode(ElfImage image);

  const ElfImage& image() const { return image_; }
  // The beginning of the function that the address is in; 0: none.
  uint64_t FunctionOf(uint64_t address) const;
  const FunctionCode& function(uint64_t begin) const {
    return functions_.at(begin);
  }
  // Data that may belong together with what is at the address: between two
  // places that other data, or other files by name, refer to. Code refers to
  // the middle of structures as well.
  struct Object {
    uint64_t begin = 0;
    uint64_t end = 0;
  };
  Object ObjectOf(uint64_t address) const;

 private:
  void Disassemble();

  ElfImage image_;
  std::map<uint64_t, FunctionCode> functions_;
  std::set<uint64_t> objects_;  // where some of these begin
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_MODULE_CODE_H_
