// SPDX-License-Identifier: Apache-2.0
// A mutator of your own, in a shared object, in any language that speaks C.
/*
 * Define formfuzz_mutator() and build with -shared -fPIC; name the file with
 * `--mutator FILE.so`. It is called from one thread of each worker process.
 * What it changes must depend on its arguments and its state alone, or runs
 * with --seed cannot be repeated. */
#ifndef FORMFUZZ_CAMPAIGN_LOOP_MUTATE_PLUGIN_FORMFUZZ_MUTATOR_H_
#define FORMFUZZ_CAMPAIGN_LOOP_MUTATE_PLUGIN_FORMFUZZ_MUTATOR_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FORMFUZZ_MUTATOR_ABI 1

/* Size and layout are fixed for one value of `abi`. */
typedef struct {
  uint32_t abi;     /* FORMFUZZ_MUTATOR_ABI */
  const char* name; /* for statistics; lives as long as the object */
  /* State of one worker, or NULL if there is none. May be NULL. */
  void* (*create)(uint64_t seed);
  void (*destroy)(void* state); /* may be NULL */
  /* Changes the `size` bytes at `bytes`, where there is room for `size_max`,
   * and returns the new size; 0 if it does not apply, and then the bytes must
   * be as they were. `other` is another kept input, read only, perhaps empty.
   * `random` differs at every call. */
  size_t (*mutate)(void* state, uint8_t* bytes, size_t size, size_t size_max,
                   const uint8_t* other, size_t other_size, uint64_t random);
} formfuzz_mutator_v1;

const formfuzz_mutator_v1* formfuzz_mutator(void);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FORMFUZZ_CAMPAIGN_LOOP_MUTATE_PLUGIN_FORMFUZZ_MUTATOR_H_ */
