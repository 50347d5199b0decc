// SPDX-License-Identifier: Apache-2.0
// The part of the plan that is about more than words on the command line:
// files, descriptors, variables, signals, and what is read.

#include <algorithm>
#include <csignal>
#include <utility>

#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/drive/fixtures.h"
#include "campaign/syscalls/material/code.h"
#include "campaign/syscalls/material/values.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kWordsPlannedMax = 4096;
constexpr size_t kWordsOfRun = 64;
constexpr size_t kWordsOfVariables = 64;
constexpr size_t kWordsAsRequests = 3072;
constexpr size_t kLinesOfRequest = 16;
constexpr size_t kRequestsOfRun = 12;
constexpr size_t kWordsOfCode = 1024;
constexpr size_t kWordsOfPrefix = 256;
constexpr size_t kPrefixesMax = 16;
constexpr uint32_t kInCourseUs = 1000;

}  // namespace

std::vector<std::string> Driver::LikelyOperands() {
  if (words_.command.operands.empty()) return {"text.txt"};
  return OperandSets(words_.command).back();
}

void Driver::PlanSurroundings() {
  std::vector<Trial> bases(2);
  bases[1].arguments = LikelyOperands();
  const auto add = [&](auto change) {
    for (const Trial& base : bases) {
      Trial trial = base;
      change(trial);
      plan_.push_back(std::move(trial));
    }
  };
  for (const Fixture& fixture : Fixtures()) {
    plan_.emplace_back().arguments = {fixture.name};
  }
  for (const auto file : ValuesOf(ValueKind::kFile)) {
    if (FixtureIn(file) != nullptr) continue;
    plan_.emplace_back().arguments = {std::string(file)};
  }
  plan_.emplace_back().arguments = {"--", "-dash"};
  for (int kind = 0; kind < kStdinKinds; ++kind) {
    add([=](Trial& t) { t.stdin_kind = static_cast<StdinKind>(kind); });
  }
  for (int kind = 0; kind < kStdoutKinds; ++kind) {
    add([=](Trial& t) { t.stdout_kind = static_cast<StdoutKind>(kind); });
  }
  for (const auto input : StandardInputs()) {
    add([&](Trial& trial) { trial.standard_input = input; });
  }
  for (const Fixture& fixture : Fixtures()) {
    const InputFile& file = fixture.files.back();
    if (file.kind != FileKind::kRegular || file.content.empty()) continue;
    add([&](Trial& trial) {
      trial.standard_input = file.content;
      trial.fixtures = {fixture.name};  // it may name others
    });
  }
  const std::string much = LongStandardInput();
  add([&](Trial& trial) { trial.standard_input = much; });
  add([&](Trial& trial) {
    trial.standard_input = much;
    trial.stdin_kind = StdinKind::kPipe;
  });
  for (const Conditions& conditions : ManyConditions()) {
    add([&](Trial& trial) { trial.conditions = conditions; });
  }
  // As a person starts it.
  add([](Trial& trial) {
    trial.stdin_kind = StdinKind::kTerminal;
    trial.stdout_kind = StdoutKind::kTerminalForBoth;
    trial.variables = {{"TERM", "xterm-256color"}};
  });
  for (const std::string& constant : words_.constants) {
    Trial trial;
    trial.standard_input = constant + "\n";
    plan_.push_back(trial);
    trial.files = {{"given", trial.standard_input, FileKind::kRegular, 0, 0}};
    trial.arguments = {"given"};
    plan_.push_back(std::move(trial));
  }
}

// A program that waits takes so long that its other turns come late: it is
// told early of what it may wait for, and then to end.
void Driver::PlanSignalsFirst() {
  constexpr uint32_t kWaitingUs = 30'000;
  for (const int signal :
       {SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGCHLD, SIGTERM, SIGINT}) {
    plan_.emplace_back().conditions.signals = {{signal, kWaitingUs},
                                               {SIGTERM, 2 * kWaitingUs}};
  }
}

