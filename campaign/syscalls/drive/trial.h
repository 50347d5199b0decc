// SPDX-License-Identifier: Apache-2.0
// One way to run a program, as a value that can be kept, changed and written
// down. Files are not part of it: those that its words name are made for it.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_TRIAL_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_TRIAL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "campaign/process/program_input.h"

namespace formfuzz::campaign {

struct Trial {
  std::vector<std::string> arguments;  // after the words of the command
  std::string standard_input;
  std::vector<std::pair<std::string, std::string>> variables;  // added
  std::vector<std::string> removed_variables;
  std::vector<std::string> fixtures;  // besides those that are named
  std::vector<InputFile> files;       // of the user's own corpus
  Conditions conditions;
  std::vector<std::string> requests;  // to a program that serves
  // Calls that fail, by number, and the error that they fail with.
  std::vector<std::pair<uint32_t, int>> refused;
  StdinKind stdin_kind = StdinKind::kFile;
  StdoutKind stdout_kind = StdoutKind::kPipe;

  // Borrows the bytes of standard input from this.
  ProgramInput Input() const;
  // The loader's work may depend on it, or comes before what it asks for: a
  // zygote, which has done that work, will not do.
  bool ConcernsLoader() const;
  // The files that it is given.
  std::vector<InputFile> Files() const;
};

// What trials find in the environment unless they say otherwise: a locale
// without files.
std::vector<std::pair<std::string, std::string>> UsualVariables();
// One with files, unless the trial has a locale of its own.
void AddLocale(Trial& trial);
// Of the C library: a mapping for each block of memory.
void AddMappedBlocks(Trial& trial);
// Both, of a trial that others are made from.
void TakeOutVariations(Trial& trial);

// "stdin is closed, SIGTERM after 300 us, limit 7 is 3"; "" if all is usual.
std::string CircumstancesOf(const Trial& trial);

// Smaller trials, to see whether one does as well; the smallest first.
std::vector<Trial> Simplified(const Trial& trial);

// JSON that TrialOf reads back.
std::string ToJson(const Trial& trial);
absl::StatusOr<Trial> TrialOf(std::string_view json);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_TRIAL_H_
