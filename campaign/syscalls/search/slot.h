// SPDX-License-Identifier: Apache-2.0
// A place in a trial whose bytes a program may compare with what it wants.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_SEARCH_SLOT_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_SEARCH_SLOT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "campaign/syscalls/drive/trial.h"

namespace formfuzz::campaign {

// In no program: what is compared with them is found where it stands.
inline constexpr const char* kUnknownWord = "qzvwxk";
inline constexpr const char* kUnknownNumber = "48613";

struct Slot {
  enum class Kind { kStandardInput, kFile, kArgument, kVariable };
  Kind kind = Kind::kStandardInput;
  size_t at = 0;  // of several: which
};

// What stands there; the trial has it.
std::string& BytesAt(const Slot& slot, Trial& trial);

// Whether they can: words and variables end at their first zero.
bool CanHold(const Slot& slot, std::string_view bytes);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_SEARCH_SLOT_H_
