// SPDX-License-Identifier: Apache-2.0
// Whether the component is running on this thread now: what is injected below
// it (allocations, calls of libc) concerns its own calls only.
//
// Whoever plays a scenario stands InsideComponent around every step. What a
// step does that is not the component's, a mock's or a harness's own, may
// stand OutsideComponent.
#ifndef FORMFUZZ_FRAMEWORK_FAULT_COMPONENT_SCOPE_H_
#define FORMFUZZ_FRAMEWORK_FAULT_COMPONENT_SCOPE_H_

#include <utility>

namespace formfuzz {

constinit inline thread_local bool inside_component = false;

template <bool kInside>
class ComponentScope {
 public:
  ComponentScope() : before_(std::exchange(inside_component, kInside)) {}
  ~ComponentScope() { inside_component = before_; }
  ComponentScope(const ComponentScope&) = delete;
  ComponentScope& operator=(const ComponentScope&) = delete;

 private:
  bool before_;
};

using InsideComponent = ComponentScope<true>;
using OutsideComponent = ComponentScope<false>;

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FAULT_COMPONENT_SCOPE_H_
