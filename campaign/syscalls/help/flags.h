// SPDX-License-Identifier: Apache-2.0
// What a program's own words say of its command line: flags, what their values
// are, subcommands, operands. A guess that costs runs when it is wrong, never
// a wrong profile. Bounded by the constants below.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_FLAGS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_FLAGS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/syscalls/help/value_kind.h"

namespace formfuzz::campaign {

inline constexpr size_t kFlagsMax = 512;
inline constexpr size_t kChoicesMax = 16;

struct Flag {
  std::string name;  // "-a", "--color", "-name"
  ValueKind value = ValueKind::kNone;
  bool optional = false;  // the value may be left out
  bool joined = false;    // by "=" to a long name
  std::vector<std::string> choices;
  std::string alias = {};                  // the name before it on its line
  std::vector<std::string> needs = {};     // flags that it is said to go with
  std::vector<std::string> excludes = {};  // and those that it is said not to
  std::string placeholder = {};            // "FILE"
  bool guessed = false;  // that it has a value: goes without one as well
};

struct CommandWords {
  std::vector<Flag> flags;
  std::vector<std::string> subcommands;
  std::vector<ValueKind> operands;  // as the usage line has them
};

// From what --help, -h, help or the manual say.
CommandWords ParseHelp(std::string_view text);

// Adds what `more` has and `words` has not.
void Merge(const CommandWords& more, CommandWords& words);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_FLAGS_H_
