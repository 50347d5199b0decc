// SPDX-License-Identifier: Apache-2.0
// What an instruction of x86-64 compares, if it is a `cmp` of whole numbers, or
// a `xor` with a constant that negates nothing, or of memory with a text, which
// compilers make of comparisons (Intel's manual, volume 2, CMP and XOR). Reads
// code, and memory that the instruction is about to read itself.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_ZYGOTE_COMPARISON_DECODER_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_ZYGOTE_COMPARISON_DECODER_H_

#include <cstdint>

#include "campaign/process/wire/comparison_log.h"

namespace formfuzz::campaign {

// rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 to r15: in the order of encodings.
struct IntegerRegisters {
  uint64_t values[16];
};

// False for every other instruction. A constant is the left one; `place` is
// left alone.
bool DecodeComparison(const uint8_t* code, const IntegerRegisters& registers,
                      ComparedNumbers& numbers);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_ZYGOTE_COMPARISON_DECODER_H_
