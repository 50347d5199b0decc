// SPDX-License-Identifier: Apache-2.0
// Time for a component that asks: whatever the scenario's clock says.
//
// Breaks nothing: time stands still within a step and never goes back, unless
// the source does. `Source` is anything with `NowMs()`, borrowed.
#ifndef FORMFUZZ_MOCKS_MOCK_CLOCK_H_
#define FORMFUZZ_MOCKS_MOCK_CLOCK_H_

#include <cstdint>

#include "components/vm_manager/clock.h"

namespace formfuzz {

template <class Source>
class MockClock final : public vm_manager::Clock {
 public:
  explicit MockClock(const Source& source) : source_(&source) {}

  int64_t NowMs() override {
    return last_ms_ = static_cast<int64_t>(source_->NowMs());
  }
  // What was answered last.
  int64_t last_ms() const { return last_ms_; }

 private:
  const Source* source_;
  int64_t last_ms_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_MOCKS_MOCK_CLOCK_H_
