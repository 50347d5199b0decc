// SPDX-License-Identifier: Apache-2.0
// The part of the plan that is about programs between two pipes: what they are
// told by standard input goes together with their flags.

#include <set>

#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/material/values.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// As find(1) prints them.
constexpr std::string_view kNames =
    "text.txt\ntree\ntree/one.c\ntree/again.c\ntree/link\n";

// What editors, debuggers and shells of all kinds take: another program is
// called, and files are read and written.
constexpr std::string_view kCommandLines[] = {
    "!true\n",         "r !echo x\n",    "w !cat\n",        "w new.out\n",
    "r text.txt\n",    "e text.txt\n",   "shell true\n",    "system true\n",
    "\\! true\n",      ":!true\n",       ":w new.out\n",    "source text.txt\n",
    "load text.txt\n", "save new.out\n", "open text.txt\n", "cd tree\n"};

}  // namespace

void Driver::PlanStandardInput() {
  PlanDashes();
  PlanConversations();
  PlanCodeAsInput();
  PlanNamesAsInput();
}

// What there is to be packed, copied or looked at is often named there.
void Driver::PlanNamesAsInput() {
  for (const char* operand : {"", "folder", "new.out"}) {
    for (const Flag& flag : words_.command.flags) {
      if (!flag.alias.empty()) continue;
      if (plan_.size() >= group_max_) return;
      Trial& trial = plan_.emplace_back();
      AppendWithNeeds(words_.command, flag, FirstValueOf(flag), trial);
      if (*operand != '\0') trial.arguments.emplace_back(operand);
      trial.standard_input = kNames;
      trial.fixtures = {"text.txt", "tree"};
    }
  }
}

// A dash is standard input or output, also between others.
void Driver::PlanDashes() {
  using Words = std::vector<std::string>;
  for (const Words& operands :
       {Words{"-", "-"}, Words{"-", "new.out"}, Words{"text.txt", "-"}}) {
    for (const StdinKind kind : {StdinKind::kFile, StdinKind::kPipe}) {
      Trial& trial = plan_.emplace_back();
      trial.arguments = operands;
      trial.standard_input = StandardInputs()[1];
      trial.stdin_kind = kind;
    }
  }
}

// Commands that need others before them: all of the program's words as lines,
// twice, what they are followed by filled in. None of those that end it.
void Driver::PlanConversations() {
  constexpr size_t kLinesMax = 512;
  for (const char* filled : {"1", "text.txt", "user"}) {
    for (const char* end : {"\n", "\r\n"}) {
      std::string lines;
      size_t taken = 0;
      for (const std::string& word : words_.dictionary.words()) {
        static const std::set<std::string> kEnds = {
            "EXIT", "QUIT", "BYE", "END", "STOP", "LOGOUT", "SHUTDOWN"};
        if (kEnds.contains(Uppercase(word))) continue;
        if (++taken > kLinesMax) break;
        const char last = word.back();
        const bool goes_on = last == ' ' || last == '=' || last == ':';
        lines += Concat(word, goes_on ? filled : "", end);
      }
      plan_.emplace_back().standard_input = lines + lines;
    }
  }
}

// Of languages that many know; who runs it may not say so. One line that is
// wrong may end the reading.
void Driver::PlanCodeAsInput() {
  for (const std::string_view line : kCommandLines) {
    Trial trial;
    trial.standard_input = line;
    trial.fixtures = {"text.txt", "tree"};
    plan_.push_back(trial);
    trial.arguments = {"text.txt"};
    plan_.push_back(std::move(trial));
  }
  for (const std::string_view code : ValuesOf(ValueKind::kCode)) {
    Trial trial;
    trial.standard_input = Concat(code, "\n");
    plan_.push_back(trial);
    trial.files = {{"given", trial.standard_input, FileKind::kRegular, 0, 0}};
    trial.arguments = {"given"};
    plan_.push_back(std::move(trial));
  }
}

}  // namespace formfuzz::campaign
