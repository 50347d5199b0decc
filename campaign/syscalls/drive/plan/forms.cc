// SPDX-License-Identifier: Apache-2.0
// The part of the plan that is about operands of a form of their own, and
// before flags.

#include <algorithm>

#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/drive/fixtures.h"
#include "campaign/syscalls/material/values.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// Of each kind: what is there, what else there is, and what can be made.
constexpr size_t kValues[] = {0, 1, 4};

std::string Filled(const OperandForm& form, size_t pick) {
  std::string filled = form.prefix;
  for (size_t i = 0; i < form.parts.size(); ++i) {
    const auto values = ValuesOf(form.parts[i]);
    if (i > 0) filled += ':';
    // Where somebody answers.
    const bool port = i > 0 && form.parts[i - 1] == ValueKind::kAddress;
    filled += port ? Concat(kAnsweringPort)
                   : std::string(values[std::min(pick, values.size() - 1)]);
  }
  return filled;
}

// What calls another or reads a file ends sooner than what awaits somebody.
std::vector<OperandForm> Ranked(const std::vector<OperandForm>& forms) {
  std::vector<OperandForm> calling;
  std::vector<OperandForm> reading;
  std::vector<OperandForm> others;
  for (const OperandForm& form : forms) {
    const ValueKind kind = form.parts[0];
    (kind == ValueKind::kCommand ? calling
     : kind == ValueKind::kFile  ? reading
                                 : others)
        .push_back(form);
  }
  calling.insert(calling.end(), reading.begin(), reading.end());
  calling.insert(calling.end(), others.begin(), others.end());
  return calling;
}

}  // namespace

// "flock FILE -c COMMAND": some look for flags behind an operand. What is
// called may need an end: "find FILE -exec COMMAND ;".
void Driver::PlanFlagsBehind() {
  const auto add = [this](const Flag& flag, std::vector<std::string> end) {
    Trial& trial = plan_.emplace_back();
    trial.arguments.emplace_back("text.txt");
    AppendWithNeeds(words_.command, flag, FirstValueOf(flag), trial);
    trial.arguments.insert(trial.arguments.end(), end.begin(), end.end());
  };
  for (const Flag& flag : words_.command.flags) {
    if (!flag.alias.empty() || flag.value != ValueKind::kCommand) continue;
    add(flag, {";"});
    add(flag, {"{}", "+"});
  }
  for (const Flag& flag : words_.command.flags) {
    if (flag.alias.empty()) add(flag, {});
  }
}

// Before and behind a dash, and alone: what has two mostly joins them.
void Driver::PlanForms() {
  const std::vector<OperandForm> forms = Ranked(words_.forms);
  const auto add = [&](size_t pick, bool before, bool behind) {
    for (const OperandForm& form : forms) {
      Trial& trial = plan_.emplace_back();
      if (before) trial.arguments.emplace_back("-");
      trial.arguments.push_back(Filled(form, pick));
      if (behind) trial.arguments.emplace_back("-");
      trial.standard_input = StandardInputs()[1];
    }
  };
  for (const size_t pick : kValues) {
    add(pick, true, false);
    add(pick, false, false);
    add(pick, false, true);
  }
}

}  // namespace formfuzz::campaign
