// SPDX-License-Identifier: Apache-2.0
// What a program's file tells before it is ever run.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_PROGRAM_PROGRAM_FILE_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_PROGRAM_PROGRAM_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace formfuzz::campaign {

struct ProgramFile {
  std::string path;         // absolute, without symbolic links
  bool script = false;      // begins with #!
  bool dynamic = false;     // an ELF program with a dynamic loader
  bool privileged = false;  // setuid or setgid
  bool runtime = false;     // built with our compiler
  bool persistent = false;  // takes many inputs in one process, ours or AFL++'s
  bool afl = false;         // built with AFL++'s compiler
  bool afl_deferred = false;
  bool libfuzzer = false;  // a libFuzzer target
  // Calls setlocale, or may. Not what a sanitizer brings a heap along for:
  // there each size of block has pages of its own, in which a fork costs more.
  bool locales = false;
};

// Which file a path names, to notice that another one has taken its place.
struct FileVersion {
  uint64_t inode = 0;
  int64_t size = 0;
  int64_t changed_s = 0;
  int64_t changed_ns = 0;
  bool operator==(const FileVersion&) const = default;
};
FileVersion VersionOf(const std::string& path);  // zeros: there is none

// `name` is a path, or is looked for as a shell does. NotFound,
// PermissionDenied (not executable), InvalidArgument (a folder).
absl::StatusOr<ProgramFile> InspectProgram(const std::string& name);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_PROGRAM_PROGRAM_FILE_H_
