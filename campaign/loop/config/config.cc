// SPDX-License-Identifier: Apache-2.0
// The table of fields.
#include "campaign/loop/config/config.h"

#include <array>
#include <charconv>

#include "campaign/loop/config/server_address.h"
#include "campaign/loop/feedback/feedback.h"
#include "campaign/loop/queue/scheduler.h"
#include "campaign/project/nearest.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr uint64_t kYearMs = uint64_t{365} * 24 * 3600 * 1000;
constexpr uint64_t kJobsMax = 256;

absl::Status Expected(std::string_view what, std::string_view found) {
  return absl::InvalidArgumentError(
      Concat("expected ", what, ", found \"", found, "\""));
}

absl::Status ParseNumber(std::string_view text, uint64_t highest,
                         uint64_t* number) {
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, *number);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == end;
  if (whole && *number <= highest) return absl::OkStatus();
  return Expected(Concat("a whole number from 0 to ", highest), text);
}

template <bool LoopConfig::* kField>
absl::Status SetSwitch(LoopConfig& config, std::string_view text) {
  if (text != "true" && text != "false") return Expected("true or false", text);
  config.*kField = text == "true";
  return absl::OkStatus();
}
template <uint64_t LoopConfig::* kField, uint64_t kHighest = UINT64_MAX>
absl::Status SetNumber(LoopConfig& config, std::string_view text) {
  return ParseNumber(text, kHighest, &(config.*kField));
}
template <uint64_t LoopConfig::* kField>
absl::Status SetDuration(LoopConfig& config, std::string_view text) {
  return ParseDuration(text, &(config.*kField));
}
template <std::string LoopConfig::* kField>
absl::Status SetText(LoopConfig& config, std::string_view text) {
  config.*kField = std::string(text);
  return absl::OkStatus();
}
template <std::vector<std::string> LoopConfig::* kField>
absl::Status AddText(LoopConfig& config, std::string_view text) {
  if (text.empty()) return Expected("a path", text);
  (config.*kField).emplace_back(text);
  return absl::OkStatus();
}

absl::Status SetJobs(LoopConfig& config, std::string_view text) {
  uint64_t jobs = 0;
  const absl::Status status = ParseNumber(text, kJobsMax, &jobs);
  if (!status.ok() || jobs == 0) {
    return Expected(Concat("a whole number from 1 to ", kJobsMax), text);
  }
  config.jobs = static_cast<int>(jobs);
  return absl::OkStatus();
}

absl::Status SetResidual(LoopConfig& config, std::string_view text) {
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, config.residual);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == end;
  if (whole && config.residual >= 0 && config.residual <= 1) {
    return absl::OkStatus();
  }
  return Expected("a chance from 0 to 1, say 1e-6", text);
}

absl::Status AddCrashExit(LoopConfig& config, std::string_view text) {
  uint64_t code = 0;
  const absl::Status status = ParseNumber(text, 255, &code);
  if (status.ok()) config.crash_exits.push_back(static_cast<int>(code));
  return status;
}

absl::Status SetSchedule(LoopConfig& config, std::string_view text) {
  const FeatureCounts counts;
  const auto made = MakeScheduler(text, counts);
  if (made.ok()) config.schedule = std::string(text);
  return made.status();
}

absl::Status SetFeedback(LoopConfig& config, std::string_view text) {
  const auto made = FeedbackSet::Make(text, 1);
  if (made.ok()) config.feedback = std::string(text);
  return made.status();
}

absl::Status SetServer(LoopConfig& config, std::string_view text) {
  const auto address = ParseServerAddress(text);
  if (address.ok()) config.server = std::string(text);
  return address.status();
}

absl::Status SetExecutor(LoopConfig& config, std::string_view text) {
  for (const std::string_view kind :
       {"auto", "spawn", "zygote", "afl", "runtime"}) {
    if (text != kind) continue;
    config.executor = std::string(text);
    return absl::OkStatus();
  }
  return Expected("auto, spawn, zygote, afl or runtime", text);
}

using Config = LoopConfig;
using Kind = FieldKind;

