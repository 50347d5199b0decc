// SPDX-License-Identifier: Apache-2.0
// The harness's model, with its type hidden, in the search for an order.
#include "framework/validate/history_judge.h"

#include <new>

#include "framework/base/text.h"

namespace formfuzz {
namespace {

// What cannot be said to be about one handle is about all of them.
constexpr uint64_t kNoKey = ~uint64_t{0};
constexpr size_t kNamesMax = 12;  // of an order, in a message

}  // namespace

HistoryJudge::States::~States() {
  for (void* object : objects_) {
    maker_.destroy(object);
    ::operator delete(object, std::align_val_t(maker_.alignment));
  }
}

void HistoryJudge::States::Construct(Run& run) {
  objects_.push_back(
      ::operator new(maker_.size, std::align_val_t(maker_.alignment)));
  maker_.construct(objects_.back(), run);
}

void HistoryJudge::States::Begin(size_t count, Run& run) {
  if (!objects_.empty()) {
    maker_.destroy(objects_[0]);
    maker_.construct(objects_[0], run);
  }
  while (objects_.size() < count) Construct(run);
}

struct HistoryJudge::Search {
  HistoryJudge& judge;
  std::span<const Operation> operations;
  std::span<const uint32_t> members;

  bool Take(size_t operation, size_t depth) {
    return judge.Take(operations[members[operation]], depth);
  }
  uint64_t Digest(size_t depth) const { return judge.states_.Digest(depth); }
};

std::optional<Outcome> HistoryJudge::Predict(const Operation& operation,
                                             void* state) {
  run_.BeginStep(operation.made);
  return recipe_.kinds[operation.step.kind]->Predict(state,
                                                     operation.step.arguments);
}

bool HistoryJudge::Take(const Operation& operation, size_t depth) {
  const std::optional<Outcome> predicted =
      Predict(operation, states_.Follow(depth));
  return operation.pending() || !predicted.has_value() ||
         *predicted == operation.outcome;
}

uint64_t HistoryJudge::KeyOf(const Operation& operation) const {
  const StepKind& kind = *recipe_.kinds[operation.step.kind];
  uint64_t key = kNoKey;
  if (kind.makes() == recipe_.linearizable_per) key = operation.made;
  size_t seen = key != kNoKey;
  kind.VisitHandles(operation.step.arguments,
                    [&](HandleKind of, uint16_t& index) {
                      if (of != recipe_.linearizable_per) return;
                      if (seen++ == 0) key = index;
                    });
  return seen == 1 ? key : kNoKey;
}

// One operation on several handles, or on none, ties all keys together.
void HistoryJudge::NoteKeys(std::span<const Operation> operations) {
  keys_.assign(operations.size(), 0);
  if (!recipe_.linearizable_per.has_value()) return;
  for (size_t i = 0; i < operations.size(); ++i) {
    keys_[i] = KeyOf(operations[i]);
    if (keys_[i] == kNoKey) return keys_.assign(operations.size(), 0);
  }
}

Linearity HistoryJudge::Judge(const History& history) {
  const std::span<const Operation> operations = history.operations();
  NoteKeys(operations);
  const auto key_of = [&](uint32_t i) { return keys_[i]; };
  partition_.Group(operations.size(), key_of, [&](uint32_t i) { return i; });
  Linearity worst = Linearity::kExplained;
  partition_.ForEachKey(key_of, [&](std::span<const uint32_t> members) {
    const Linearity one = JudgeKey(operations, members);
    if (one != Linearity::kExplained) worst = one;
    return one != Linearity::kUnexplained;
  });
  return worst;
}

Linearity HistoryJudge::JudgeKey(std::span<const Operation> operations,
                                 std::span<const uint32_t> members) {
  times_.clear();
  for (const uint32_t member : members) {
    times_.push_back({operations[member].invoked, operations[member].returned});
  }
  states_.Begin(members.size() + 1, run_);
  const Linearity found =
      search_.Search(times_, Search{*this, operations, members});
  if (found == Linearity::kUnexplained) Explain(operations, members);
  return found;
}

void HistoryJudge::Explain(std::span<const Operation> operations,
                           std::span<const uint32_t> members) {
  const auto name = [&](const Operation& operation) {
    return Concat(recipe_.kinds[operation.step.kind]->name(), " (step ",
                  operation.index + 1, ")");
  };
  std::string order;
  uint64_t done = 0;
  const std::span<const uint8_t> path = search_.order();
  for (size_t depth = 0; depth < path.size(); ++depth) {
    done |= uint64_t{1} << path[depth];
    const Operation& operation = operations[members[path[depth]]];
    Take(operation, depth);
    if (depth < kNamesMax) order += name(operation) + ", ";
  }
  message_ = Concat("no order of ", members.size(),
                    " steps explains what they came to");
  for (uint64_t next = search_.NextAfter(done); next != 0; next &= next - 1) {
    const auto at = static_cast<size_t>(std::countr_zero(next));
    const Operation& operation = operations[members[at]];
    if (operation.pending()) continue;
    step_ = operation.index;
    const auto predicted = Predict(operation, states_.Follow(path.size()));
    message_ += Concat("; after ", order.empty() ? "nothing, " : order,
                       name(operation), " cannot come to ",
                       operation.outcome.label(), ": the model says ",
                       predicted.has_value() ? predicted->label() : "nothing");
  }
}

}  // namespace formfuzz
