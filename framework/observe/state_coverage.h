// SPDX-License-Identifier: Apache-2.0
// Coverage of states: what a run reached that edges do not tell.
//
// Every visited state counts in the engine's extra counters, so an input that
// reaches a new one is kept, and in a bitmap that counts how many there were.
#ifndef FORMFUZZ_FRAMEWORK_OBSERVE_STATE_COVERAGE_H_
#define FORMFUZZ_FRAMEWORK_OBSERVE_STATE_COVERAGE_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "framework/base/digest.h"

namespace formfuzz {

class StateCoverage {
 public:
  // `counters`: the engine's, a power of two of them, or none. `edges`: the
  // counters that the compiler put into what is fuzzed, or none.
  explicit StateCoverage(std::span<uint8_t> counters = {},
                         std::span<uint8_t> edges = {})
      : counters_(counters), edges_(edges), seen_(std::make_unique<Seen>()) {}

  // Which states there were so far.
  struct Seen {
    uint64_t distinct = 0;
    std::array<uint64_t, (1 << 20) / 64> words{};
  };

  // What was covered so far in this run is none of its features. Said of what
  // is the same in every run, it costs no knowledge and saves the engine from
  // looking at it each time.
  void ForgetEdges() { std::fill(edges_.begin(), edges_.end(), uint8_t{0}); }

  void Visit(uint64_t state) {
    const uint64_t spread = Mix(state);
    // An engine tells eight ranges of a counter's value apart, each a feature
    // of its own; so each counter stands for eight states, of which a run
    // shows the last it visits.
    if (!counters_.empty()) {
      constexpr uint8_t kOfEachRange[] = {1, 2, 3, 4, 8, 16, 32, 128};
      counters_[(spread >> 32) & (counters_.size() - 1)] =
          kOfEachRange[spread >> 61];
    }
    uint64_t& word = seen_->words[spread / 64 % seen_->words.size()];
    const uint64_t bit = uint64_t{1} << (spread % 64);
    seen_->distinct += (word & bit) == 0;
    word |= bit;
  }

  // Distinct states so far; colliding ones count once (1% of 20,000).
  uint64_t distinct() const { return seen_->distinct; }

  // What another process has visited since it had all that this one has.
  const Seen& seen() const { return *seen_; }
  void Adopt(const Seen& seen) { *seen_ = seen; }
  std::span<uint8_t> counters() const { return counters_; }
  std::span<uint8_t> edges() const { return edges_; }

 private:
  std::span<uint8_t> counters_;
  std::span<uint8_t> edges_;
  std::unique_ptr<Seen> seen_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_OBSERVE_STATE_COVERAGE_H_
