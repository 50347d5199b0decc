// SPDX-License-Identifier: Apache-2.0
// Where trials keep them.

#include "campaign/syscalls/search/slot.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kWordBytesMax = 4096;

}  // namespace

std::string& BytesAt(const Slot& slot, Trial& trial) {
  switch (slot.kind) {
    case Slot::Kind::kFile:
      return trial.files.at(slot.at).content;
    case Slot::Kind::kArgument:
      return trial.arguments.at(slot.at);
    case Slot::Kind::kVariable:
      return trial.variables.at(slot.at).second;
    case Slot::Kind::kStandardInput:
      break;
  }
  return trial.standard_input;
}

bool CanHold(const Slot& slot, std::string_view bytes) {
  const bool any =
      slot.kind == Slot::Kind::kStandardInput || slot.kind == Slot::Kind::kFile;
  return any ||
         (bytes.size() <= kWordBytesMax && bytes.find('\0') == bytes.npos);
}

}  // namespace formfuzz::campaign
