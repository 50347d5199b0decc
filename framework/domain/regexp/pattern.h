// SPDX-License-Identifier: Apache-2.0
//
// The syntax of patterns: reads one into a nondeterministic automaton.
// What is known and what is refused stands in framework/domain/regexp/regexp.h.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_REGEXP_PATTERN_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_REGEXP_PATTERN_H_

#include <cstddef>
#include <string_view>

#include "absl/status/statusor.h"
#include "framework/domain/regexp/nfa.h"

namespace formfuzz::regexp {

inline constexpr size_t kPatternBytesMax = 1024;
inline constexpr size_t kRepetitionMax = 256;
// The parser recurses once a group; this keeps its stack below 64 KiB.
inline constexpr size_t kGroupDepthMax = 64;

struct Pattern {
  Nfa nfa;
  Nfa::Fragment whole;
};

// Fails with the byte offset of the first error and what was expected there.
absl::StatusOr<Pattern> ParsePattern(std::string_view pattern);

}  // namespace formfuzz::regexp

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_REGEXP_PATTERN_H_
