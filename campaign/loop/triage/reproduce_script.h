// SPDX-License-Identifier: Apache-2.0
// A failure as a shell script that makes it happen again: everything the
// program was given, written out. POSIX sh and coreutils' timeout are all it
// needs. It ends with 0 if the program failed the same way and 1 if not.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_REPRODUCE_SCRIPT_H_
#define FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_REPRODUCE_SCRIPT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "campaign/process/program_input.h"

namespace formfuzz::campaign {

struct ScriptedRun {
  std::vector<std::string> command;  // as the executor was given it, with @@
  std::vector<std::pair<std::string, std::string>> environment;
  ProgramInput input;
  // The bytes are in the file `input` beside the script; else in the script.
  bool bytes_beside = true;
  uint64_t timeout_ms = 5000;
  std::string server;  // where it is sent the bytes, as settings write it
  // It starts processes without end: the script says so and runs nothing.
  bool bomb = false;
  // As a shell counts it: 128 and the signal, or the exit code; -1: anything
  // but 0 will do; kHungStatus: it does not end.
  int status = -1;
  std::string about;  // comment, one line
};

inline constexpr int kHungStatus = -2;

std::string ReproduceScript(const ScriptedRun& run);

// One word for a shell, whatever is in it but zeros.
std::string ShellQuoted(std::string_view word);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_REPRODUCE_SCRIPT_H_
