// SPDX-License-Identifier: Apache-2.0
// The flags of `formfuzz profile -- COMMAND`, and what they ask for.
#ifndef FORMFUZZ_CLI_PROFILE_LEARN_OPTIONS_H_
#define FORMFUZZ_CLI_PROFILE_LEARN_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/syscalls/learn/learner.h"
#include "cli/context.h"
#include "cli/profile/rendering.h"

namespace formfuzz::cli {

struct LearnFlags {
  std::string time = "300s";
  std::string idle_stop = "10s";
  std::string run_timeout;
  uint64_t runs = 0;
  uint64_t seed = 1;
  std::string out;
  std::string base;
  std::string program_corpus;
  std::string port;
  std::string peer;
  std::string requests;
  std::string stop_signal = "TERM";
  RenderingFlags rendering;
  bool no_denials = false;
  bool no_results = false;
  bool stacks = false;
  bool unsafe_host = false;
};

void AddLearnFlags(CLI::App* profile, LearnFlags& flags);

// InvalidArgument, FailedPrecondition: says which flag, and what to do.
absl::StatusOr<campaign::LearnOptions> OptionsOf(const Context& context,
                                                 const LearnFlags& flags);

// What is written, and where.
struct Written {
  std::string profile = {};
  std::string corpus = {};
  std::string rendered = {};  // "": nothing is
};

absl::StatusOr<Written> WrittenBy(const LearnFlags& flags,
                                  const campaign::LearnOptions& options);

// Known before the work, not after it.
absl::Status CanWrite(const std::string& path);

}  // namespace formfuzz::cli

#endif  // FORMFUZZ_CLI_PROFILE_LEARN_OPTIONS_H_