void Driver::PlanVariables() {
  const auto add = [&](const std::string& name, std::string_view value) {
    Trial trial;
    trial.variables = {{name, std::string(value)}};
    AddLocale(trial);  // many are looked at on the way to its files alone
    plan_.push_back(trial);
    trial.arguments = LikelyOperands();
    plan_.push_back(std::move(trial));
  };
  std::vector<std::deque<Trial>> parts;
  for (const std::string& name : words_.variables) add(name, "1");
  parts.push_back(TakePlan());
  for (const std::string& name : words_.variables) {
    const ValueKind kind = KindOf(name);
    if (NamesFolder(name)) add(name, "tree");
    if (kind == ValueKind::kText || kind == ValueKind::kFolder) continue;
    for (const std::string_view value :
         ValuesOf(kind).first(std::min<size_t>(3, ValuesOf(kind).size()))) {
      add(name, value);
    }
  }
  parts.push_back(TakePlan());
  for (const auto& [name, value] : Variables()) add(std::string(name), value);
  for (const auto name : RemovableVariables()) {
    plan_.emplace_back().removed_variables = {std::string(name)};
  }
  parts.push_back(TakePlan());
  plan_ = InTurns(std::move(parts), group_max_);
  // All that the program's file names, at once.
  const auto add_all = [&](const std::string& value) {
    Trial& trial = plan_.emplace_back();
    for (const std::string& name : words_.variables) {
      trial.variables.emplace_back(name, value);
    }
  };
  if (words_.variables.empty()) return;
  for (const char* value : {"1", "3", "64", "text.txt", "tree"}) add_all(value);
  size_t words = 0;
  for (const std::string& word : words_.dictionary.words()) {
    if (!MayNameFunction(word)) continue;
    if (++words > kWordsOfVariables) break;
    add_all(word);
  }
}

// Each flag on other files, and with other descriptors and signals.
void Driver::PlanFlagsAround() {
  for (const Flag& flag : words_.command.flags) {
    if (!flag.alias.empty()) continue;
    Trial base;
    AppendWithNeeds(words_.command, flag, FirstValueOf(flag), base);
    const auto add = [&](auto change) {
      if (plan_.size() >= group_max_) return;
      change(plan_.emplace_back(base));
    };
    add([](Trial& trial) { trial.stdin_kind = StdinKind::kPipe; });
    add([](Trial& trial) {
      trial.stdin_kind = StdinKind::kTerminal;
      trial.stdout_kind = StdoutKind::kTerminalForBoth;
    });
    for (const Fixture& fixture : Fixtures()) {
      if (fixture.blocks) continue;
      add([&](Trial& trial) { trial.arguments.push_back(fixture.name); });
    }
    for (const Conditions& conditions : ManyConditions()) {
      // Signals in its course.
      if (conditions.signals.size() != 1) continue;
      if (conditions.signals[0].after_us < kInCourseUs) continue;
      add([&](Trial& trial) { trial.conditions = conditions; });
    }
  }
}

// For programs that are told what to do on standard input: all words that the
// program's file holds, many at once, as lines, as statements and as calls.
void Driver::PlanWords() {
  const auto& words = words_.dictionary.words();
  const auto lines = [&](size_t at, const std::string& begin,
                         std::string_view end) {
    std::string text;
    for (size_t i = at; i < std::min(at + kWordsOfRun, words.size()); ++i) {
      text += Concat(begin, words[i], end);
    }
    return text;
  };
  for (size_t at = 0; at < words.size() && at < kWordsPlannedMax;
       at += kWordsOfRun) {
    for (const char prefix : words_.prefixes) {
      for (const char* end : {"\n", " text.txt\n", " new.out\n", " true\n"}) {
        Trial& trial = plan_.emplace_back();
        trial.fixtures = {"text.txt"};
        trial.standard_input = lines(at, {prefix}, end);
      }
    }
    for (const char* end : {"\n", ";\n", " text.txt\n", "(true)\n"}) {
      Trial trial;
      trial.fixtures = {"text.txt"};
      trial.standard_input = lines(at, "", end);
      plan_.push_back(trial);
      trial.arguments = {"new.out"};
      plan_.push_back(trial);
      trial.arguments = {"/bin/true"};
      plan_.push_back(std::move(trial));
    }
  }
}

