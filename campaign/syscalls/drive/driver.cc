// SPDX-License-Identifier: Apache-2.0
// Random trials and changed ones; the plan is in plan/.

#include "campaign/syscalls/drive/driver.h"

#include <algorithm>
#include <utility>

#include "campaign/loop/mutate/byte_mutators.h"
#include "campaign/syscalls/drive/fixtures.h"
#include "campaign/syscalls/material/code.h"
#include "campaign/syscalls/material/values.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kFlagsAtOnceMax = 5;
constexpr size_t kOperandsMax = 3;
constexpr size_t kArgumentsOfTrialMax = 24;
constexpr size_t kInputBytesMax = 1 << 16;
constexpr size_t kRequestsMax = 24;      // of one run
constexpr size_t kRequestsChanged = 12;  // of a run made up anew
constexpr uint32_t kHangsMax = 3;        // until a word is hardly used
constexpr uint32_t kEnergyMax = 64;
// Prime to how often other things have their turn.
constexpr uint64_t kLocaleEvery = 7;
constexpr uint64_t kMappedBlocksEvery = 31;

Mutators ByteMutators() {
  Mutators mutators;
  AddByteMutators(&mutators);
  AddWordMutators(&mutators);
  return mutators;
}

}  // namespace

Driver::Driver(DrivingWords words, uint64_t seed)
    : words_(std::move(words)), random_(seed), havoc_(ByteMutators()) {
  Plan();
}

void Driver::AppendFlag(const Flag& flag, const std::string& value,
                        Trial& trial) {
  if (flag.value == ValueKind::kNone || (flag.optional && value.empty())) {
    trial.arguments.push_back(flag.name);
  } else if (flag.joined) {
    trial.arguments.push_back(Concat(flag.name, "=", value));
  } else if (flag.optional) {
    trial.arguments.push_back(flag.name + value);
  } else {
    trial.arguments.push_back(flag.name);
    trial.arguments.push_back(value);
  }
}

void Driver::AppendWithNeeds(const CommandWords& words, const Flag& flag,
                             const std::string& value, Trial& trial) {
  for (const std::string& name : flag.needs) {
    const auto needed = std::ranges::find(words.flags, name, &Flag::name);
    if (needed == words.flags.end()) continue;
    AppendFlag(*needed, std::string(ValuesOf(needed->value)[0]), trial);
  }
  AppendFlag(flag, value, trial);
}

std::string Driver::AnyWord() {
  const auto& words = words_.dictionary.words();
  return words.empty() ? "word" : words[random_.Below(words.size())];
}

std::string Driver::ValueFor(ValueKind kind,
                             const std::vector<std::string>& choices) {
  // Numbers that its description names are few of those that it takes.
  const bool any = kind == ValueKind::kNumber || kind == ValueKind::kSize;
  if (!choices.empty() && !random_.OneIn(any ? 2 : 8)) {
    return choices[random_.Below(choices.size())];
  }
  if (kind == ValueKind::kText && random_.OneIn(2)) return AnyWord();
  if (kind == ValueKind::kCode && random_.OneIn(2)) {
    const auto forms = CodeWith(AnyWord());
    return forms[random_.Below(forms.size())];
  }
  const auto values = ValuesOf(kind);
  return std::string(values[random_.Below(values.size())]);
}

std::string Driver::Operand(const CommandWords& words, size_t at) {
  if (at < words.operands.size() && !random_.OneIn(4)) {
    return ValueFor(words.operands[at], {});
  }
  if (random_.OneIn(4)) return ValueFor(ValueKind::kText, {});
  const auto all = Fixtures();
  const Fixture& fixture = all[random_.Below(all.size())];
  // Where reading never ends a run is spent on waiting.
  return fixture.blocks && !random_.OneIn(64) ? "text.txt" : fixture.name;
}

const CommandWords& Driver::PickWords(Trial& trial) {
  if (words_.subcommands.empty() || random_.OneIn(8)) return words_.command;
  const size_t pick = random_.Below(words_.subcommands.size());
  const auto& [name, words] =
      *std::next(words_.subcommands.begin(), static_cast<std::ptrdiff_t>(pick));
  AppendSubcommand(name, trial);
  return words;
}

