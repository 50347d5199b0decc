// SPDX-License-Identifier: Apache-2.0
// Asks a program, its manual and its file what its command line is made of.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_WORDS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_WORDS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "campaign/process/executor.h"
#include "campaign/syscalls/drive/driver.h"

namespace formfuzz::campaign {

// For an answer to such questions.
inline constexpr uint64_t kAskMs = 500;

// Runs the program a few dozen times in the executor, whose program it is.
// `path` is its file. Whatever it does not tell is left out.
// Those of the command's words that are files may be scripts, which are read.
DrivingWords GatherWords(Executor& executor, const std::string& path,
                         const std::vector<std::string>& command);

// A user's own runs: each line of a file `*.args` is the arguments of one,
// split as a shell does without expanding; any other file is standard input
// once, and a file of its name once. NotFound without the folder.
absl::Status AddProgramCorpus(const std::string& folder, DrivingWords& words);

// As a shell splits: spaces, quotes, backslashes.
std::vector<std::string> SplitWords(const std::string& line);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_WORDS_H_
