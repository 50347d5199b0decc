// SPDX-License-Identifier: Apache-2.0
// What the process holds now, to be compared with what it holds after a run.
//
// Memory is what is allocated, referred to or not. Descriptors are told by the
// lowest free one, which a leak takes. Cheap enough for once a run: a few
// system calls.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_FOOTPRINT_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_FOOTPRINT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "framework/scenario/expectations.h"

namespace formfuzz {

class Footprint {
 public:
  enum Kind : size_t { kMemory, kDescriptors, kThreads, kFiles, kKinds };

  // What is not watched counts 0.
  static Footprint Of(const LeakWatch& watch);

  uint64_t of(Kind kind) const { return held_[kind]; }
  // "LeavesNoMemory": the rule that growth of this kind breaks.
  static std::string_view RuleOf(Kind kind);
  // What grew, in words; of descriptors also what they lead to.
  static std::string Describe(Kind kind, const Footprint& before,
                              const Footprint& after);

 private:
  std::array<uint64_t, kKinds> held_{};
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_FOOTPRINT_H_
