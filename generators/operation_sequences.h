// SPDX-License-Identifier: Apache-2.0
// Operations on a VM manager that users send one after the other: what is
// offered is accepted, what is made is started. Names are those of the steps
// that a harness declares.
#ifndef FORMFUZZ_GENERATORS_OPERATION_SEQUENCES_H_
#define FORMFUZZ_GENERATORS_OPERATION_SEQUENCES_H_

#include <algorithm>
#include <span>
#include <string_view>

#include "framework/domain/choices.h"

namespace formfuzz {

inline constexpr size_t kSequenceMax = 4;  // operations in one

// In order, for ever.
struct OperationSequence {
  std::span<const std::string_view> names;

  auto begin() const { return names.begin(); }
  auto end() const { return names.end(); }
  friend bool operator==(const OperationSequence& a,
                         const OperationSequence& b) {
    return std::ranges::equal(a.names, b.names);
  }
};

ElementDomain<OperationSequence> OperationSequences();

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_OPERATION_SEQUENCES_H_
