// SPDX-License-Identifier: Apache-2.0
// The files fuzzer_stats and plot_data as AFL++ writes them, for the tools that
// read those: afl-whatsup, afl-plot and dashboards.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_SHARE_AFL_LAYOUT_H_
#define FORMFUZZ_CAMPAIGN_LOOP_SHARE_AFL_LAYOUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "campaign/loop/run/statistics.h"

namespace formfuzz::campaign {

class AflLayout {
 public:
  // Makes the folder. `command` is what is fuzzed.
  AflLayout(std::string folder, std::vector<std::string> command, size_t cells);

  // Renews fuzzer_stats and adds a line to plot_data, at most once in
  // kWriteEveryMs unless it is the last time.
  absl::Status Write(const Statistics& statistics, bool last);

  static constexpr uint64_t kWriteEveryMs = 5000;

 private:
  std::string StatsText(const Statistics& statistics, uint64_t now_s) const;
  std::string PlotLine(const Statistics& statistics) const;

  std::string folder_;
  std::vector<std::string> command_;
  size_t cells_;
  uint64_t start_s_;
  uint64_t written_ns_ = 0;
  bool begun_ = false;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_SHARE_AFL_LAYOUT_H_
