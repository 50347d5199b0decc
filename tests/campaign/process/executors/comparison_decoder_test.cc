// SPDX-License-Identifier: Apache-2.0
// Instructions as an assembler writes them.
#include "campaign/process/runtime/zygote/comparison_decoder.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>
#include <ostream>
#include <string>
#include <vector>

namespace formfuzz::campaign {
namespace {

// What the memory is filled with that rdi points to.
constexpr char kMemory[] = "0123456789abcdefghijklmnopqrstuvwxyz";

struct Row {
  std::string name;
  std::vector<uint8_t> code;
  uint64_t left;
  uint64_t right;
  uint16_t bytes;
  bool constant;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class DecodeComparisonTest : public testing::TestWithParam<Row> {
 protected:
  DecodeComparisonTest() {
    for (uint64_t i = 0; i < 16; ++i) {
      registers_.values[i] = 0x1122334455667700 * (i + 1) + i;
    }
    registers_.values[0] = GetParam().name == "ATextWithAnExclusiveOr"
                               ? 0x7974697261706f6c
                               : registers_.values[0];
    registers_.values[1] = 3;                                    // rcx
    registers_.values[7] = reinterpret_cast<uint64_t>(kMemory);  // rdi
    registers_.values[4] = reinterpret_cast<uint64_t>(kMemory);  // rsp
  }
  IntegerRegisters registers_;
};

TEST_P(DecodeComparisonTest, ReadsBothSides) {
  ComparedNumbers numbers{};
  ASSERT_TRUE(DecodeComparison(GetParam().code.data(), registers_, numbers));
  EXPECT_EQ(numbers.left, GetParam().left);
  EXPECT_EQ(numbers.right, GetParam().right);
  EXPECT_EQ(numbers.bytes, GetParam().bytes);
  EXPECT_EQ(numbers.left_is_constant != 0, GetParam().constant);
}

constexpr uint64_t kRax = 0x1122334455667700;
constexpr uint64_t kRbx = kRax * 4 + 3;
constexpr uint64_t kRsi = kRax * 7 + 6;
constexpr uint64_t kR8 = kRax * 9 + 8;

INSTANTIATE_TEST_SUITE_P(
    Every, DecodeComparisonTest,
    testing::ValuesIn(std::vector<Row>{
        {"EaxWithAConstant",
         {0x3d, 0x34, 0x12, 0xed, 0x7f},
         0x7fed1234,
         kRax & 0xffffffff,
         4,
         true},
        {"AlWithAConstant", {0x3c, 0x41}, 'A', 0, 1, true},
        {"ANegativeByteThatIsWidened",
         {0x83, 0xf9, 0xff},
         0xffffffff,
         3,
         4,
         true},
        {"TwoRegistersOfEightBytes", {0x48, 0x39, 0xd8}, kRax, kRbx, 8, false},
        {"TwoBytesOnTheStack",
         {0x66, 0x81, 0x7c, 0x24, 0x02, 0xef, 0xbe},
         0xbeef,
         0x3332,
         2,
         true},
        {"AByteBehindAPointer", {0x80, 0x7f, 0x02, 0x41}, 'A', '2', 1, true},
        {"AFarByte", {0x80, 0xbf, 0x0a, 0, 0, 0, 0x42}, 'B', 'a', 1, true},
        {"TheSecondByteOfRax", {0x38, 0xe0}, 0, kRax >> 8 & 0xff, 1, false},
        {"TheFirstByteOfRsi",
         {0x40, 0x80, 0xfe, 0x05},
         5,
         kRsi & 0xff,
         1,
         true},
        {"AnIndexedPlace",
         {0x44, 0x3b, 0x04, 0x8f},
         0x66656463,
         kR8 & 0xffffffff,
         4,
         false},
        {"AnExclusiveOr",
         {0x35, 0x73, 0x65, 0x63, 0x72},
         0x72636573,
         kRax & 0xffffffff,
         4,
         true},
        {"AnExclusiveOrOfMemory",
         {0x81, 0x37, 0x73, 0x65, 0x63, 0x72},
         0x72636573,
         0x33323130,
         4,
         true},
        {"AnExclusiveOrOfAByte", {0x80, 0xf1, 0xc9}, 0xc9, 3, 1, true},
        {"AnExclusiveOrOfAl", {0x34, 0x07}, 7, 0, 1, true},
        {"ATextWithAnExclusiveOr",
         {0x48, 0x33, 0x07},
         0x7974697261706f6c,
         0x3736353433323130,
         8,
         true},
        {"FourBytesInSpiteOfAPrefix",
         {0x66, 0x48, 0x81, 0xf9, 0x34, 0x12, 0x01, 0x00},
         0x11234,
         3,
         8,
         true},
        {"WhatFollowsTheInstruction",
         {0x81, 0x3d, 0x02, 0, 0, 0, 1, 2, 3, 4, 0, 0, 5, 6, 7, 8},
         0x04030201,
         0x08070605,
         4,
         true},
    }),
    [](const auto& row) { return row.param.name; });

TEST(DecodeComparisonTest, LeavesOtherInstructionsAlone) {
  const std::vector<std::vector<uint8_t>> others = {
      {0x29, 0xd8, 0, 0, 0, 0},              // sub eax, ebx
      {0x85, 0xc0, 0, 0, 0, 0},              // test eax, eax
      {0x81, 0xc0, 1, 0, 0, 0},              // add eax, 1
      {0x83, 0xf0, 0x01, 0, 0, 0},           // xor eax, 1
      {0x34, 0xff, 0, 0, 0, 0},              // xor al, -1
      {0x64, 0x48, 0x3b, 0x04, 0x25, 0x28},  // cmp rax, fs:0x28
      {0x0f, 0xb6, 0x38, 0, 0, 0},           // movzx edi, [rax]
      {0x33, 0x07, 0, 0, 0, 0},              // xor eax, [rdi], of no text
      {0x33, 0xc0, 0, 0, 0, 0},              // xor eax, eax
      {0xcc, 0x3c, 0x41, 0, 0, 0}};          // int3
  const IntegerRegisters registers{};
  ComparedNumbers numbers{};
  for (const auto& code : others) {
    EXPECT_FALSE(DecodeComparison(code.data(), registers, numbers))
        << int{code[0]};
  }
}

// Neither behind an instruction nor behind what it reads itself.
TEST(DecodeComparisonTest, ReadsNoFurtherThanTheProgram) {
  constexpr size_t kPage = 4096;
  void* const two = mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(two, MAP_FAILED);
  auto* const end = static_cast<uint8_t*>(two) + kPage;
  ASSERT_EQ(mprotect(end, kPage, PROT_NONE), 0);
  IntegerRegisters registers{};
  registers.values[0] = 0x7974697261706f6c;
  registers.values[7] = reinterpret_cast<uint64_t>(end - 2);
  ComparedNumbers numbers{};
  constexpr uint8_t kXorOfTwoBytes[] = {0x66, 0x33, 0x07};
  EXPECT_FALSE(DecodeComparison(kXorOfTwoBytes, registers, numbers));
  end[-1] = 0xc3;  // ret
  EXPECT_FALSE(DecodeComparison(end - 1, registers, numbers));
  munmap(two, 2 * kPage);
}

}  // namespace
}  // namespace formfuzz::campaign
