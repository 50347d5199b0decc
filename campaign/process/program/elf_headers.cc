// SPDX-License-Identifier: Apache-2.0
// Copies headers out of a file, which may lie anywhere in it.

#include "campaign/process/program/elf_headers.h"

#include <algorithm>

namespace formfuzz::campaign {

std::optional<Elf64_Ehdr> ElfHeader(std::string_view file) {
  const auto header = ReadAt<Elf64_Ehdr>(file, 0);
  if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64) {
    return {};
  }
  return header;
}

std::vector<Elf64_Phdr> ProgramHeaders(std::string_view file,
                                       const Elf64_Ehdr& header) {
  std::vector<Elf64_Phdr> all;
  for (uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto one =
        ReadAt<Elf64_Phdr>(file, header.e_phoff + i * header.e_phentsize);
    if (one) all.push_back(*one);
  }
  return all;
}

std::string_view BytesOf(std::string_view file, const Elf64_Phdr& part) {
  return file.substr(std::min<size_t>(part.p_offset, file.size()),
                     part.p_filesz);
}

}  // namespace formfuzz::campaign
