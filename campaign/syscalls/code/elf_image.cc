// SPDX-License-Identifier: Apache-2.0
// Reads headers, symbols, relocations and the table that unwinders search.

#include "campaign/syscalls/code/elf_image.h"

#include <algorithm>
#include <cstring>

#include "campaign/process/program/elf_headers.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kFileBytesMax = size_t{1} << 29;
constexpr uint16_t kSectionsMax = 4096;
// Version 1; pointer and count of 4 bytes; a table of pairs of 4 bytes,
// relative to where it begins. Linkers write no other.
constexpr std::string_view kUnwindHead{"\x01\x1b\x03\x3b", 4};

}  // namespace

std::string_view ElfImage::Text(const Elf64_Shdr& strings,
                                uint64_t offset) const {
  const uint64_t at = strings.sh_offset + offset;
  if (offset >= strings.sh_size || at >= bytes_.size()) return "";
  return {bytes_.data() + at, strnlen(bytes_.data() + at, bytes_.size() - at)};
}

const ElfImage::Segment* ElfImage::SegmentOf(uint64_t address) const {
  for (const Segment& segment : segments_) {
    if (address >= segment.address &&
        address - segment.address < segment.bytes.size()) {
      return &segment;
    }
  }
  return nullptr;
}

bool ElfImage::IsCode(uint64_t address) const {
  const Segment* segment = SegmentOf(address);
  return segment != nullptr && segment->code;
}

void ElfImage::TakeUnwindTable(uint64_t address, std::string_view table) {
  if (!table.starts_with(kUnwindHead)) return;
  constexpr size_t kPairs = 12;
  for (size_t at = kPairs; at + 8 <= table.size(); at += 8) {
    int32_t distance = 0;
    memcpy(&distance, table.data() + at, sizeof(distance));
    const uint64_t begin = address + static_cast<uint64_t>(int64_t{distance});
    if (IsCode(begin)) functions_.insert(begin);
  }
}

void ElfImage::TakeSegments(const Elf64_Ehdr& header) {
  const std::vector<Elf64_Phdr> all = ProgramHeaders(bytes_, header);
  for (const Elf64_Phdr& one : all) {
    if (one.p_type != PT_LOAD) continue;
    segments_.push_back(
        {one.p_vaddr, BytesOf(bytes_, one), (one.p_flags & PF_X) != 0});
  }
  for (const Elf64_Phdr& one : all) {
    if (one.p_type == PT_GNU_EH_FRAME) {
      TakeUnwindTable(one.p_vaddr, BytesOf(bytes_, one));
    }
  }
}

void ElfImage::TakeSymbols(const Elf64_Shdr& section,
                           const Elf64_Shdr& strings) {
  for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= section.sh_size;
       at += sizeof(Elf64_Sym)) {
    const auto symbol = ReadAt<Elf64_Sym>(bytes_, section.sh_offset + at);
    if (!symbol) return;
    if (symbol->st_shndx == SHN_UNDEF || symbol->st_value == 0) continue;
    if (IsCode(symbol->st_value)) functions_.insert(symbol->st_value);
    if (section.sh_type != SHT_DYNSYM) continue;
    exports_.emplace(Text(strings, symbol->st_name), symbol->st_value);
  }
}

void ElfImage::TakeRelocations(const Elf64_Shdr& section,
                               const Elf64_Shdr& symbols,
                               const Elf64_Shdr& strings) {
  for (uint64_t at = 0; at + sizeof(Elf64_Rela) <= section.sh_size;
       at += sizeof(Elf64_Rela)) {
    const auto word = ReadAt<Elf64_Rela>(bytes_, section.sh_offset + at);
    if (!word) return;
    const uint64_t index = ELF64_R_SYM(word->r_info);
    switch (ELF64_R_TYPE(word->r_info)) {
      case R_X86_64_RELATIVE:
        words_[word->r_offset] = static_cast<uint64_t>(word->r_addend);
        break;
      case R_X86_64_IRELATIVE:
        entries_.push_back(static_cast<uint64_t>(word->r_addend));
        break;
      case R_X86_64_64:
      case R_X86_64_GLOB_DAT:
      case R_X86_64_JUMP_SLOT: {
        const auto symbol = ReadAt<Elf64_Sym>(
            bytes_, symbols.sh_offset + index * sizeof(Elf64_Sym));
        if (!symbol) break;
        named_words_[word->r_offset] = Text(strings, symbol->st_name);
        break;
      }
      default:
        break;
    }
  }
}

void ElfImage::TakeRelativeWord(uint64_t address) {
  const Segment* segment = SegmentOf(address);
  if (segment == nullptr) return;
  const uint64_t at = address - segment->address;
  uint64_t value = 0;
  if (segment->bytes.size() - at < sizeof(value)) return;
  memcpy(&value, segment->bytes.data() + at, sizeof(value));
  words_[address] = value;
}

