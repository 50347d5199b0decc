// SPDX-License-Identifier: Apache-2.0
// Words that are given as "name=VALUE", without a dash; lists, apart from the
// flags, of what such a VALUE may be; and values that two names share.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_LISTED_VALUES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_LISTED_VALUES_H_

#include <string>
#include <string_view>
#include <vector>

#include "campaign/syscalls/help/flags.h"

namespace formfuzz::campaign {

// "  if=FILE     what to read": a flag without dashes; no name if the line has
// another shape.
Flag AssignmentIn(std::string_view line);

// "Each CONV symbol may be:", then a line a word: choices of the flags whose
// value is a CONV, or CONVS.
class ListedValues {
 public:
  // The next line of the text; flags come before what they may be given.
  void Take(std::string_view line, std::vector<Flag>& flags);

 private:
  std::string of_;  // what is being listed; "": nothing
};

// "-o, --output=FILE": what the long one must have, the short one must, too.
void ShareValues(std::vector<Flag>& flags);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_LISTED_VALUES_H_
