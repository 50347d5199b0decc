// SPDX-License-Identifier: Apache-2.0
// Keeps the input under way where another process can read it when this one
// is gone. Costs a copy of the input a run, and nothing where nobody asks.
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_IN_FLIGHT_FILE_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_IN_FLIGHT_FILE_H_

#include <algorithm>
#include <atomic>

#include "framework/base/bytes.h"
#include "framework/finding/in_flight.h"

namespace formfuzz {

class InFlightFile {
 public:
  // Maps the file named by FORMFUZZ_IN_FLIGHT, if any.
  InFlightFile();
  ~InFlightFile();
  InFlightFile(const InFlightFile&) = delete;
  InFlightFile& operator=(const InFlightFile&) = delete;

  void Begin(Bytes input) {
    if (file_ == nullptr) return;
    file_->size = std::min(input.size(), InFlight::kBytesMax);
    std::copy_n(input.begin(), file_->size, file_->bytes);
    // The kernel keeps all stores before a death; only their order counts.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    file_->running = 1;
  }
  // A finding of the run is safe.
  void Written() {
    if (file_ != nullptr) file_->running = InFlight::kWritten;
  }
  void End() {
    if (file_ == nullptr) return;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    file_->running = 0;
  }

 private:
  InFlight* file_ = nullptr;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_IN_FLIGHT_FILE_H_
