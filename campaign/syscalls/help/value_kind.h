// SPDX-License-Identifier: Apache-2.0
// What the value of a flag, an operand or a variable is, by the word that
// stands for it.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_VALUE_KIND_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_VALUE_KIND_H_

#include <string>
#include <string_view>

namespace formfuzz::campaign {

enum class ValueKind {
  kNone,
  kNumber,
  kSize,
  kFile,
  kFolder,
  kChoice,  // one of Flag::choices
  kTime,
  kFormat,
  kPattern,
  kCommand,
  kUser,
  kMode,
  kAddress,  // of a host
  kUrl,
  kRange,       // "1-3", or a list
  kAssignment,  // "NAME=VALUE"
  kCode,        // in the language that the program speaks
  kText,
};

// "FILE" is kFile, "WHEN" is kChoice, "size" is kSize, ...
ValueKind KindOf(std::string_view placeholder);

// "SIZE", "<file>", "N": what stands for a value.
bool IsPlaceholder(std::string_view word);
// Of names of flags, values and subcommands.
bool IsNameChar(char c);

std::string Uppercase(std::string_view text);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_VALUE_KIND_H_
