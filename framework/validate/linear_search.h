// SPDX-License-Identifier: Apache-2.0
// The search behind linearizability: is there an order of overlapping
// operations, true to those that do not overlap, that a sequential model
// explains?
//
// Wing and Gong's search (J. Parallel Distrib. Comput. 17, 1993) with Lowe's
// memory of configurations seen (Concurrency Computat. 29, 2017). A
// configuration is the set of operations taken so far and the digest of the
// model's state; two states with one digest count as one, which a digest of
// 64 bits makes as good as never wrong. Reused, it allocates nothing once it
// has grown.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_LINEAR_SEARCH_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_LINEAR_SEARCH_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "framework/base/digest.h"

namespace formfuzz {

// Operations that one search can hold: a bit each.
inline constexpr size_t kLinearMax = 64;
// Configurations that a search looks at before it gives up: some milliseconds.
inline constexpr size_t kConfigurationsMax = size_t{1} << 17;

enum class Linearity : uint8_t {
  kExplained,    // there is an order
  kUnexplained,  // there is none
  kUndecided,    // too many operations, or too many orders
};

// When an operation began and ended; times of one history are all different.
struct Interval {
  static constexpr uint32_t kPending = std::numeric_limits<uint32_t>::max();
  uint32_t invoked = 0;
  uint32_t returned = kPending;  // never: it took effect, or not
};

// A set of configurations that forgets all of them at no cost.
class ConfigurationSet {
 public:
  void Clear() {
    ++generation_;
    size_ = 0;
  }
  // False if it is there already.
  bool Insert(uint64_t done, uint64_t digest) {
    if (2 * (size_ + 1) > slots_.size()) Grow();
    Slot& slot = Find(done, digest);
    if (slot.generation == generation_) return false;
    slot = {done, digest, generation_};
    ++size_;
    return true;
  }
  size_t size() const { return size_; }

 private:
  struct Slot {
    uint64_t done = 0;
    uint64_t digest = 0;
    uint64_t generation = 0;  // of another: the slot is free
  };

  Slot& Find(uint64_t done, uint64_t digest) {
    size_t at = Mix(done, digest);
    for (;; ++at) {
      Slot& slot = slots_[at & (slots_.size() - 1)];
      if (slot.generation != generation_) return slot;
      if (slot.done == done && slot.digest == digest) return slot;
    }
  }
  void Grow() {
    std::vector<Slot> old(slots_.empty() ? 256 : 2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.generation == generation_) Find(slot.done, slot.digest) = slot;
    }
  }

  std::vector<Slot> slots_;
  uint64_t generation_ = 1;
  size_t size_ = 0;
};

class LinearSearch {
 public:
  // `times` in the order of invocation. `States` keeps a state of the model
  // for every depth from 0, the first one, on:
  //   bool Take(size_t operation, size_t depth): makes the state of depth + 1
  //       from that of depth; false if the operation cannot come to what it
  //       came to. Of a pending operation, whatever it comes to will do.
  //   uint64_t Digest(size_t depth)
  template <class States>
  Linearity Search(std::span<const Interval> times, States&& states) {
    if (times.size() > kLinearMax) return Linearity::kUndecided;
    Begin(times);
    seen_.Clear();
    const bool explained = Explore(states, 0, 0);
    if (explained) return Linearity::kExplained;
    return seen_.size() >= kConfigurationsMax ? Linearity::kUndecided
                                              : Linearity::kUnexplained;
  }

  // The longest order that the model explained, by number of operation: after
  // kExplained the whole of it, less pending ones that need no effect.
  std::span<const uint8_t> order() const { return {best_.data(), best_size_}; }

  // Operations that may come next once `done` (bit i: the i-th) are through.
  uint64_t NextAfter(uint64_t done) const {
    uint64_t next = 0;
    for (uint64_t left = all_ & ~done; left != 0; left &= left - 1) {
      const auto operation = static_cast<size_t>(std::countr_zero(left));
      // Whatever is called later has at least the same ones before it.
      if ((before_[operation] & ~done) != 0) break;
      next |= uint64_t{1} << operation;
    }
    return next;
  }

 private:
  void Begin(std::span<const Interval> times) {
    all_ = completed_ = 0;
    best_size_ = 0;
    for (size_t i = 0; i < times.size(); ++i) {
      const uint64_t bit = uint64_t{1} << i;
      all_ |= bit;
      if (times[i].returned != Interval::kPending) completed_ |= bit;
      before_[i] = 0;
      for (size_t j = 0; j < i; ++j) {
        if (times[j].returned < times[i].invoked)
          before_[i] |= uint64_t{1} << j;
      }
    }
  }

  template <class States>
  bool Explore(States& states, uint64_t done, size_t depth) {
    const bool explained = (completed_ & ~done) == 0;
    if (explained || depth > best_size_) {
      best_ = path_;
      best_size_ = depth;
    }
    if (explained) return true;
    const uint64_t digest = states.Digest(depth);
    for (uint64_t next = NextAfter(done); next != 0; next &= next - 1) {
      if (seen_.size() >= kConfigurationsMax) return false;
      const auto operation = static_cast<size_t>(std::countr_zero(next));
      const uint64_t bit = uint64_t{1} << operation;
      if (!states.Take(operation, depth)) continue;
      const uint64_t digest_after = states.Digest(depth + 1);
      // Without an effect it may as well not have happened.
      if ((completed_ & bit) == 0 && digest_after == digest) continue;
      if (!seen_.Insert(done | bit, digest_after)) continue;
      path_[depth] = static_cast<uint8_t>(operation);
      if (Explore(states, done | bit, depth + 1)) return true;
    }
    return false;
  }

  std::array<uint64_t, kLinearMax> before_{};  // who was over before who began
  uint64_t all_ = 0;
  uint64_t completed_ = 0;
  std::array<uint8_t, kLinearMax> path_{};
  std::array<uint8_t, kLinearMax> best_{};
  size_t best_size_ = 0;
  ConfigurationSet seen_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_LINEAR_SEARCH_H_