// For programs that are told what to do by lines of a connection: some words a
// connection, since one may be its last, and some connections a run.
void Driver::PlanWordsAsRequests() {
  if (words_.requests.empty()) return;  // somebody else visits
  size_t taken = 0;
  std::string request;
  size_t lines = 0;
  Trial trial;
  const auto end_request = [&] {
    if (lines == 0) return;
    trial.requests.push_back(std::exchange(request, ""));
    lines = 0;
    if (trial.requests.size() < kRequestsOfRun) return;
    plan_.push_back(std::exchange(trial, Trial()));
  };
  for (const std::string& word : words_.dictionary.words()) {
    if (!MayNameFunction(word)) continue;
    if (++taken > kWordsAsRequests) break;
    request += word + "\r\n";
    if (++lines == kLinesOfRequest) end_request();
  }
  end_request();
  if (!trial.requests.empty()) plan_.push_back(std::move(trial));
}

// "mode=" and "open " are followed by something: each by all words.
void Driver::PlanPrefixes() {
  const auto& words = words_.dictionary.words();
  size_t prefixes = 0;
  for (const std::string& prefix : words) {
    const char last = prefix.back();
    if (last != '=' && last != ' ' && last != ':') continue;
    if (++prefixes > kPrefixesMax) return;
    std::vector<std::string> lines;
    for (const ValueKind kind : {ValueKind::kNumber, ValueKind::kFile}) {
      for (const auto value : ValuesOf(kind)) {
        lines.push_back(Concat(prefix, value, "\n"));
      }
    }
    for (size_t i = 0; i < std::min(words.size(), kWordsOfPrefix); ++i) {
      lines.push_back(Concat(prefix, words[i], "\n"));
    }
    for (size_t at = 0; at < lines.size(); at += kWordsOfRun) {
      Trial& trial = plan_.emplace_back();
      trial.fixtures = {"text.txt", "tree"};
      for (size_t i = at; i < std::min(at + kWordsOfRun, lines.size()); ++i) {
        trial.standard_input += lines[i];
      }
    }
  }
}

// Where code is an operand or a flag's value: what the language of the program
// may call by the words of its file.
void Driver::PlanCode() {
  std::vector<Trial> bases;
  for (const Flag& flag : words_.command.flags) {
    if (flag.value != ValueKind::kCode || flag.optional) continue;
    bases.emplace_back().arguments = {flag.joined ? flag.name + "="
                                                  : flag.name};
  }
  const auto& operands = words_.command.operands;
  if (!operands.empty() && operands[0] == ValueKind::kCode)
    bases.emplace_back();
  const auto add = [&](const Trial& base, std::string_view code) {
    if (plan_.size() >= group_max_) return;
    Trial& trial = plan_.emplace_back(base);
    const bool joined =
        !base.arguments.empty() && base.arguments[0].ends_with("=");
    if (joined) {
      trial.arguments[0] += code;
    } else {
      trial.arguments.emplace_back(code);
    }
    trial.arguments.emplace_back("text.txt");
  };
  for (const Trial& base : bases) {
    for (const auto code : ValuesOf(ValueKind::kCode)) add(base, code);
  }
  if (bases.empty()) return;
  // Flags that take code mostly take the same.
  for (const std::string& line : words_.spoken.statements) add(bases[0], line);
  for (const std::string& word : words_.spoken.words) {
    for (const std::string& code : CodeWith(word)) add(bases[0], code);
  }
  size_t words = 0;
  for (const std::string& word : words_.dictionary.words()) {
    if (!MayNameFunction(word)) continue;
    if (++words > kWordsOfCode) return;
    for (const std::string& code : CodeWith(word)) add(bases[0], code);
  }
}

}  // namespace formfuzz::campaign
