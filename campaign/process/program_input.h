// SPDX-License-Identifier: Apache-2.0
// What one run of a program is given. A plain value: who makes it up (a domain,
// a mutator, a person) is not known here. Default-constructed it holds no heap,
// so that a persistent target can be fed without an allocation.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_PROGRAM_INPUT_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_PROGRAM_INPUT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/bytes.h"

namespace formfuzz::campaign {

enum class StdinKind {
  kFile,      // a regular file that holds the bytes
  kPipe,      // the bytes, then end of file; not seekable
  kTerminal,  // a terminal on which the bytes were typed
  kClosed,    // no descriptor 0 at all
  kNothing,   // /dev/null
  kSocket,    // the bytes, then end of file, as a service of inetd has them
};
inline constexpr int kStdinKinds = 6;

enum class StdoutKind {
  kPipe,             // kept up to Limits::output_bytes
  kFile,             // a regular file, kept likewise
  kTerminal,         // kept likewise; the program sees a terminal
  kClosed,           // no descriptor 1 at all
  kNothing,          // /dev/null
  kTerminalForBoth,  // as kTerminal, and stderr is the same one
  kUnread,           // a pipe that nobody reads any more
  kFull,             // /dev/full
};
inline constexpr int kStdoutKinds = 8;

enum class FileKind {
  kRegular,
  kFolder,
  kLink,      // symbolic, to `content`
  kHardLink,  // of the file `content`, made before it
  kFifo,
  kSocket,  // nobody listens
};

// `path` is relative to the folder in which the program starts, which is empty
// before each run; absolute paths and ".." are refused.
struct InputFile {
  std::string path;
  std::string content;
  FileKind kind = FileKind::kRegular;
  uint32_t mode = 0;  // permissions; 0: as usual for the kind
  uint64_t size = 0;  // a regular file is made so long, with holes
};

// A signal to the first process of a run, so long after main began.
struct TimedSignal {
  int signal = 0;
  uint32_t after_us = 0;
};

// Of main, in programs that are dynamic and run by kSpawn under a watcher or
// by kZygote; elsewhere without effect.
struct Conditions {
  // RLIMIT_* and what it is set to, hard and soft.
  std::vector<std::pair<int, uint64_t>> limits;
  std::vector<TimedSignal> signals;

  bool empty() const { return limits.empty() && signals.empty(); }
};

struct ProgramInput {
  // Where the command's words name `@@`, the content of that file; otherwise
  // standard input; in a persistent target, the test case in shared memory.
  // Borrowed until the run is over.
  Bytes bytes;

  std::vector<std::string> arguments;  // after the words of the command
  std::vector<InputFile> files;
  std::vector<std::pair<std::string, std::string>> environment;  // added
  std::vector<std::string> removed_variables;
  Conditions conditions;
  // To a program that serves (ExecutorOptions::service): a connection each.
  std::vector<std::string> requests;
  StdinKind stdin_kind = StdinKind::kFile;
  StdoutKind stdout_kind = StdoutKind::kPipe;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_PROGRAM_INPUT_H_
