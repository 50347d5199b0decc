// SPDX-License-Identifier: Apache-2.0
// Prefixes, opcode, ModRM, SIB, displacement, constant.

#include "campaign/process/runtime/zygote/comparison_decoder.h"

namespace formfuzz::campaign {
namespace {

// Of the group of opcodes 80, 81 and 83.
constexpr unsigned kCompare = 7;
constexpr unsigned kExclusiveOr = 6;
constexpr unsigned kXorFromMemory = 0x33;

// No memcpy: a sanitizer's own would look whether the program may read there,
// and what it compares may be the sanitizer's.
template <class Number>
uint64_t LoadAs(const uint8_t* at) {
  struct [[gnu::packed, gnu::may_alias]] Unaligned {
    Number value;
  };
  return reinterpret_cast<const Unaligned*>(at)->value;
}

uint64_t Load(const uint8_t* at, unsigned bytes) {
  switch (bytes) {
    case 1:
      return *at;
    case 2:
      return LoadAs<uint16_t>(at);
    case 4:
      return LoadAs<uint32_t>(at);
    default:
      return LoadAs<uint64_t>(at);
  }
}

int64_t LoadSigned(const uint8_t* at, unsigned bytes) {
  const unsigned unused = 64 - 8 * bytes;
  return static_cast<int64_t>(Load(at, bytes) << unused) >> unused;
}

uint64_t Narrowed(uint64_t value, unsigned bytes) {
  return bytes == 8 ? value : value & ((uint64_t{1} << 8 * bytes) - 1);
}

// One instruction while it is read.
struct Reader {
  const uint8_t* at;
  const IntegerRegisters& registers;
  unsigned rex = 0;
  unsigned bytes = 4;  // of an operand

  unsigned Extended(unsigned number, unsigned bit) const {
    return number | ((rex & bit) != 0 ? 8 : 0);
  }

  uint64_t Register(unsigned number) const {
    // Without REX these four are the second bytes of the first four.
    const bool high = bytes == 1 && rex == 0 && number >= 4 && number < 8;
    return high ? Narrowed(registers.values[number - 4] >> 8, 1)
                : Narrowed(registers.values[number], bytes);
  }

  // SIB: scale, index and base.
  uint64_t Indexed(unsigned mode) {
    const unsigned sib = *at++;
    const unsigned index = Extended(sib >> 3 & 7, 2);
    const bool has_base = (sib & 7) != 5 || mode != 0;
    uint64_t address = index != 4 ? registers.values[index] << (sib >> 6) : 0;
    if (has_base) return address + registers.values[Extended(sib & 7, 1)];
    address += static_cast<uint64_t>(LoadSigned(at, 4));
    at += 4;
    return address;
  }

  // The operand that ModRM names; `constant_bytes` follow it.
  uint64_t Operand(unsigned constant_bytes) {
    const unsigned modrm = *at++;
    const unsigned mode = modrm >> 6;
    const unsigned base = modrm & 7;
    if (mode == 3) return Register(Extended(base, 1));
    uint64_t address = 0;
    if (base == 4) {
      address = Indexed(mode);
    } else if (mode == 0 && base == 5) {  // from the next instruction on
      address = reinterpret_cast<uint64_t>(at) + 4 + constant_bytes +
                static_cast<uint64_t>(LoadSigned(at, 4));
      at += 4;
    } else {
      address = registers.values[Extended(base, 1)];
    }
    const unsigned displacement = mode == 1 ? 1 : mode == 2 ? 4 : 0;
    if (displacement != 0) {
      address += static_cast<uint64_t>(LoadSigned(at, displacement));
      at += displacement;
    }
    return Load(reinterpret_cast<const uint8_t*>(address), bytes);
  }

  uint64_t Constant(unsigned size) const {
    return Narrowed(static_cast<uint64_t>(LoadSigned(at, size)), bytes);
  }
};

// Texts that are compared by a xor of their pieces with what was moved into a
// register. Other numbers are combined so all the time.
bool IsText(uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) {
    const auto c = static_cast<uint8_t>(value >> 8 * i);
    if (c < ' ' || c > '~') return false;
  }
  return true;
}

// What the opcodes that are a group do is in the next byte, which the others
// need not have.
bool IsExclusiveOr(unsigned opcode, const uint8_t* next) {
  const bool group = opcode == 0x80 || opcode == 0x81 || opcode == 0x83;
  return opcode == 0x34 || opcode == 0x35 ||
         (group && (*next >> 3 & 7) == kExclusiveOr);
}

bool Compares(unsigned opcode, const uint8_t* next) {
  if (IsExclusiveOr(opcode, next)) return true;
  if (opcode == 0x80 || opcode == 0x81 || opcode == 0x83) {
    return (*next >> 3 & 7) == kCompare;
  }
  return opcode >= 0x38 && opcode <= 0x3d;
}

// Of bytes: `a == 7 && b == 9` is a xor of each, and an or. With these two what
// is true becomes false, and bits are inverted.
bool IsNegation(uint64_t constant, unsigned bytes) {
  return constant == 1 || constant == Narrowed(~uint64_t{0}, bytes);
}

bool DecodeXorOfText(Reader& reader, ComparedNumbers& numbers) {
  const bool of_registers = *reader.at >> 6 == 3;
  reader.bytes = (reader.rex & 8) != 0 ? 8 : 4;
  numbers.left = reader.Register(reader.Extended(*reader.at >> 3 & 7, 4));
  if (of_registers || !IsText(numbers.left, reader.bytes)) return false;
  numbers.right = reader.Operand(0);
  numbers.bytes = static_cast<uint16_t>(reader.bytes);
  numbers.left_is_constant = 1;
  return true;
}

}  // namespace

bool DecodeComparison(const uint8_t* code, const IntegerRegisters& registers,
                      ComparedNumbers& numbers) {
  Reader reader{code, registers};
  const bool narrow = *reader.at == 0x66;
  if (narrow) ++reader.at;
  if ((*reader.at & 0xf0) == 0x40) reader.rex = *reader.at++;
  const unsigned opcode = *reader.at++;
  if (opcode == kXorFromMemory) {
    return !narrow && DecodeXorOfText(reader, numbers);
  }
  if (!Compares(opcode, reader.at)) return false;
  const bool combines = IsExclusiveOr(opcode, reader.at);
  const bool wide = (opcode & 1) != 0;
  reader.bytes = !wide ? 1 : (reader.rex & 8) != 0 ? 8 : narrow ? 2 : 4;
  const unsigned constant_bytes = opcode == 0x83 || !wide ? 1
                                  : reader.bytes == 2     ? 2
                                                          : 4;
  const bool group = opcode >= 0x80;
  numbers.bytes = static_cast<uint16_t>(reader.bytes);
  numbers.left_is_constant = group || (opcode & 7) >= 4 ? 1 : 0;
  if (numbers.left_is_constant != 0) {
    numbers.right = group ? reader.Operand(constant_bytes) : reader.Register(0);
    numbers.left = reader.Constant(constant_bytes);
    if (combines && IsNegation(numbers.left, reader.bytes)) return false;
  } else {
    const unsigned other = reader.Extended(*reader.at >> 3 & 7, 4);
    numbers.left = reader.Operand(0);
    numbers.right = reader.Register(other);
  }
  return true;
}

}  // namespace formfuzz::campaign
