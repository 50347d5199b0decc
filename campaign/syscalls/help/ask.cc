// SPDX-License-Identifier: Apache-2.0
// By its exit code, and by phrases that many programs use.

#include "campaign/syscalls/help/ask.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "campaign/syscalls/material/values.h"
#include "framework/base/clock.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kGuessedFlagsMax = 400;
// A program that waits, whatever it is told, or that is slow to say no, is not
// asked for all letters.
constexpr int kWaitsMax = 3;
constexpr uint64_t kLettersNs = 10'000'000'000;

bool IsKnown(const std::string& name, const CommandWords& words) {
  return std::ranges::find(words.flags, name, &Flag::name) != words.flags.end();
}

// Whether it has the flag, which is filled in.
bool Takes(const Said& said, const std::string& name, Flag& flag) {
  if (!said.ran || SaysUnknown(said.errors)) return false;
  flag.name = name;
  if (said.errors.find("requires an argument") != said.errors.npos) {
    flag.value = ValueKind::kText;
  }
  return true;
}

void TryLong(Executor& executor, const std::vector<std::string>& strings,
             CommandWords& words) {
  if (!SaysUnknown(Ask(executor, {"--formfuzz-no-such-flag"}).errors)) return;
  size_t guesses = 0;
  for (const std::string& name : LikelyFlags(strings)) {
    if (++guesses > kGuessedFlagsMax) return;
    if (IsKnown(name, words)) continue;
    Flag flag;
    if (!Takes(Ask(executor, {name}), name, flag)) continue;
    flag.joined = flag.value != ValueKind::kNone;
    if (words.flags.size() < kFlagsMax) words.flags.push_back(flag);
  }
}

void TryShort(Executor& executor, CommandWords& words) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::vector<Flag> hidden;
  const uint64_t begin_ns = MonotonicNs();
  size_t asked = 0;
  int waits = 0;
  for (const char letter : kLetters) {
    const std::string name = {'-', letter};
    if (IsKnown(name, words)) continue;
    if (waits == kWaitsMax || MonotonicNs() - begin_ns > kLettersNs) break;
    ++asked;
    const Said said = Ask(executor, {name});
    waits += said.hung ? 1 : 0;
    Flag flag;
    if (Takes(said, name, flag)) hidden.push_back(std::move(flag));
  }
  // Otherwise it takes whatever it is given for something else.
  if (2 * hidden.size() > asked) return;
  for (Flag& flag : hidden) {
    if (words.flags.size() < kFlagsMax) words.flags.push_back(std::move(flag));
  }
}

}  // namespace

Said Ask(Executor& executor, std::vector<std::string> arguments) {
  ProgramInput input;
  input.arguments = std::move(arguments);
  input.stdin_kind = StdinKind::kNothing;
  Execution execution;
  Said said;
  if (!executor.Run(input, execution).ok()) return said;
  said.ran = execution.kind == ExitKind::kExited;
  said.hung = execution.hung();
  said.code = execution.code;
  said.errors = execution.errors;
  said.text = Concat(execution.output, "\n", execution.errors);
  return said;
}

bool SaysUnknown(const std::string& errors) {
  for (const char* phrase :
       {"nrecognized option", "nknown option", "nvalid option",
        "nknown argument", "nrecognised option", "llegal option",
        "nknown predicate", "sage:"}) {
    if (errors.find(phrase) != errors.npos) return true;
  }
  return false;
}

void TryHiddenFlags(Executor& executor, const std::vector<std::string>& strings,
                    CommandWords& words) {
  TryLong(executor, strings, words);
  TryShort(executor, words);
}

}  // namespace formfuzz::campaign
