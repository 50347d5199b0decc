// SPDX-License-Identifier: Apache-2.0
// What a program says when it is called with a few words and no input.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_ASK_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_ASK_H_

#include <string>
#include <vector>

#include "campaign/process/executor.h"
#include "campaign/syscalls/help/flags.h"

namespace formfuzz::campaign {

struct Said {
  bool ran = false;
  bool hung = false;
  int code = 0;
  std::string text;  // all of it
  std::string errors;
};

Said Ask(Executor& executor, std::vector<std::string> arguments);

// That a flag or a word is none of its own.
bool SaysUnknown(const std::string& errors);

// Adds flags that no help mentions: long ones of the program's strings, short
// ones of all letters; none where it refuses neither what it has not.
void TryHiddenFlags(Executor& executor, const std::vector<std::string>& strings,
                    CommandWords& words);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_ASK_H_
