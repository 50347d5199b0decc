// SPDX-License-Identifier: Apache-2.0
// What a point does while a scenario is played: it is counted, and may fire.
#include "framework/fault/fault_plan.h"

#include <algorithm>

#include "framework/base/check.h"
#include "framework/base/digest.h"
#include "framework/base/text.h"
#include "framework/fault/component_scope.h"
#include "framework/restore/region.h"

namespace formfuzz {
namespace {

constexpr uint16_t kNoIndex = UINT16_MAX;

// What the plan does is neither the component's nor kept with the subject.
struct Own {
  OutsideComponent outside;
  HeapScope heap;
};

// The same entry draws the same hits, whatever else is in the input.
bool Draws(const Fault& fault, uint32_t hit) {
  const uint64_t seed = uint64_t{fault.point} << 32 | fault.parameter;
  return Mix(seed, hit) % 256 <= fault.hit;
}

}  // namespace

void FaultPlan::SetPoints(std::vector<std::string> names) {
  FORMFUZZ_CHECK(names.size() <= kFaultPointsMax,
                 "more than 64 fault points in one harness");
  names_ = std::move(names);
  resolved_points_.clear();
}

void FaultPlan::SetScopes(std::vector<std::string> names) {
  FORMFUZZ_CHECK(names.size() <= kFaultScopesMax,
                 "more than 15 fault scopes in one harness");
  scopes_ = std::move(names);
  resolved_scopes_.clear();
}

void FaultPlan::Begin(const std::vector<Fault>& faults) {
  if (counted_) {
    reached_.hits.fill(0);
    depth_.fill(0);
    stacks_.clear();
  }
  faults_ = &faults;
  reached_.fired = 0;
  thrown_ = 0;
  armed_ = counting_ || !faults.empty();
  counted_ = false;
  fault_gate = armed_ ? this : nullptr;
}

void FaultPlan::End() {
  armed_ = false;
  if (fault_gate == this) fault_gate = nullptr;
}

uint16_t FaultPlan::Resolve(const char* text,
                            const std::vector<std::string>& names,
                            Resolved& resolved) const {
  for (const auto& [known, index] : resolved) {
    if (known == text) return index;
  }
  const auto found = std::find(names.begin(), names.end(), text);
  const auto index = found == names.end()
                         ? kNoIndex
                         : static_cast<uint16_t>(found - names.begin());
  resolved.emplace_back(text, index);
  return index;
}

uint16_t FaultPlan::PointNamed(std::string_view name) {
  const HeapScope own;
  for (const auto& [known, index] : resolved_points_) {
    if (known == name.data() && index != kNoIndex) return index;
  }
  const auto found = std::find(names_.begin(), names_.end(), name);
  FORMFUZZ_CHECK(
      found != names_.end(),
      Concat("a fault point that the harness does not declare: ", name));
  const auto index = static_cast<uint16_t>(found - names_.begin());
  resolved_points_.emplace_back(name.data(), index);
  return index;
}

FaultShown FaultPlan::Show(const char* point, FaultKinds kinds,
                           unsigned variants) {
  if (!armed_) return {};
  const Own own;
  const uint16_t index = Resolve(point, names_, resolved_points_);
  if (index == kNoIndex) return {};
  const Fault* fault = HitArmed(index, kinds, variants);
  if (fault == nullptr) return {};
  return {fault->kind, fault->parameter};
}

void FaultPlan::EnterScope(const char* scope) {
  const Own own;
  const uint16_t index = Resolve(scope, scopes_, resolved_scopes_);
  if (index == kNoIndex) return;
  ++depth_[index];
  counted_ = true;
}

void FaultPlan::LeaveScope(const char* scope) {
  const Own own;
  const uint16_t index = Resolve(scope, scopes_, resolved_scopes_);
  if (index != kNoIndex && depth_[index] > 0) --depth_[index];
}

const Fault* FaultPlan::HitArmed(uint16_t point, FaultKinds kinds,
                                 unsigned variants) {
  const Own own;
  counted_ = true;
  const uint32_t hit = reached_.hits[point]++;
  reached_.kinds[point] |= kinds;
  reached_.variants[point] = std::max(reached_.variants[point], variants);
  stack_.reset();
  for (const Fault& fault : *faults_) {
    if (fault.point == point && IsInScope(fault.scope) && Fires(fault, hit)) {
      return Fire(fault, kinds);
    }
  }
  return nullptr;
}

const Fault* FaultPlan::Fire(const Fault& fault, FaultKinds kinds) {
  ++reached_.fired;
  const bool can = (kinds >> static_cast<int>(fault.kind) & 1) != 0;
  if (!can) {
    shown_ = fault;
    shown_.kind = FaultKind::kError;
    return &shown_;
  }
  if (fault.kind == FaultKind::kDelay) {
    if (delay_ != nullptr) delay_(clock_, fault.parameter);
    return nullptr;
  }
  if (fault.kind != FaultKind::kException) return &fault;
  NoteThrown();
  throw FaultThrown(Concat("injected at ", names_[fault.point]));
}

bool FaultPlan::Fires(const Fault& fault, uint32_t hit) {
  switch (fault.trigger) {
    case FaultTrigger::kAt:
      return hit == fault.hit;
    case FaultTrigger::kFrom:
      return hit >= fault.hit;
    case FaultTrigger::kEvery:
      return hit % (fault.hit + 1u) == fault.hit;
    case FaultTrigger::kChance:
      return Draws(fault, hit);
    case FaultTrigger::kEachStack:
      return FiresForStack(fault);
  }
  return false;
}

bool FaultPlan::FiresForStack(const Fault& fault) {
  const auto entry = static_cast<size_t>(&fault - faults_->data());
  if (stacks_.size() <= entry) stacks_.resize(entry + 1);
  std::vector<uint64_t>& seen = stacks_[entry];
  const uint64_t digest = Stack().digest();
  if (std::find(seen.begin(), seen.end(), digest) != seen.end()) return false;
  seen.push_back(digest);
  return seen.size() > fault.hit;
}

bool FaultPlan::IsInScope(uint8_t scope) {
  if (scope == 0) return true;
  const size_t index = scope - 1u;
  if (index >= scopes_.size()) return false;
  return depth_[index] > 0 || functions_.IsBelow(scopes_[index], Stack());
}

const CallStack& FaultPlan::Stack() {
  if (!stack_.has_value()) stack_.emplace(stack_end_);
  return *stack_;
}

}  // namespace formfuzz
