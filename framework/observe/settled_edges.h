// SPDX-License-Identifier: Apache-2.0
// Edges that runs take all the time, and that tell an engine nothing any more.
#ifndef FORMFUZZ_FRAMEWORK_OBSERVE_SETTLED_EDGES_H_
#define FORMFUZZ_FRAMEWORK_OBSERVE_SETTLED_EDGES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace formfuzz {

// An engine looks up every feature of every run, and most of them it has long
// known. Taken away, they cost nothing, and the engine keeps what it would have
// kept; only smaller inputs for these very edges go unseen. After 1,024 runs,
// 2,048, 4,096 and so on, 128 are watched: what 16 of them take is settled.
class SettledEdges {
 public:
  explicit SettledEdges(size_t edges) : open_(edges, 1), hits_(edges, 0) {}

  // Of the edges' counters after a run: leaves 1 where an edge was taken that
  // is not settled, else 0.
  void Strip(std::span<uint8_t> counters) {
    // Bytes may be anything's: the compiler knows of locals that they stay.
    uint8_t* const counter = counters.data();
    const uint8_t* const open = open_.data();
    const size_t count = open_.size();
    for (size_t i = 0; i < count; ++i) {
      counter[i] = static_cast<uint8_t>(counter[i] != 0) & open[i];
    }
    if (++runs_ > watched_from_) Watch(counters);
  }

 private:
  static constexpr uint64_t kFirst = 1024;
  static constexpr uint64_t kWatched = 128;
  static constexpr uint8_t kOften = 16;

  void Watch(std::span<const uint8_t> taken) {
    for (size_t i = 0; i < open_.size(); ++i) hits_[i] += taken[i];
    if (runs_ < watched_from_ + kWatched) return;
    for (size_t i = 0; i < open_.size(); ++i) {
      if (hits_[i] >= kOften) open_[i] = 0;
      hits_[i] = 0;
    }
    watched_from_ *= 2;
  }

  std::vector<uint8_t> open_;  // 1 until settled
  std::vector<uint8_t> hits_;  // of the runs that are watched
  uint64_t runs_ = 0;
  uint64_t watched_from_ = kFirst;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_OBSERVE_SETTLED_EDGES_H_
