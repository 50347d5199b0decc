// SPDX-License-Identifier: Apache-2.0
// What a domain needs to change or shrink a value: randomness, memory for
// what it makes, the handles in sight, and the engine's byte mutator.
#ifndef FORMFUZZ_FRAMEWORK_INPUT_MUTATION_H_
#define FORMFUZZ_FRAMEWORK_INPUT_MUTATION_H_

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "framework/base/arena.h"
#include "framework/base/random.h"
#include "framework/input/handle_counts.h"

namespace formfuzz {

// The engine's own mutator of raw bytes (LLVMFuzzerMutate): it knows the
// dictionary and the comparisons seen. Returns the new size, at most
// `size_max`.
using BytesMutator = size_t (*)(uint8_t* bytes, size_t size, size_t size_max);

// Tells whether a smaller candidate still shows what is being looked for.
template <class Repr>
using Accept = absl::FunctionRef<bool(const Repr&)>;

class Mutation {
 public:
  Mutation(Random& random, Arena& arena, BytesMutator engine = nullptr)
      : random_(&random), arena_(&arena), engine_(engine) {}

  Random& random() { return *random_; }
  Arena& arena() { return *arena_; }
  const HandleCounts* handles() const { return handles_; }
  void set_handles(const HandleCounts* handles) { handles_ = handles; }

  // Changes leaf bytes: by the engine where there is one, else by flips,
  // overwrites, insertions, removals and copies. Returns the new size, in
  // [size_min, size_max]; `bytes` has room for `size_max`.
  size_t MutateBytes(uint8_t* bytes, size_t size, size_t size_min,
                     size_t size_max);

 private:
  Random* random_;
  Arena* arena_;
  BytesMutator engine_;
  const HandleCounts* handles_ = nullptr;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_INPUT_MUTATION_H_
