// SPDX-License-Identifier: Apache-2.0
// What one run of a program is given. A plain value: who makes it up (a domain,
// a mutator, a person) is not known here. Default-constructed it holds no heap,
// so that a persistent target can be fed without an allocation.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_PROGRAM_INPUT_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_PROGRAM_INPUT_H_

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
};

enum class StdoutKind {
  kPipe,      // kept up to Limits::output_bytes
  kFile,      // a regular file, kept likewise
  kTerminal,  // kept likewise; the program sees a terminal
  kClosed,    // no descriptor 1 at all
  kNothing,   // /dev/null
};

// `path` is relative to the folder in which the program starts, which is empty
// before each run; absolute paths and ".." are refused.
struct InputFile {
  std::string path;
  std::string content;
};

struct ProgramInput {
  // Where the command's words name `@@`, the content of that file; otherwise
  // standard input; in a persistent target, the test case in shared memory.
  // Borrowed until the run is over.
  Bytes bytes;

  std::vector<std::string> arguments;  // after the words of the command
  std::vector<InputFile> files;
  std::vector<std::pair<std::string, std::string>> environment;  // added
  StdinKind stdin_kind = StdinKind::kFile;
  StdoutKind stdout_kind = StdoutKind::kPipe;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_PROGRAM_INPUT_H_
