// SPDX-License-Identifier: Apache-2.0
// Files of many kinds for programs to be pointed at. They lie in the folder
// that a run starts in; a run is given those that its words name.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_FIXTURES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_FIXTURES_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/process/program_input.h"

namespace formfuzz::campaign {

struct Fixture {
  std::string name;  // the path that words use
  bool folder = false;
  bool blocks = false;           // reading or writing it may never end
  std::vector<InputFile> files;  // what must be made for it, in order
};

std::span<const Fixture> Fixtures();

// The fixtures that the word names, alone or at the end of a flag or list.
// nullptr: none.
const Fixture* FixtureIn(std::string_view word);

// A tar archive that holds one file of that name and content.
std::string TarArchive(const std::string& name, const std::string& content);
// A zip archive likewise.
std::string ZipArchive(const std::string& name, const std::string& content);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_FIXTURES_H_
