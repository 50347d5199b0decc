// SPDX-License-Identifier: Apache-2.0
// A failure of a program as a finding's folder: what every finding has, and
// `program.json` (what was run, and how) and `reproduce.sh` besides.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_PROGRAM_FINDING_H_
#define FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_PROGRAM_FINDING_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "campaign/loop/config/config.h"
#include "campaign/loop/form/input_form.h"
#include "campaign/loop/triage/crash_sorter.h"
#include "campaign/process/executor.h"
#include "framework/finding/finding.h"

namespace formfuzz::campaign {

// What a program is run by.
struct ProgramTarget {
  std::string name;  // of the work folder and the findings
  std::vector<std::string> command;
};

// The path that a shell would start for `name`, absolute; symbolic links stay,
// as programs look at what they are called. As it is if there is none.
std::string ProgramPath(const std::string& name);

// As config says, for the program.
ExecutorOptions OptionsFor(const ProgramTarget& target,
                           const LoopConfig& config);

// Makes them below `folder`. The script is tried in a sandbox before it is
// written down; program.json says what came of that.
class FindingWriter {
 public:
  // `form` outlives it. `worker`: which one of config.jobs writes.
  FindingWriter(ProgramTarget target, const LoopConfig& config,
                std::string folder, InputForm& form, int worker = -1)
      : target_(std::move(target)),
        config_(config),
        folder_(std::move(folder)),
        form_(form),
        worker_(static_cast<uint64_t>(std::max(0, worker))) {}

  // Its folder. What an earlier run wrote down stays as it is; what this one
  // did, and `replaces` names, goes for what is smaller.
  absl::StatusOr<std::string> Write(const SortedFailure& sorted);

  // A finding of this program that was not made as small as it gets, by this
  // worker in an earlier life, or by one of an earlier run that was given to
  // it: whoever was at it has been killed or ended.
  struct Left {
    std::string folder;
    std::string input;
  };
  // In the order of their names. Write goes on with their folders.
  std::vector<Left> Unfinished() const;
  // To be called after its input was run: if Write has not come back to the
  // folder, the program fails otherwise by now, and it stays as it is.
  absl::Status Settle(const Left& left) const;

 private:
  absl::StatusOr<std::string> Put(const formfuzz::Finding& finding,
                                  const std::string& replaces);
  std::string ScriptFor(const SortedFailure& sorted);
  bool Reproduces(const std::string& script, Bytes input);
  bool Try(const std::string& script, Bytes input);
  std::string Describe(const SortedFailure& sorted, bool reproduces) const;

  ProgramTarget target_;
  LoopConfig config_;
  std::string folder_;
  InputForm& form_;
  uint64_t worker_;
  std::string fresh_;  // the folder last made
  std::string tried_;  // the script and input last tried
  bool reproduced_ = false;
};

// What program.json of a finding says, for those who run it again.
struct FoundProgram {
  ProgramTarget target;
  LoopConfig config;
};

// NotFound where the finding is not of a program.
absl::StatusOr<FoundProgram> ReadFoundProgram(const std::string& finding);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_PROGRAM_FINDING_H_
