// SPDX-License-Identifier: Apache-2.0
// The part of the plan that is about operands of a form of their own, and
// before flags.

#include <algorithm>
#include <utility>

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

}  // namespace

// Each alone, and before and behind a dash: what has two mostly joins them.
void Driver::PlanForms() {
  // "flock FILE -c COMMAND": some look for flags behind an operand.
  for (const Flag& flag : words_.command.flags) {
    if (!flag.alias.empty()) continue;
    Trial& trial = plan_.emplace_back();
    trial.arguments.emplace_back("text.txt");
    AppendWithNeeds(words_.command, flag, FirstValueOf(flag), trial);
  }
  for (const size_t pick : kValues) {
    for (const OperandForm& form : words_.forms) {
      const std::string word = Filled(form, pick);
      for (auto& operands : std::vector<std::vector<std::string>>{
               {"-", word}, {word}, {word, "-"}}) {
        Trial& trial = plan_.emplace_back();
        trial.arguments = std::move(operands);
        trial.standard_input = StandardInputs()[1];
      }
    }
  }
}

}  // namespace formfuzz::campaign
