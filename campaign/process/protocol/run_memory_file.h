// SPDX-License-Identifier: Apache-2.0
// The supervisor's view of the memory that it shares with our runtime.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_RUN_MEMORY_FILE_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_RUN_MEMORY_FILE_H_

#include <cerrno>
#include <cstring>
#include <span>

#include "absl/status/status.h"
#include "campaign/process/comparison.h"
#include "campaign/process/sandbox/memory_file.h"
#include "campaign/process/sandbox/unique_fd.h"
#include "campaign/process/wire/run_memory.h"

namespace formfuzz::campaign {

class RunMemoryFile {
 public:
  // A file with holes: only what is touched takes memory.
  absl::Status Make() {
    auto fd = MemoryFile("formfuzz-run", kRunMemoryBytes);
    if (!fd.ok()) return fd.status();
    fd_ = *std::move(fd);
    memory_ = Mapping(fd_.get(), kRunMemoryBytes);
    if (!memory_.ok()) return SystemTrouble("map memory for runs", errno);
    return absl::OkStatus();
  }

  int fd() const { return fd_.get(); }
  RunControl& control() { return *memory_.as<RunControl>(); }
  uint8_t* inputs() { return memory_.as<uint8_t>() + kInputsAt; }
  std::span<uint8_t> counters(size_t size) {
    if (size == 0) return {};  // nothing need have been made
    return {memory_.as<uint8_t>() + kCountersAt, size};
  }
  // Before a traced run; of an unmodified program so many instructions may be
  // looked at.
  void ClearComparisons(uint32_t steps_max);
  uint32_t steps() { return log().steps.load(std::memory_order_relaxed); }
  // Those that the last run noted, checked.
  void TakeComparisons(std::vector<Comparison>& comparisons);
  std::span<uint8_t> batch_counters(size_t slot, size_t size) {
    return {memory_.as<uint8_t>() + kBatchCountersAt + slot * size, size};
  }

 private:
  ComparisonLog& log() {
    return *reinterpret_cast<ComparisonLog*>(memory_.as<uint8_t>() +
                                             kComparisonsAt);
  }

  UniqueFd fd_;
  Mapping memory_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_RUN_MEMORY_FILE_H_
