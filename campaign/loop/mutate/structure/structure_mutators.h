// SPDX-License-Identifier: Apache-2.0
// Mutators that keep a structure: words and marks of text, its lines, trees of
// JSON and XML. Each leaves an input alone that does not have its structure.
// Bounded: trees of at most kTreeBytesMax bytes and kTreeDepthMax levels are
// read.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_MUTATE_STRUCTURE_STRUCTURE_MUTATORS_H_
#define FORMFUZZ_CAMPAIGN_LOOP_MUTATE_STRUCTURE_STRUCTURE_MUTATORS_H_

#include "campaign/loop/mutate/mutator.h"

namespace formfuzz::campaign {

inline constexpr size_t kTreeBytesMax = 64 << 10;
inline constexpr size_t kTreeDepthMax = 256;

void AddTokenMutators(Mutators* mutators);
void AddLineMutators(Mutators* mutators);
void AddJsonMutators(Mutators* mutators);
void AddXmlMutators(Mutators* mutators);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_MUTATE_STRUCTURE_STRUCTURE_MUTATORS_H_
