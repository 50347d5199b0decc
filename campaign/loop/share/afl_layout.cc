// SPDX-License-Identifier: Apache-2.0
// Names and order of the fields are those of AFL++ 4.04.
#include "campaign/loop/share/afl_layout.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "campaign/process/child.h"
#include "framework/base/clock.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr uint64_t kNsPerMs = 1'000'000;
constexpr double kNsPerSecond = 1e9;

std::string Row(std::string_view name, const std::string& value) {
  std::string row(name);
  row.resize(18, ' ');
  return Concat(row, ": ", value, "\n");
}

std::string Fixed(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", number);
  return text;
}

double PerSecond(const Statistics& now) {
  return now.run_ns == 0 ? 0
                         : static_cast<double>(now.executions) * kNsPerSecond /
                               static_cast<double>(now.run_ns);
}

}  // namespace

AflLayout::AflLayout(std::string folder, std::vector<std::string> command,
                     size_t cells)
    : folder_(std::move(folder)),
      command_(std::move(command)),
      cells_(cells),
      start_s_(WallClockMs() / 1000) {
  std::error_code ignored;  // writing says what is wrong
  std::filesystem::create_directories(folder_, ignored);
}

absl::Status AflLayout::Write(const Statistics& statistics, bool last) {
  const bool due =
      !begun_ || statistics.run_ns - written_ns_ >= kWriteEveryMs * kNsPerMs;
  if (!due && !last) return absl::OkStatus();
  written_ns_ = statistics.run_ns;
  const uint64_t now_s = start_s_ + statistics.run_ns / (1000 * kNsPerMs);
  const absl::Status status = WriteFileAtomically(folder_ + "/fuzzer_stats",
                                                  StatsText(statistics, now_s));
  if (!status.ok()) return status;
  std::ofstream plot(folder_ + "/plot_data",
                     begun_ ? std::ios::app : std::ios::trunc);
  if (!begun_) {
    plot << "# relative_time, cycles_done, cur_item, corpus_count, "
            "pending_total, pending_favs, map_size, saved_crashes, "
            "saved_hangs, max_depth, execs_per_sec, total_execs, "
            "edges_found\n";
  }
  begun_ = true;
  plot << PlotLine(statistics);
  plot.close();
  if (!plot.fail()) return absl::OkStatus();
  return absl::UnavailableError(Concat("cannot write ", folder_, "/plot_data"));
}

std::string AflLayout::StatsText(const Statistics& now, uint64_t now_s) const {
  const double covered = cells_ == 0
                             ? 0
                             : 100.0 * static_cast<double>(now.features) /
                                   static_cast<double>(cells_);
  return Concat(Row("start_time", std::to_string(start_s_)),
                Row("last_update", std::to_string(now_s)),
                Row("run_time", std::to_string(now_s - start_s_)),
                Row("fuzzer_pid", std::to_string(getpid())),
                Row("cycles_done", "0"),
                Row("execs_done", std::to_string(now.executions)),
                Row("execs_per_sec", Fixed(PerSecond(now))),
                Row("corpus_count", std::to_string(now.corpus)),
                Row("corpus_favored", std::to_string(now.favoured)),
                Row("corpus_imported", std::to_string(now.imported)),
                Row("max_depth", std::to_string(now.depth_max)),
                Row("bitmap_cvg", Fixed(covered) + "%"),
                Row("saved_crashes", std::to_string(now.findings)),
                Row("saved_hangs", std::to_string(now.hangs)),
                Row("edges_found", std::to_string(now.features)),
                Row("total_edges", std::to_string(cells_)),
                Row("afl_banner", command_.empty() ? "" : command_[0]),
                Row("afl_version", "formfuzz"), Row("target_mode", "default"),
                Row("command_line", ShellWords(command_)));
}

std::string AflLayout::PlotLine(const Statistics& now) const {
  const double covered = cells_ == 0
                             ? 0
                             : 100.0 * static_cast<double>(now.features) /
                                   static_cast<double>(cells_);
  return Concat(now.run_ns / (1000 * kNsPerMs), ", 0, 0, ", now.corpus, ", 0, ",
                now.favoured, ", ", Fixed(covered), "%, ", now.findings, ", ",
                now.hangs, ", ", now.depth_max, ", ", Fixed(PerSecond(now)),
                ", ", now.executions, ", ", now.features, "\n");
}

}  // namespace formfuzz::campaign
