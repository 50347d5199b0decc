// SPDX-License-Identifier: Apache-2.0
// The faults of a run: which named points fire, when, and how.
//
// Two levels: a point is armed for a run by an entry of the plan, which came
// with the input; it then fires at the hits that the entry's trigger names.
// Nothing is random at run time: equal inputs, equal faults. One run uses one
// plan; not thread-safe.
#ifndef FORMFUZZ_FRAMEWORK_FAULT_FAULT_PLAN_H_
#define FORMFUZZ_FRAMEWORK_FAULT_FAULT_PLAN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/fault/call_stack.h"
#include "framework/fault/fault.h"

namespace formfuzz {

// What kException throws.
class FaultThrown : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class FaultPlan final : public FaultGate {
 public:
  // Moves the scenario's clock.
  using Delay = void (*)(void* clock, uint64_t ms);

  FaultPlan() = default;
  FaultPlan(const FaultPlan&) = delete;
  FaultPlan& operator=(const FaultPlan&) = delete;
  ~FaultPlan() { End(); }

  // The n-th name belongs to point n, and to scope n + 1.
  void SetPoints(std::vector<std::string> names);
  void SetScopes(std::vector<std::string> names);
  void SetDelay(void* clock, Delay delay) {
    clock_ = clock;
    delay_ = delay;
  }

  // From Begin to End the points of this thread are this plan's, and those of
  // others that were served. Forgets the hits of the run before. `faults` must
  // outlive the run.
  void Begin(const std::vector<Fault>& faults);
  void End();
  // On a thread that does not outlive the run.
  void ServeThisThread() { fault_gate = armed_ ? this : nullptr; }

  // Counts hits even in runs without faults.
  void set_counting(bool counting) { counting_ = counting; }

  // Counts a hit of a point that can do these kinds; the fault that fires
  // now, or null. A delay has passed when this returns null. Throws for
  // kException where the point can do that.
  const Fault* Hit(uint16_t point, FaultKinds kinds = CanDo()) {
    if (!armed_) [[likely]]
      return nullptr;
    return HitArmed(point, kinds, 1);
  }

  // Index of a name; naming an undeclared point breaks the harness. Mocks are
  // made for every run, so names are remembered by their address, which must
  // stay that of the same text: use constants.
  uint16_t PointNamed(std::string_view name);

  // What a run came across, by point.
  struct Reached {
    size_t fired = 0;
    std::array<uint32_t, kFaultPointsMax> hits{};
    std::array<FaultKinds, kFaultPointsMax> kinds{};
    std::array<unsigned, kFaultPointsMax> variants{};
  };

  // Of this run.
  size_t fired() const { return reached_.fired; }
  uint32_t hits(uint16_t point) const { return reached_.hits[point]; }
  FaultKinds kinds(uint16_t point) const { return reached_.kinds[point]; }
  unsigned variants(uint16_t point) const { return reached_.variants[point]; }
  // The run was another process's.
  const Reached& reached() const { return reached_; }
  void Adopt(const Reached& reached) {
    reached_ = reached;
    counted_ = true;
  }

  // Whether a fault has made something throw in the running task since this was
  // asked there last.
  bool TakeThrown() {
    return (std::exchange(thrown_, thrown_ & ~ThrowerBits()) & ThrowerBits()) !=
           0;
  }
  void NoteThrown() override { thrown_ |= ThrowerBits(); }
  // Where the number of the running task is kept, and how many there are:
  // what a component's own threads throw may come out of any.
  void SetTask(const uint8_t* task, uint8_t tasks) {
    task_ = task;
    tasks_ = tasks;
  }

  // The points of code that knows no plan.
  FaultShown Show(const char* point, FaultKinds kinds,
                  unsigned variants) override;
  void EnterScope(const char* scope) override;
  void LeaveScope(const char* scope) override;

 private:
  friend class FaultsPaused;
  friend class StackCut;
  using Resolved = std::vector<std::pair<const char*, uint16_t>>;

  uint16_t Resolve(const char* text, const std::vector<std::string>& names,
                   Resolved& resolved) const;
  const Fault* HitArmed(uint16_t point, FaultKinds kinds, unsigned variants);
  const Fault* Fire(const Fault& fault, FaultKinds kinds);
  bool Fires(const Fault& fault, uint32_t hit);
  bool FiresForStack(const Fault& fault);
  bool IsInScope(uint8_t scope);
  const CallStack& Stack();
  uint32_t ThrowerBits() const {
    return *task_ < tasks_ ? uint32_t{1} << *task_ : ~uint32_t{0};
  }

  std::vector<std::string> names_;
  std::vector<std::string> scopes_;
  Resolved resolved_points_;
  Resolved resolved_scopes_;
  void* clock_ = nullptr;
  Delay delay_ = nullptr;
  const std::vector<Fault>* faults_ = nullptr;
  bool armed_ = false;    // from Begin to End, where there is anything to do
  bool counted_ = false;  // something, since Begin
  bool counting_ = false;
  static constexpr uint8_t kOnlyTask = 0;
  const uint8_t* task_ = &kOnlyTask;
  uint8_t tasks_ = 1;
  uint32_t thrown_ = 0;  // bit i: in task i
  Fault shown_{};        // one that was toned down to an error
  Reached reached_;
  std::array<uint32_t, kFaultScopesMax> depth_{};
  const void* stack_end_ = nullptr;
  std::optional<CallStack> stack_;  // of the hit under way, once asked for
  std::vector<std::vector<uint64_t>> stacks_;  // seen, by entry
  FunctionFinder functions_;
};

// While it stands no point fires or counts: a place where faults have ceased.
class FaultsPaused {
 public:
  explicit FaultsPaused(FaultPlan& plan)
      : plan_(plan), armed_(std::exchange(plan.armed_, false)) {}
  ~FaultsPaused() { plan_.armed_ = armed_; }
  FaultsPaused(const FaultsPaused&) = delete;
  FaultsPaused& operator=(const FaultsPaused&) = delete;

 private:
  FaultPlan& plan_;
  bool armed_;
};

// While it stands, what lies outside of the frame with this address is not
// looked at: whoever plays says that it is the same for all hits.
class StackCut {
 public:
  StackCut(FaultPlan& plan, const void* frame)
      : plan_(plan), before_(std::exchange(plan.stack_end_, frame)) {}
  ~StackCut() { plan_.stack_end_ = before_; }
  StackCut(const StackCut&) = delete;
  StackCut& operator=(const StackCut&) = delete;

 private:
  FaultPlan& plan_;
  const void* before_;
};

// A place in a mock where a fault may happen. A default one never fires.
class FaultPoint {
 public:
  FaultPoint() = default;
  FaultPoint(FaultPlan& plan, std::string_view name, FaultKinds kinds = CanDo())
      : plan_(&plan), index_(plan.PointNamed(name)), kinds_(kinds) {}

  // The fault to show now, or null: once for each time it could happen.
  const Fault* Hit() {
    return plan_ == nullptr ? nullptr : plan_->Hit(index_, kinds_);
  }
  // The same as what a component's points give.
  FaultShown Show() {
    const Fault* fault = Hit();
    if (fault == nullptr) return {};
    return {fault->kind, fault->parameter};
  }

 private:
  FaultPlan* plan_ = nullptr;
  uint16_t index_ = 0;
  FaultKinds kinds_ = CanDo();
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FAULT_FAULT_PLAN_H_
