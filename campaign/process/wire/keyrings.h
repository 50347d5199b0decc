// SPDX-License-Identifier: Apache-2.0
// The calls that reach the kernel's keyrings. These are the host's: of all
// that namespaces part, root's keys alone stay shared, so that sandboxed
// programs get the answer of a kernel without keys, ENOSYS.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_WIRE_KEYRINGS_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_WIRE_KEYRINGS_H_

#include <linux/audit.h>

#include <cstdint>

namespace formfuzz::campaign {

// add_key, request_key and keyctl follow each other wherever they are.
inline constexpr uint32_t kKeyringCalls = 3;

struct KeyringNumbers {
  uint32_t arch;   // AUDIT_ARCH_*
  uint32_t first;  // add_key
};
inline constexpr KeyringNumbers kKeyringNumbers[] = {{AUDIT_ARCH_X86_64, 248},
                                                     {AUDIT_ARCH_I386, 286},
                                                     {AUDIT_ARCH_AARCH64, 217},
                                                     {AUDIT_ARCH_ARM, 309}};
// x32 numbers its calls as x86_64 does, with this bit.
inline constexpr uint32_t kX32NumberBit = 0x40000000;

constexpr bool IsKeyringCall(uint32_t arch, uint32_t number) {
  for (const auto& [known, first] : kKeyringNumbers) {
    if (known == arch) {
      return (number & ~kX32NumberBit) - first < kKeyringCalls;
    }
  }
  return false;
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_WIRE_KEYRINGS_H_