constexpr std::array kFields = {
    ConfigField{"time", Kind::kDuration, "Stop after so long: 60s, 5m, 2h",
                SetDuration<&Config::time_ms>},
    ConfigField{"runs", Kind::kNumber, "Stop after so many executions",
                SetNumber<&Config::runs_max>},
    ConfigField{"idle", Kind::kDuration, "Stop after so long without news",
                SetDuration<&Config::idle_ms>},
    ConfigField{"residual", Kind::kFraction,
                "Stop when a run shows something new with less than this "
                "chance (Good-Turing estimate)",
                SetResidual},
    ConfigField{"findings", Kind::kNumber, "Stop after so many findings",
                SetNumber<&Config::findings_max>},
    ConfigField{"seed", Kind::kNumber, "Of the random choices; else any",
                SetNumber<&Config::seed>},
    ConfigField{"jobs", Kind::kNumber, "Workers that share what they find",
                SetJobs},
    ConfigField{"pin", Kind::kSwitch, "Bind each worker to a processor",
                SetSwitch<&Config::pin>},
    ConfigField{"timeout", Kind::kDuration, "Of one execution (5s)",
                SetDuration<&Config::timeout_ms>},
    ConfigField{"memory-mb", Kind::kNumber, "Of one execution (2048)",
                SetNumber<&Config::memory_mb, (1 << 20)>},
    ConfigField{"input-max", Kind::kNumber, "Bytes of an input (1048576)",
                SetNumber<&Config::input_bytes_max, (1 << 30)>},
    ConfigField{"unsafe-host", Kind::kSwitch,
                "No sandbox: the program may change your files",
                SetSwitch<&Config::unsafe_host>},
    ConfigField{"executor", Kind::kText, "auto, spawn, zygote, afl, runtime",
                SetExecutor},
    ConfigField{"crash-exit", Kind::kList, "An exit code that is a crash",
                AddCrashExit},
    ConfigField{"server", Kind::kText,
                "The program is one: tcp:PORT, udp:PORT or unix:/PATH",
                SetServer},
    ConfigField{"input", Kind::kList, "Folder or file of inputs to begin with",
                AddText<&Config::inputs>},
    ConfigField{"dictionary", Kind::kList, "File of words (AFL, libFuzzer)",
                AddText<&Config::dictionaries>},
    ConfigField{"mutator", Kind::kList, "Shared object: formfuzz_mutator.h",
                AddText<&Config::mutators>},
    ConfigField{"typed", Kind::kSwitch,
                "Fuzz arguments, files, environment and stdin together",
                SetSwitch<&Config::typed>},
    ConfigField{"comparisons", Kind::kSwitch,
                "Put into inputs what the program compares them with",
                SetSwitch<&Config::comparisons>},
    ConfigField{"deterministic", Kind::kSwitch, "The stage of small steps",
                SetSwitch<&Config::deterministic>},
    ConfigField{"havoc", Kind::kSwitch, "The stage of random changes",
                SetSwitch<&Config::havoc>},
    ConfigField{"splice", Kind::kSwitch, "Cross inputs with one another",
                SetSwitch<&Config::splice>},
    ConfigField{"structure", Kind::kSwitch, "Change text, JSON, XML as such",
                SetSwitch<&Config::structure>},
    ConfigField{"program-words", Kind::kSwitch,
                "The binary's strings and constants as a dictionary",
                SetSwitch<&Config::program_words>},
    ConfigField{"schedule", Kind::kText,
                "weighted, round-robin, fast, explore, rare, entropic",
                SetSchedule},
    ConfigField{"feedback", Kind::kText,
                "edges, output, time, memory, states, by commas; or auto",
                SetFeedback},
    ConfigField{"trim", Kind::kSwitch, "Shorten what is kept",
                SetSwitch<&Config::trim>},
    ConfigField{"minimise-crashes", Kind::kSwitch, "Shorten what crashes",
                SetSwitch<&Config::minimise_crashes>},
    ConfigField{"corpus-max", Kind::kNumber, "Inputs kept at most",
                SetNumber<&Config::corpus_max>},
    ConfigField{"corpus-memory-mb", Kind::kNumber,
                "Bytes of inputs held in memory",
                SetNumber<&Config::corpus_memory_mb, (1 << 20)>},
    ConfigField{"afl-layout", Kind::kText,
                "Folder to write fuzzer_stats and plot_data to",
                SetText<&Config::afl_layout>},
    ConfigField{"sync", Kind::kText, "The -o folder of a running afl-fuzz",
                SetText<&Config::sync>},
};

}  // namespace

std::span<const ConfigField> ConfigFields() { return kFields; }

absl::Status ParseDuration(std::string_view text, uint64_t* ms) {
  const size_t digits = text.find_first_not_of("0123456789");
  const std::string_view unit =
      digits == std::string_view::npos ? "s" : text.substr(digits);
  uint64_t number = 0;
  const bool parsed =
      ParseNumber(text.substr(0, digits), kYearMs, &number).ok();
  const uint64_t scale = unit == "ms"  ? 1
                         : unit == "s" ? 1000
                         : unit == "m" ? 60'000
                         : unit == "h" ? 3'600'000
                         : unit == "d" ? 86'400'000
                                       : 0;
  if (!parsed || scale == 0 || number > kYearMs / scale) {
    return Expected("a duration such as 500ms, 60s, 5m, 2h or 1d", text);
  }
  *ms = number * scale;
  return absl::OkStatus();
}

absl::Status SetField(LoopConfig& config, std::string_view name,
                      std::string_view text) {
  std::vector<std::string> names;
  for (const ConfigField& field : kFields) {
    if (field.name == name) return field.set(config, text);
    names.emplace_back(field.name);
  }
  const auto nearest = NearestNames(std::string(name), names);
  return absl::InvalidArgumentError(Concat(
      "no setting is named \"", name, "\"",
      nearest.empty() ? "" : "; did you mean ",
      nearest.empty() ? "" : nearest.front(), nearest.empty() ? "" : "?"));
}

absl::Status Validate(const LoopConfig& config) {
  if (!config.deterministic && !config.havoc) {
    return absl::InvalidArgumentError(
        "deterministic and havoc are both off: nothing would change inputs");
  }
  if (config.input_bytes_max == 0 || config.timeout_ms == 0 ||
      config.memory_mb == 0 || config.corpus_max == 0) {
    return absl::InvalidArgumentError(
        "input-max, timeout, memory-mb and corpus-max must be above 0");
  }
  if (!config.server.empty() && (config.typed || config.executor != "auto")) {
    return absl::InvalidArgumentError(
        "a server is sent bytes, by an executor of its own: leave out typed "
        "and executor, or server");
  }
  if (config.seed != 0 && config.jobs == 1 &&
      config.feedback.find("time") != std::string::npos) {
    return absl::InvalidArgumentError(
        "a run with a seed can be repeated, with feedback from time it "
        "cannot: leave out one");
  }
  return absl::OkStatus();
}

}  // namespace formfuzz::campaign
