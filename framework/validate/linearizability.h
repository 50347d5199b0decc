// SPDX-License-Identifier: Apache-2.0
// Linearizability against a model of the user's own types (Herlihy and Wing,
// TOPLAS 12, 1990): every operation seems to happen at one instant between
// its call and its return.
//
//   class Register {                       // sequential; small; copied often
//    public:
//     using Call = …; using Answer = …;
//     bool Apply(const Call& call, const Answer* answer);
//     uint64_t Digest() const;             // of all that answers depend on
//     static uint64_t Key(const Call&);    // optional
//   };
//
// Apply makes the operation happen and says whether it could have had that
// answer; without an answer (pending) it makes it happen and says true. With
// Key, operations of different keys must not depend on each other: each key
// is then judged by itself (Herlihy and Wing's locality; Horn and Kroening,
// FORTE 2015), which is what makes long histories cheap.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_LINEARIZABILITY_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_LINEARIZABILITY_H_

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "framework/validate/linear_search.h"

namespace formfuzz {

template <class Model>
concept SequentialModel =
    std::copyable<Model> &&
    requires(Model& model, const Model& state, const typename Model::Call& call,
             const typename Model::Answer* answer) {
      { model.Apply(call, answer) } -> std::same_as<bool>;
      { state.Digest() } -> std::convertible_to<uint64_t>;
    };

template <class Model>
concept KeyedModel = requires(const typename Model::Call& call) {
  { Model::Key(call) } -> std::convertible_to<uint64_t>;
};

// One operation as it was seen from outside.
template <SequentialModel Model>
struct TimedCall {
  typename Model::Call call;
  std::optional<typename Model::Answer> answer;  // none: pending
  Interval times;
};

// Numbers grouped by key, and within a key by time, without allocating in a
// steady state.
class Partition {
 public:
  template <class KeyOf, class InvokedAt>
  void Group(size_t count, KeyOf&& key_of, InvokedAt&& invoked_at) {
    members_.resize(count);
    std::iota(members_.begin(), members_.end(), uint32_t{0});
    std::sort(members_.begin(), members_.end(), [&](uint32_t a, uint32_t b) {
      if (key_of(a) != key_of(b)) return key_of(a) < key_of(b);
      return invoked_at(a) < invoked_at(b);
    });
  }
  // Calls `each` with the numbers of one key, until it returns false.
  template <class KeyOf, class Each>
  void ForEachKey(KeyOf&& key_of, Each&& each) const {
    for (size_t from = 0, to = 0; from < members_.size(); from = to) {
      while (to < members_.size() &&
             key_of(members_[to]) == key_of(members_[from])) {
        ++to;
      }
      if (!each(std::span(members_).subspan(from, to - from))) return;
    }
  }

 private:
  std::vector<uint32_t> members_;
};

template <SequentialModel Model>
class Linearizability {
 public:
  using Call = TimedCall<Model>;

  // Every key starts as `first`. Of several keys that are not explained the
  // first counts; kUndecided only if no key is unexplained.
  Linearity Check(std::span<const Call> history, const Model& first = {}) {
    const auto key_of = [&](uint32_t i) { return KeyOf(history[i]); };
    partition_.Group(history.size(), key_of,
                     [&](uint32_t i) { return history[i].times.invoked; });
    Linearity worst = Linearity::kExplained;
    stuck_.clear();
    partition_.ForEachKey(key_of, [&](std::span<const uint32_t> members) {
      const Linearity one = CheckKey(history, members, first);
      if (one != Linearity::kExplained) worst = one;
      return one != Linearity::kUnexplained;
    });
    return worst;
  }

  // After kUnexplained, by their index in the history: the operations that
  // could be next after the longest order that is explained, and cannot have
  // come to what they came to.
  std::span<const uint32_t> stuck() const { return stuck_; }

 private:
  struct States {
    Linearizability& owner;
    std::span<const Call> history;
    std::span<const uint32_t> members;

    bool Take(size_t operation, size_t depth) {
      const Call& taken = history[members[operation]];
      Model& state = owner.states_[depth + 1];
      state = owner.states_[depth];
      return state.Apply(taken.call,
                         taken.answer.has_value() ? &*taken.answer : nullptr);
    }
    uint64_t Digest(size_t depth) const {
      return owner.states_[depth].Digest();
    }
  };

  static uint64_t KeyOf(const Call& operation) {
    if constexpr (KeyedModel<Model>) {
      return Model::Key(operation.call);
    } else {
      return 0;
    }
  }

  Linearity CheckKey(std::span<const Call> history,
                     std::span<const uint32_t> members, const Model& first) {
    times_.clear();
    for (const uint32_t member : members) {
      times_.push_back(history[member].times);
    }
    if (states_.size() < members.size() + 1) {
      states_.resize(members.size() + 1, first);
    }
    states_[0] = first;
    const Linearity found =
        search_.Search(times_, States{*this, history, members});
    if (found == Linearity::kUnexplained) NoteStuck(members);
    return found;
  }

  void NoteStuck(std::span<const uint32_t> members) {
    uint64_t done = 0;
    for (const uint8_t operation : search_.order()) {
      done |= uint64_t{1} << operation;
    }
    uint64_t next = search_.NextAfter(done);
    for (; next != 0; next &= next - 1) {
      const auto operation = static_cast<size_t>(std::countr_zero(next));
      if (times_[operation].returned == Interval::kPending) continue;
      stuck_.push_back(members[operation]);
    }
  }

  Partition partition_;
  LinearSearch search_;
  std::vector<Interval> times_;
  std::vector<Model> states_;
  std::vector<uint32_t> stuck_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_LINEARIZABILITY_H_
