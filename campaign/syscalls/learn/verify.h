// SPDX-License-Identifier: Apache-2.0
// Proves a profile: replays the saved runs, and runs that nobody has seen
// before, under a filter that refuses whatever the profile does not allow.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_VERIFY_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_VERIFY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "campaign/process/executor.h"
#include "campaign/syscalls/calls/call_set.h"
#include "campaign/syscalls/drive/trial.h"
#include "campaign/syscalls/profile/profile.h"
#include "campaign/syscalls/watch/call_watch.h"

namespace formfuzz::campaign {

struct VerifyOptions {
  bool by_arguments = false;  // else any arguments of an allowed call pass
  uint64_t rounds = 3;        // of the saved runs
  uint64_t held_out = 500;    // runs made up anew
  bool stops = true;          // also with a stop and a continue in mid-run
  uint64_t run_ms = 500;
  uint64_t seed = 2;
  bool unsafe_host = false;
};

// One call that was refused; others like it are counted.
struct Denial {
  Arch arch = 0;
  int number = 0;
  std::string name;
  CallClass values{};
  Stage stage = Stage::kMain;
  uint64_t times = 0;
  Evidence evidence;
  bool held_out = false;  // no saved run was refused it
};

struct Verdict {
  uint64_t runs = 0;
  // Of a service: runs in which it could be reached, and its answers.
  uint64_t reached_runs = 0;
  uint64_t answers = 0;
  std::vector<Denial> denials;
  // Entries whose arguments this kernel's filter was not told of.
  std::vector<std::string> widened;
};

// Errors: as MakeExecutor; InvalidArgument for a profile without a command.
absl::StatusOr<Verdict> Verify(const Profile& profile,
                               const std::vector<Trial>& trials,
                               const VerifyOptions& options);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_VERIFY_H_