// A program that is always in the same place holds addresses as numbers, of
// which no table tells: whatever could be one is taken for one.
void ElfImage::TakeFixedWords() {
  for (const Segment& segment : segments_) {
    if (segment.code) continue;
    const uint64_t begin = (segment.address + 7) & ~uint64_t{7};
    const uint64_t end = segment.address + segment.bytes.size();
    for (uint64_t at = begin; at + sizeof(uint64_t) <= end;
         at += sizeof(uint64_t)) {
      uint64_t value = 0;
      memcpy(&value, segment.bytes.data() + (at - segment.address),
             sizeof(value));
      if (SegmentOf(value) != nullptr) words_[at] = value;
    }
  }
}

// Addresses, and bit maps of the 63 words after the last one.
void ElfImage::TakeRelative(const Elf64_Shdr& section) {
  constexpr uint64_t kWord = 8;
  uint64_t next = 0;
  for (uint64_t at = 0; at + kWord <= section.sh_size; at += kWord) {
    const auto entry = ReadAt<uint64_t>(bytes_, section.sh_offset + at);
    if (!entry) return;
    if ((*entry & 1) == 0) {
      TakeRelativeWord(*entry);
      next = *entry + kWord;
      continue;
    }
    for (uint64_t bit = 1; bit < 64; ++bit) {
      if ((*entry >> bit & 1) != 0) TakeRelativeWord(next + (bit - 1) * kWord);
    }
    next += 63 * kWord;
  }
}

// Stubs for functions elsewhere: not all linkers say how long each is.
void ElfImage::TakeStubs(const Elf64_Shdr& section, std::string_view name) {
  constexpr uint64_t kStubBytes = 16;
  if (!name.starts_with(".plt") || section.sh_type != SHT_PROGBITS) return;
  const uint64_t each =
      section.sh_entsize >= sizeof(uint64_t) ? section.sh_entsize : kStubBytes;
  for (uint64_t at = 0; at < section.sh_size; at += each) {
    if (!IsCode(section.sh_addr + at)) return;
    functions_.insert(section.sh_addr + at);
  }
}

void ElfImage::TakeSections(const Elf64_Ehdr& header) {
  std::vector<Elf64_Shdr> all;
  for (size_t i = 0; i < std::min(header.e_shnum, kSectionsMax); ++i) {
    const auto one =
        ReadAt<Elf64_Shdr>(bytes_, header.e_shoff + i * sizeof(Elf64_Shdr));
    if (one) all.push_back(*one);
  }
  const auto linked = [&all](const Elf64_Shdr& one) {
    return one.sh_link < all.size() ? all[one.sh_link] : Elf64_Shdr{};
  };
  const Elf64_Shdr names =
      header.e_shstrndx < all.size() ? all[header.e_shstrndx] : Elf64_Shdr{};
  for (const Elf64_Shdr& one : all) {
    TakeStubs(one, Text(names, one.sh_name));
    if (one.sh_type == SHT_DYNSYM || one.sh_type == SHT_SYMTAB) {
      TakeSymbols(one, linked(one));
    } else if (one.sh_type == SHT_RELA) {
      TakeRelocations(one, linked(one), linked(linked(one)));
    } else if (one.sh_type == SHT_RELR) {
      TakeRelative(one);
    }
  }
  for (const Elf64_Shdr& one : all) {
    if (one.sh_type != SHT_INIT_ARRAY && one.sh_type != SHT_FINI_ARRAY &&
        one.sh_type != SHT_PREINIT_ARRAY) {
      continue;
    }
    for (uint64_t at = 0; at < one.sh_size; at += sizeof(uint64_t)) {
      if (fixed_) TakeRelativeWord(one.sh_addr + at);
      const auto word = words_.find(one.sh_addr + at);
      if (word != words_.end()) entries_.push_back(word->second);
    }
  }
}

absl::StatusOr<ElfImage> ElfImage::Read(const std::string& path) {
  auto file = ReadFile(path, kFileBytesMax);
  if (!file.ok()) return file.status();
  ElfImage image;
  image.bytes_.assign(file->begin(), file->end());
  const auto header = ElfHeader(image.bytes_);
  if (!header || header->e_machine != EM_X86_64) {
    return absl::InvalidArgumentError(Concat("cannot look for system calls in ",
                                             path,
                                             ": it is no ELF file of x86-64"));
  }
  image.fixed_ = header->e_type == ET_EXEC;
  if (header->e_entry != 0) image.entries_.push_back(header->e_entry);
  image.TakeSegments(*header);
  if (image.fixed_) image.TakeFixedWords();
  image.TakeSections(*header);
  for (const uint64_t entry : image.entries_) {
    if (image.IsCode(entry)) image.functions_.insert(entry);
  }
  return image;
}

}  // namespace formfuzz::campaign