void Driver::AddFlag(const CommandWords& words, Trial& trial) {
  if (words.flags.empty()) return;
  const Flag& flag = words.flags[random_.Below(words.flags.size())];
  if (IsShunned(flag.name) && !random_.OneIn(16)) return;
  const bool excluded =
      std::ranges::any_of(flag.excludes, [&](const std::string& name) {
        return std::ranges::find(trial.arguments, name) !=
               trial.arguments.end();
      });
  if (excluded && !random_.OneIn(8)) return;
  if (flag.guessed && random_.OneIn(3)) {
    trial.arguments.push_back(flag.name);
    return;
  }
  AppendWithNeeds(words, flag,
                  flag.optional && random_.OneIn(3)
                      ? ""
                      : ValueFor(flag.value, flag.choices),
                  trial);
}

std::string Driver::Mutated(std::string_view text) {
  text = text.substr(0, kInputBytesMax);
  InputBytes bytes(text.begin(), text.end());
  const MutationScene scene{random_, kInputBytesMax, {}, words_.dictionary};
  havoc_.Mutate(scene, bytes);
  return {bytes.begin(), bytes.end()};
}

// One of those known, most often changed; now and then words alone.
std::string Driver::Request() {
  if (words_.requests.empty() || random_.OneIn(8)) {
    std::string words = AnyWord();
    while (random_.OneIn(2)) words += Concat(" ", AnyWord());
    return words + "\r\n";
  }
  const std::string& one =
      words_.requests[random_.Below(words_.requests.size())];
  return random_.OneIn(3) ? one : Mutated(one);
}

void Driver::ChangeRequests(Trial& trial) {
  if (words_.requests.empty()) return;
  std::vector<std::string>& all = trial.requests;
  if (all.size() < kRequestsMax && (all.empty() || random_.OneIn(2))) {
    all.push_back(Request());
  } else if (random_.OneIn(3)) {
    all.erase(all.begin() +
              static_cast<std::ptrdiff_t>(random_.Below(all.size())));
  } else {
    all[random_.Below(all.size())] = Request();
  }
}

// A program that serves is mostly left as it was told to be.
void Driver::Visit(Trial& trial) {
  if (!random_.OneIn(4)) trial.arguments.clear();
  if (!words_.requests.empty()) {
    while (trial.requests.size() < kRequestsChanged) {
      trial.requests.push_back(Request());
    }
  }
}

void Driver::ChangeStandardInput(Trial& trial) {
  const auto inputs = StandardInputs();
  if (trial.standard_input.empty() || random_.OneIn(4)) {
    trial.standard_input = inputs[random_.Below(inputs.size())];
    if (random_.OneIn(2)) trial.standard_input = AnyWord();
    return;
  }
  trial.standard_input = Mutated(trial.standard_input);
}

void Driver::ChangeSurroundings(Trial& trial) {
  switch (random_.Below(6)) {
    case 0: {
      const auto all = Variables();
      const auto& [name, value] = all[random_.Below(all.size())];
      trial.variables.emplace_back(name, value);
      break;
    }
    case 1:
      if (!words_.variables.empty()) {
        const auto& names = words_.variables;
        trial.variables.emplace_back(names[random_.Below(names.size())],
                                     ValueFor(ValueKind::kText, {}));
      }
      break;
    case 2:
      trial.stdin_kind = static_cast<StdinKind>(random_.Below(kStdinKinds));
      break;
    case 3:
      trial.stdout_kind = static_cast<StdoutKind>(random_.Below(kStdoutKinds));
      break;
    case 4: {
      const auto all = ManyConditions();
      trial.conditions = all[random_.Below(all.size())];
      break;
    }
    case 5: {
      const auto all = RemovableVariables();
      trial.removed_variables = {std::string(all[random_.Below(all.size())])};
      break;
    }
  }
}

