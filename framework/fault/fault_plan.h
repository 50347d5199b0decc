// SPDX-License-Identifier: Apache-2.0
// The faults of a run: which named points fire, and when.
//
// A mock asks its FaultPoint each time the fault may happen; the plan, which
// came with the input, says whether it does now. Nothing is random at run
// time. One run uses one plan; not thread-safe.
#ifndef FORMFUZZ_FRAMEWORK_FAULT_FAULT_PLAN_H_
#define FORMFUZZ_FRAMEWORK_FAULT_FAULT_PLAN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/base/check.h"

namespace formfuzz {

inline constexpr size_t kFaultPointsMax = 64;  // named points of one harness
inline constexpr size_t kFaultsMax = 32;       // entries of one scenario

// What the point is to do; a point that cannot do a kind does kError.
enum class FaultKind : uint8_t {
  kError,       // the operation fails and has done nothing
  kAfterwards,  // the operation is done, and yet reported as failed
};
inline constexpr size_t kFaultKinds = 2;

struct Fault {
  uint16_t point;  // index into the harness's named points
  FaultKind kind;
  uint8_t hit;         // fires when the point is reached for the n-th time,
                       // from 0
  uint16_t parameter;  // of the kind; kept for kinds that need one

  friend bool operator==(const Fault&, const Fault&) = default;
};

class FaultPlan {
 public:
  // The n-th name belongs to point n.
  void SetPoints(std::vector<std::string> names) {
    FORMFUZZ_CHECK(names.size() <= kFaultPointsMax,
                   "more than 64 fault points in one harness");
    names_ = std::move(names);
  }
  const std::vector<std::string>& names() const { return names_; }

  // Forgets the hits of the run before. `faults` must outlive the run.
  void Begin(const std::vector<Fault>& faults) {
    faults_ = &faults;
    if (hits_used_ > 0) hits_.fill(0);
    hits_used_ = 0;
    fired_ = 0;
  }

  // Counts a hit; the fault that fires now, or null.
  const Fault* Hit(uint16_t point) {
    if (faults_ == nullptr || faults_->empty()) [[likely]]
      return nullptr;
    ++hits_used_;
    const uint8_t hit = hits_[point]++;
    for (const Fault& fault : *faults_) {
      if (fault.point != point || fault.hit != hit) continue;
      ++fired_;
      return &fault;
    }
    return nullptr;
  }

  // Index of a name; naming an undeclared point breaks the harness. Mocks are
  // made for every run, so names are remembered by their address, which must
  // stay that of the same text: use constants.
  uint16_t PointNamed(std::string_view name) {
    for (const auto& [text, index] : resolved_) {
      if (text == name.data()) return index;
    }
    resolved_.emplace_back(name.data(), Search(name));
    return resolved_.back().second;
  }

  size_t fired() const { return fired_; }

 private:
  uint16_t Search(std::string_view name) const {
    for (size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return static_cast<uint16_t>(i);
    }
    FORMFUZZ_CHECK(false, "a fault point that the harness does not declare");
    return 0;
  }

  std::vector<std::string> names_;
  std::vector<std::pair<const char*, uint16_t>> resolved_;
  const std::vector<Fault>* faults_ = nullptr;
  std::array<uint8_t, kFaultPointsMax> hits_{};
  size_t hits_used_ = 0;
  size_t fired_ = 0;
};

// A place in a mock where a fault may happen. A default one never fires.
class FaultPoint {
 public:
  FaultPoint() = default;
  FaultPoint(FaultPlan& plan, std::string_view name)
      : plan_(&plan), index_(plan.PointNamed(name)) {}

  // The fault to show now, or null: once for each time it could happen.
  const Fault* Hit() { return plan_ == nullptr ? nullptr : plan_->Hit(index_); }

 private:
  FaultPlan* plan_ = nullptr;
  uint16_t index_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FAULT_FAULT_PLAN_H_
