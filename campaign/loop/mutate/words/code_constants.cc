// SPDX-License-Identifier: Apache-2.0
// Numbers that a program's code compares with, read from the code itself: the
// only ones to be had of a program that was not built to tell what it compares.
//
// x86-64 alone. Code is not disassembled: whatever looks like a comparison with
// a constant is one, and numbers that look like distances, sizes or addresses,
// which most of what is wrongly taken for one are, are left out.
#include <algorithm>

#include "campaign/loop/mutate/words/dictionary.h"
#include "campaign/process/program/elf_headers.h"
#include "framework/base/file.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kProgramSizeMax = 64 << 20;
constexpr size_t kCodeMax = 16 << 20;
// /7 and /6 of the opcode 81: cmp and xor with a constant.
constexpr unsigned kCompare = 7;
constexpr unsigned kExclusiveOr = 6;

uint8_t At(std::string_view code, size_t at) {
  return at < code.size() ? static_cast<uint8_t>(code[at]) : 0;
}

// Bytes that name an operand: ModRM, SIB and displacement.
size_t OperandBytes(std::string_view code, size_t at) {
  const unsigned mode = At(code, at) >> 6;
  const unsigned base = At(code, at) & 7;
  const bool indexed = mode != 3 && base == 4;
  const bool far = mode == 2 || (mode == 0 && base == 5) ||
                   (mode == 0 && indexed && (At(code, at + 1) & 7) == 5);
  return 1 + (indexed ? 1 : 0) + (mode == 1 ? 1 : 0) + (far ? 4 : 0);
}

bool IsPrintable(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](char c) { return c >= ' ' && c <= '~'; });
}

// The constant of the instruction that may begin at `start`, which becomes the
// place of its opcode: without its prefixes it would be another one.
std::string_view ConstantAt(std::string_view code, size_t& start) {
  const bool narrow = At(code, start) == 0x66;
  if (narrow) ++start;
  const uint8_t rex = (At(code, start) & 0xf0) == 0x40 ? At(code, start) : 0;
  if (rex != 0) ++start;
  size_t at = start;
  const uint8_t opcode = At(code, at++);
  const bool moves = (opcode & 0xf8) == 0xb8;
  const bool wide = moves && (rex & 8) != 0;
  if (opcode == 0x81) {
    const unsigned kind = At(code, at) >> 3 & 7;
    if (kind != kCompare && kind != kExclusiveOr) return {};
    at += OperandBytes(code, at);
  } else if (opcode != 0x3d && opcode != 0x35 && !moves) {
    return {};
  }
  const size_t size = narrow ? 2 : wide ? 8 : 4;
  if (at + size > code.size()) return {};
  const std::string_view constant = code.substr(at, size);
  // Numbers are moved all the time; pieces of texts are to be compared.
  return moves && !IsPrintable(constant) ? std::string_view() : constant;
}

// Neither small nor near an address.
bool Tells(std::string_view constant) {
  return !constant.empty() &&
         std::none_of(constant.begin(), constant.end(),
                      [](char c) { return c == '\0' || c == '\xff'; });
}

// The executable parts, one after another.
std::string CodeOf(std::string_view file) {
  std::string code;
  const auto header = ElfHeader(file);
  if (!header || header->e_machine != EM_X86_64) return code;
  for (const Elf64_Phdr& part : ProgramHeaders(file, *header)) {
    if (part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0) continue;
    code += BytesOf(file, part).substr(0, kCodeMax - code.size());
  }
  return code;
}

}  // namespace

std::vector<std::string> ConstantsOfProgram(const std::string& path,
                                            size_t limit) {
  std::vector<std::string> found;
  const auto file = ReadFile(path, kProgramSizeMax);
  if (!file.ok()) return found;
  const std::string code = CodeOf(*file);
  std::unordered_set<std::string_view> known;
  for (size_t at = 0; at < code.size() && found.size() + 1 < limit; ++at) {
    const std::string_view constant = ConstantAt(code, at);
    if (!Tells(constant) || !known.insert(constant).second) continue;
    found.emplace_back(constant);
    // A file's numbers may be the other way round.
    if (!IsPrintable(constant)) {
      found.emplace_back(constant.rbegin(), constant.rend());
    }
  }
  return found;
}

}  // namespace formfuzz::campaign
