// SPDX-License-Identifier: Apache-2.0
// Looks for `syscall` and, backwards, for what was put into eax last.

#include "campaign/syscalls/code/contained_calls.h"

#include <elf.h>

#include <algorithm>
#include <cstring>

#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kFileBytesMax = size_t{1} << 29;
// Arguments are moved to their registers between the two.
constexpr size_t kBackMax = 64;
constexpr uint32_t kNumbersMax = 1024;  // more than any kernel has

uint32_t ImmediateAt(std::string_view code, size_t at) {
  uint32_t value = 0;
  memcpy(&value, code.data() + at, sizeof(value));
  return value;
}

// Every number that may be in eax at the instruction: bytes that only look
// like the moving of one count as well.
void TakeNumbers(std::string_view code, size_t at, ContainedCalls& calls) {
  const size_t from = at > kBackMax ? at - kBackMax : 0;
  bool found = false;
  for (size_t i = from; i + 2 <= at; ++i) {
    const auto byte = [&](size_t ahead) {
      return static_cast<uint8_t>(code[i + ahead]);
    };
    uint32_t number = kNumbersMax;
    if (byte(0) == 0xb8 && i + 5 <= at) {  // mov eax, imm32
      number = ImmediateAt(code, i + 1);
    } else if (i + 7 <= at && byte(0) == 0x48 && byte(1) == 0xc7 &&
               byte(2) == 0xc0) {  // mov rax, imm32
      number = ImmediateAt(code, i + 3);
    } else if ((byte(0) == 0x31 || byte(0) == 0x33) && byte(1) == 0xc0) {
      number = 0;  // xor eax, eax
    }
    if (number >= kNumbersMax) continue;
    calls.numbers.insert(number);
    found = true;
  }
  if (!found) ++calls.unknown;
}

}  // namespace

ContainedCalls CallsInCode(std::string_view code) {
  ContainedCalls calls;
  constexpr std::string_view kEnter = "\x0f\x05";
  for (size_t at = code.find(kEnter); at != code.npos;
       at = code.find(kEnter, at + 1)) {
    TakeNumbers(code, at, calls);
  }
  return calls;
}

absl::StatusOr<ContainedCalls> CallsInFile(const std::string& path) {
  const auto file = ReadFile(path, kFileBytesMax);
  if (!file.ok()) return file.status();
  Elf64_Ehdr header{};
  if (file->size() >= sizeof(header)) {
    memcpy(&header, file->data(), sizeof(header));
  }
  if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_machine != EM_X86_64) {
    return absl::InvalidArgumentError(Concat("cannot look for system calls in ",
                                             path,
                                             ": it is no ELF file of x86-64"));
  }
  ContainedCalls calls;
  for (size_t i = 0; i < header.e_phnum; ++i) {
    const size_t at = header.e_phoff + i * sizeof(Elf64_Phdr);
    Elf64_Phdr segment{};
    if (at > file->size() || file->size() - at < sizeof(segment)) break;
    memcpy(&segment, file->data() + at, sizeof(segment));
    const bool code = segment.p_type == PT_LOAD && (segment.p_flags & PF_X);
    if (!code || segment.p_offset > file->size()) continue;
    calls.Add(CallsInCode(
        std::string_view(*file).substr(segment.p_offset, segment.p_filesz)));
  }
  return calls;
}

std::vector<std::string> LibrariesIn(std::string_view listing) {
  std::vector<std::string> libraries;
  while (!listing.empty()) {
    const size_t end = std::min(listing.find('\n'), listing.size());
    const std::string_view line = listing.substr(0, end);
    listing.remove_prefix(std::min(end + 1, listing.size()));
    const size_t begin = line.find('/');
    const size_t stop = line.find(" (", begin == line.npos ? 0 : begin);
    if (begin == line.npos || stop == line.npos) continue;
    libraries.emplace_back(line.substr(begin, stop - begin));
  }
  return libraries;
}

}  // namespace formfuzz::campaign
