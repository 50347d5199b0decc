// SPDX-License-Identifier: Apache-2.0
// One way to change an input.
//
// The laws, which tests/campaign/loop/mutator_laws.h checks for each: the
// result is never longer than `size_max`; the same seed and input give the
// same; false means that nothing was changed; whatever the input, it returns.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_MUTATE_MUTATOR_H_
#define FORMFUZZ_CAMPAIGN_LOOP_MUTATE_MUTATOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "framework/base/bytes.h"
#include "framework/base/random.h"

namespace formfuzz::campaign {

class Dictionary;

using InputBytes = std::vector<uint8_t>;

// What a mutator may draw on.
struct MutationScene {
  Random& random;
  size_t size_max;          // of the result; at least 1
  Bytes other;              // another kept input, to cross with; may be empty
  const Dictionary& words;  // may be empty
};

class Mutator {
 public:
  virtual ~Mutator() = default;
  virtual std::string_view name() const = 0;
  // False where it does not apply: text to a binary, a word without words.
  virtual bool Mutate(const MutationScene& scene, InputBytes& input) = 0;
};

using Mutators = std::vector<std::unique_ptr<Mutator>>;

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_MUTATE_MUTATOR_H_
