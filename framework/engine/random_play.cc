// SPDX-License-Identifier: Apache-2.0
// One lineage grows for some mutations, each of which is played.
#include "framework/engine/random_play.h"

#include <array>

#include "framework/base/random.h"

namespace formfuzz {
namespace {

constexpr size_t kInputBytes = 4096;      // libFuzzer's first guess of max_len
constexpr size_t kLineageMutations = 64;  // then it starts anew

}  // namespace

RandomPlayResult PlayRandomScenarios(Session& session, uint64_t runs,
                                     uint64_t seed) {
  Random random(seed);
  RandomPlayResult result;
  std::array<uint8_t, kInputBytes> input{};
  size_t size = 0;
  while (result.runs < runs && result.verdict.passed()) {
    if (result.runs % kLineageMutations == 0) size = 0;
    size = session.Mutate(input.data(), size, input.size(), random.Next(),
                          nullptr);
    result.verdict = session.Execute({input.data(), size});
    ++result.runs;
    result.steps += session.trace().steps.size();
  }
  return result;
}

}  // namespace formfuzz
