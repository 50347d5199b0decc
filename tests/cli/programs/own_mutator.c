// SPDX-License-Identifier: Apache-2.0
// A mutator of somebody's own: makes of everything what letters.c dies of.
#include <string.h>

#include "campaign/loop/mutate/plugin/formfuzz_mutator.h"

static size_t Mutate(void* state, uint8_t* bytes, size_t size, size_t size_max,
                     const uint8_t* other, size_t other_size, uint64_t random) {
  (void)state, (void)size, (void)other, (void)other_size, (void)random;
  if (size_max < 4) return 0;
  memcpy(bytes, "FUZz", 4);
  return 4;
}

const formfuzz_mutator_v1* formfuzz_mutator(void) {
  static const formfuzz_mutator_v1 kMutator = {FORMFUZZ_MUTATOR_ABI, "own",
                                               NULL, NULL, Mutate};
  return &kMutator;
}
