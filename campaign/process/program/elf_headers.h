// SPDX-License-Identifier: Apache-2.0
// The headers of a 64-bit ELF file. Files are untrusted: what lies outside of
// one is left out.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_PROGRAM_ELF_HEADERS_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_PROGRAM_ELF_HEADERS_H_

#include <elf.h>

#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

// What the file holds at an offset; none where it ends before.
template <class T>
std::optional<T> ReadAt(std::string_view file, uint64_t offset) {
  T value;
  if (offset > file.size() || file.size() - offset < sizeof(value)) return {};
  memcpy(&value, file.data() + offset, sizeof(value));
  return value;
}

// None for what is no ELF file of 64 bits.
std::optional<Elf64_Ehdr> ElfHeader(std::string_view file);

// What is loaded, and how.
std::vector<Elf64_Phdr> ProgramHeaders(std::string_view file,
                                       const Elf64_Ehdr& header);

// The part of the file that a header speaks of, cut where the file ends.
std::string_view BytesOf(std::string_view file, const Elf64_Phdr& part);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_PROGRAM_ELF_HEADERS_H_
