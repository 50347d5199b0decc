// SPDX-License-Identifier: Apache-2.0
// What a linked ELF file of x86-64 says of its own code: where functions
// begin, what it exports and imports, and which of its data point at what.
// Files are untrusted: whatever does not add up is left out.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_ELF_IMAGE_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_ELF_IMAGE_H_

#include <elf.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace formfuzz::campaign {

class ElfImage {
 public:
  ElfImage(ElfImage&&) = default;
  ElfImage& operator=(ElfImage&&) = default;

  // InvalidArgument for what is no ELF file of x86-64.
  static absl::StatusOr<ElfImage> Read(const std::string& path);

  struct Segment {
    uint64_t address = 0;
    std::string_view bytes;
    bool code = false;
  };
  const std::vector<Segment>& segments() const { return segments_; }
  const Segment* SegmentOf(uint64_t address) const;
  bool IsCode(uint64_t address) const;

  // Where it is entered: its first instruction, constructors, destructors and
  // what chooses among versions of a function.
  const std::vector<uint64_t>& entries() const { return entries_; }
  // Beginnings of functions, as far as the file tells.
  const std::set<uint64_t>& functions() const { return functions_; }
  const std::map<std::string, uint64_t, std::less<>>& exports() const {
    return exports_;
  }
  // Words of data that the loader fills in: with a symbol's address, or with
  // one of the file itself.
  const std::map<uint64_t, std::string>& named_words() const {
    return named_words_;
  }
  const std::map<uint64_t, uint64_t>& words() const { return words_; }
  bool fixed() const { return fixed_; }  // addresses are numbers in its code

 private:
  ElfImage() = default;
  std::string_view Text(const Elf64_Shdr& strings, uint64_t offset) const;
  void TakeSegments(const Elf64_Ehdr& header);
  void TakeSections(const Elf64_Ehdr& header);
  void TakeSymbols(const Elf64_Shdr& section, const Elf64_Shdr& strings);
  void TakeRelocations(const Elf64_Shdr& section, const Elf64_Shdr& symbols,
                       const Elf64_Shdr& strings);
  void TakeStubs(const Elf64_Shdr& section, std::string_view name);
  void TakeRelative(const Elf64_Shdr& section);
  void TakeRelativeWord(uint64_t address);
  void TakeFixedWords();
  void TakeUnwindTable(uint64_t address, std::string_view table);

  std::string bytes_;
  std::vector<Segment> segments_;
  std::vector<uint64_t> entries_;
  std::set<uint64_t> functions_;
  std::map<std::string, uint64_t, std::less<>> exports_;
  std::map<uint64_t, std::string> named_words_;
  std::map<uint64_t, uint64_t> words_;
  bool fixed_ = false;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_ELF_IMAGE_H_