Trial Driver::Random() {
  Trial trial;
  const CommandWords& words = PickWords(trial);
  const size_t flags = 1 + random_.Below(kFlagsAtOnceMax);
  for (size_t i = 0; i < flags; ++i) AddFlag(words, trial);
  const size_t operands = random_.Below(kOperandsMax + 1);
  for (size_t i = 0; i < operands; ++i) {
    trial.arguments.push_back(Operand(words, i));
  }
  if (random_.OneIn(8)) {
    // Not all programs take flags before operands.
    std::ranges::reverse(trial.arguments);
  }
  if (random_.OneIn(3)) ChangeStandardInput(trial);
  if (random_.OneIn(5)) ChangeSurroundings(trial);
  if (words_.serves) Visit(trial);
  return trial;
}

void Driver::Change(Trial& trial) {
  if (!trial.files.empty() && random_.OneIn(2)) {
    return ChangeFile(trial.files[random_.Below(trial.files.size())]);
  }
  const size_t size = trial.arguments.size();
  switch (random_.Below(7)) {
    case 0:
    case 1:
      AddFlag(words_.command, trial);
      break;
    case 2:
      if (size > 0) {
        trial.arguments.erase(trial.arguments.begin() +
                              static_cast<std::ptrdiff_t>(random_.Below(size)));
      }
      break;
    case 3:
      if (size > 0) {
        trial.arguments[random_.Below(size)] = Operand(words_.command, 0);
      }
      break;
    case 4:
      trial.arguments.push_back(Operand(words_.command, size));
      break;
    case 5:
      ChangeStandardInput(trial);
      break;
    case 6:
      ChangeSurroundings(trial);
      break;
  }
}

Trial Driver::Changed() {
  Kept& kept = kept_[random_.Below(kept_.size())];
  if (kept.energy > 0) --kept.energy;
  Trial trial = kept.trial;
  TakeOutVariations(trial);
  if (random_.OneIn(8)) {
    const Trial& other = kept_[random_.Below(kept_.size())].trial;
    trial.arguments.insert(trial.arguments.end(), other.arguments.begin(),
                           other.arguments.end());
    if (trial.variables.empty()) trial.variables = other.variables;
    if (trial.conditions.empty()) trial.conditions = other.conditions;
  }
  const size_t changes = 1 + random_.Below(3);
  for (size_t i = 0; i < changes; ++i) {
    if (words_.serves && !random_.OneIn(4)) {
      ChangeRequests(trial);
    } else {
      Change(trial);
    }
  }
  if (trial.arguments.size() > kArgumentsOfTrialMax) {
    trial.arguments.resize(kArgumentsOfTrialMax);
  }
  return trial;
}

// What costs so much that now and then is enough. A locale that has files is
// read by most programs before anything else; and where each block is mapped,
// runs with little memory call for it as those with much do.
Trial Driver::Varied(Trial trial) {
  ++handed_out_;
  if (handed_out_ % kLocaleEvery == 0) AddLocale(trial);
  if (handed_out_ % kMappedBlocksEvery == 0) AddMappedBlocks(trial);
  return trial;
}

Trial Driver::NextByChance() {
  turn_ = nullptr;
  leads_on_ = shows_ = false;
  return Varied(kept_.empty() || random_.OneIn(2) ? Random() : Changed());
}

void Driver::Keep(const Trial& trial, uint32_t news) {
  kept_.push_back({trial, std::min(kEnergyMax, 8 * news)});
}

void Driver::Ran(const Trial& trial, bool hung, uint64_t wall_ns) {
  // Runs that take hardly any time all count alike.
  constexpr uint64_t kMs = 1'000'000;
  if (turn_ != nullptr) {
    turn_->spent += (leads_on_ ? 1 : kCost) * (wall_ns / (4 * kMs));
  }
  turn_ = nullptr;
  for (const std::string& word : trial.arguments) {
    Patience& patience = patience_[word];
    ++patience.runs;
    if (hung) ++patience.hangs;
  }
}

bool Driver::IsShunned(const std::string& word) const {
  const auto found = patience_.find(word);
  return found != patience_.end() && found->second.hangs >= kHangsMax &&
         2 * found->second.hangs > found->second.runs;
}

}  // namespace formfuzz::campaign
