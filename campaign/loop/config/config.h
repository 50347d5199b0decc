// SPDX-License-Identifier: Apache-2.0
// Everything that can be set of a run of the process loop, with its defaults.
// Flags and files set fields by the same names, through the same table; see
// docs/process_loop.md, which lists it.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_CONFIG_CONFIG_H_
#define FORMFUZZ_CAMPAIGN_LOOP_CONFIG_CONFIG_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace formfuzz::campaign {

struct LoopConfig {
  // When to stop; 0 is never.
  uint64_t time_ms = 0;
  uint64_t runs_max = 0;
  uint64_t idle_ms = 0;  // without anything new
  double residual = 0;   // chance of something new a run: below this, enough
  uint64_t findings_max = 1;

  uint64_t seed = 0;  // 0: any; else a run of one worker can be repeated
  int jobs = 1;
  bool pin = true;  // a worker and its program to one processor

  // Of one execution.
  uint64_t timeout_ms = 5000;
  uint64_t memory_mb = 2048;
  uint64_t input_bytes_max = 1 << 20;
  bool unsafe_host = false;
  std::string executor = "auto";
  std::vector<int> crash_exits;
  std::string server;  // "tcp:8080": the program is one, reached there

  // What inputs are made from, and how.
  std::vector<std::string> inputs;  // folders or files
  std::vector<std::string> dictionaries;
  std::vector<std::string> mutators;  // shared objects
  bool typed = false;  // the input is arguments, files, ..., not just bytes
  bool comparisons = true;  // put in what the program compares with
  bool deterministic = true;
  bool havoc = true;
  bool splice = true;
  bool structure = true;      // text, JSON, XML
  bool program_words = true;  // strings of the binary as a dictionary
  std::string schedule = "fast";
  std::string feedback = "auto";

  // What is kept.
  bool trim = true;
  bool minimise_crashes = true;
  uint64_t corpus_max = 1 << 20;
  uint64_t corpus_memory_mb = 256;

  // Working beside AFL++.
  std::string afl_layout;  // folder for fuzzer_stats and plot_data
  std::string sync;        // the -o folder of a running afl-fuzz
};

// How a field is written.
enum class FieldKind { kSwitch, kNumber, kDuration, kFraction, kText, kList };

struct ConfigField {
  std::string_view name;  // "time-limit"
  FieldKind kind;
  std::string_view help;
  // InvalidArgument says what was expected; of a list, adds one.
  absl::Status (*set)(LoopConfig& config, std::string_view text);
};

std::span<const ConfigField> ConfigFields();

// InvalidArgument: no such field (the nearest is named), or not such a value.
absl::Status SetField(LoopConfig& config, std::string_view name,
                      std::string_view text);

// Reads TOML: `name = value`, as flags are called. InvalidArgument as
// path:line: what is wrong.
absl::Status ReadConfigFile(const std::string& path, LoopConfig& config);

// What no single field shows: InvalidArgument says which do not go together.
absl::Status Validate(const LoopConfig& config);

// "60s", "5m", "2h", "1d", "500ms", and "60" for seconds.
absl::Status ParseDuration(std::string_view text, uint64_t* ms);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_CONFIG_CONFIG_H_
