// SPDX-License-Identifier: Apache-2.0
// What a program is given from outside: arguments, a file or standard input,
// further files, environment, and what its standard input and output are.
//
// Values own their strings: one is made for each run of a process, which costs
// a thousand times more. Bounded by the constants below. Text without zeros
// wherever the system takes no zeros.
#ifndef FORMFUZZ_GENERATORS_COMMAND_LINE_H_
#define FORMFUZZ_GENERATORS_COMMAND_LINE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "framework/domain/choices.h"
#include "framework/domain/combinators.h"
#include "framework/domain/containers.h"
#include "framework/domain/strings.h"
#include "framework/domain/structs.h"

namespace formfuzz {

inline constexpr size_t kArgumentsMax = 16;
inline constexpr size_t kArgumentBytesMax = 256;
inline constexpr size_t kContentBytesMax = 1 << 16;  // of stdin or the file
inline constexpr size_t kMoreFilesMax = 4;
inline constexpr size_t kMoreFileBytesMax = 1 << 12;
inline constexpr size_t kVariablesMax = 4;

enum class InputStream : uint8_t { kFile, kPipe, kTerminal, kClosed, kNothing };
enum class OutputStream : uint8_t {
  kPipe,
  kFile,
  kTerminal,
  kClosed,
  kNothing
};

struct GivenFile {
  std::string name;  // in the folder that the program starts in
  std::string content;
};

struct GivenVariable {
  std::string name;
  std::string value;
};

struct CommandLine {
  std::vector<std::string> arguments;
  std::string content;  // of standard input, or of the file that @@ names
  std::vector<GivenFile> files;
  std::vector<GivenVariable> variables;
  InputStream input;
  OutputStream output;
};

// Bytes 1 to 255: what an argument may hold.
inline constexpr Alphabet kNoZero{1, 255};

// File names without a folder, that programs and scripts take for one.
inline auto GivenFileNames() {
  return ElementOf<std::string>(
      {"a", "b", "c.txt", "d.conf", "-e", "f g", "h.tar", ".i"});
}
// What many programs look at.
inline auto VariableNames() {
  return ElementOf<std::string>({"LANG", "LC_ALL", "HOME", "PATH", "TMPDIR",
                                 "TERM", "COLUMNS", "TZ", "POSIXLY_CORRECT",
                                 "MALLOC_PERTURB_"});
}

inline auto CommandLines() {
  return StructOf<CommandLine>(
      VectorOf(
          StringDomain<std::string>(kNoZero).WithMaxSize(kArgumentBytesMax))
          .WithMaxSize(kArgumentsMax),
      StringDomain<std::string>(kAnyByte).WithMaxSize(kContentBytesMax),
      VectorOf(
          StructOf<GivenFile>(GivenFileNames(),
                              StringDomain<std::string>(kAnyByte).WithMaxSize(
                                  kMoreFileBytesMax)))
          .WithMaxSize(kMoreFilesMax),
      VectorOf(
          StructOf<GivenVariable>(
              VariableNames(), StringDomain<std::string>(kNoZero).WithMaxSize(
                                   kArgumentBytesMax)))
          .WithMaxSize(kVariablesMax),
      EnumOf<InputStream>(), EnumOf<OutputStream>());
}

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_COMMAND_LINE_H_
