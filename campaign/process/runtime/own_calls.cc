// SPDX-License-Identifier: Apache-2.0
// One instruction that enters the kernel, at a known place.

#include "campaign/process/runtime/own_calls.h"

#include <unistd.h>

#include <cstdint>

#if defined(__x86_64__)
asm(".text\n"
    ".hidden FormfuzzOwnCall, formfuzz_own_call_end\n"
    ".globl FormfuzzOwnCall, formfuzz_own_call_end\n"
    ".type FormfuzzOwnCall, @function\n"
    "FormfuzzOwnCall:\n"
    "  mov %rdi, %rax\n"
    "  mov %rsi, %r11\n"
    "  mov (%r11), %rdi\n"
    "  mov 8(%r11), %rsi\n"
    "  mov 16(%r11), %rdx\n"
    "  mov 24(%r11), %r10\n"
    "  mov 32(%r11), %r8\n"
    "  mov 40(%r11), %r9\n"
    "  syscall\n"
    "  ret\n"
    ".size FormfuzzOwnCall, . - FormfuzzOwnCall\n"
    "formfuzz_own_call_end:\n");

extern "C" __attribute__((visibility("hidden")))
const char formfuzz_own_call_end[];

namespace formfuzz::campaign {

OwnCode CodeOfOwnCalls() {
  return {reinterpret_cast<uint64_t>(&FormfuzzOwnCall),
          reinterpret_cast<uint64_t>(formfuzz_own_call_end)};
}

}  // namespace formfuzz::campaign

#else

// Nobody filters here by where a call comes from.
extern "C" long FormfuzzOwnCall(long number, const long* six_arguments) {
  const long* a = six_arguments;
  const long result = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  return result < 0 ? -errno : result;
}

namespace formfuzz::campaign {

OwnCode CodeOfOwnCalls() { return {}; }

}  // namespace formfuzz::campaign

#endif
