// SPDX-License-Identifier: Apache-2.0
// What is tried before chance has its turn, the most promising first. What a
// program is surrounded by is in surroundings.cc.

#include <algorithm>
#include <map>
#include <utility>

#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/drive/fixtures.h"
#include "campaign/syscalls/material/values.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kValuesOfFlagMax = 28;
constexpr size_t kPlanMax = 20'000;
constexpr size_t kSubcommandPlanMin = 60;
constexpr size_t kOperandValuesMax = 6;
// Of so many flags each goes with each other; of more, those that are left to
// chance are many.
constexpr size_t kPairedFlagsMax = 40;
// A signal to a server is sent when it is likely to serve.
constexpr uint32_t kServingUs = 60'000;

// What files are not likely to stand for.
bool IsOfItsOwn(ValueKind kind) {
  return kind != ValueKind::kFile && kind != ValueKind::kFolder &&
         kind != ValueKind::kText;
}

}  // namespace

void AppendSubcommand(const std::string& subcommand, Trial& trial) {
  size_t at = 0;
  while (at < subcommand.size()) {
    const size_t end = std::min(subcommand.find(' ', at), subcommand.size());
    trial.arguments.push_back(subcommand.substr(at, end - at));
    at = end + 1;
  }
}

std::string Driver::FirstValueOf(const Flag& flag) {
  const bool chosen = flag.value == ValueKind::kChoice && !flag.choices.empty();
  return chosen ? flag.choices[0] : std::string(ValuesOf(flag.value)[0]);
}

std::vector<std::vector<std::string>> Driver::OperandSets(
    const CommandWords& words) {
  std::vector<std::vector<std::string>> sets = {{},
                                                {"text.txt"},
                                                {"tree"},
                                                {"text.txt", "new.out"},
                                                {"same.txt", "folder"}};
  if (words.operands.size() > 1) {
    sets.push_back({"text.txt", "same.txt"});
    sets.push_back({"tree", "new.out"});
    std::vector<std::string> asked;
    std::map<ValueKind, size_t> before;  // each of a kind is another
    for (const ValueKind kind : words.operands) {
      const auto values = ValuesOf(kind);
      asked.emplace_back(values[before[kind]++ % values.size()]);
    }
    sets.push_back(std::move(asked));
  } else if (words.operands.size() == 1 && IsOfItsOwn(words.operands[0])) {
    sets.push_back({std::string(ValuesOf(words.operands[0])[0])});
  }
  return sets;
}

// Of a program with hundreds of subcommands each has its turn early.
void Driver::PlanOperands(const CommandWords& words,
                          const std::string& subcommand) {
  for (const auto& operands : OperandSets(words)) {
    Trial trial;
    AppendSubcommand(subcommand, trial);
    trial.arguments.insert(trial.arguments.end(), operands.begin(),
                           operands.end());
    plan_.push_back(std::move(trial));
  }
  // Where somebody answers.
  if (std::ranges::count(words.operands, ValueKind::kAddress) > 0) {
    Trial& trial = plan_.emplace_back();
    AppendSubcommand(subcommand, trial);
    for (const ValueKind kind : words.operands) {
      const bool port = kind == ValueKind::kNumber;
      trial.arguments.push_back(port ? Concat(kAnsweringPort)
                                     : std::string(ValuesOf(kind)[0]));
    }
  }
  // The first values of kinds may not go together: "now" is no duration.
  if (std::ranges::none_of(words.operands, IsOfItsOwn)) return;
  for (size_t i = 1; i < kOperandValuesMax; ++i) {
    Trial& trial = plan_.emplace_back();
    AppendSubcommand(subcommand, trial);
    for (const ValueKind kind : words.operands) {
      const auto values = ValuesOf(kind);
      trial.arguments.emplace_back(values[i % values.size()]);
    }
  }
}

void Driver::PlanFlags(const CommandWords& words,
                       const std::string& subcommand) {
  const auto sets = OperandSets(words);
  const auto add = [&](const Flag& flag, const std::string& value,
                       const std::vector<std::string>& operands) {
    if (plan_.size() >= group_max_) return;
    Trial trial;
    AppendSubcommand(subcommand, trial);
    AppendWithNeeds(words, flag, value, trial);
    trial.arguments.insert(trial.arguments.end(), operands.begin(),
                           operands.end());
    plan_.push_back(std::move(trial));
  };
  for (const auto& operands : sets) {
    for (const Flag& flag : words.flags) {
      add(flag, FirstValueOf(flag), operands);
      if (!flag.guessed) continue;
      Flag alone = flag;
      alone.value = ValueKind::kNone;
      add(alone, "", operands);
    }
  }
  // Further values, with operands that are likely to be taken: the first of
  // each flag, the second, ...
  for (size_t i = 0; i < kValuesOfFlagMax; ++i) {
    for (const Flag& flag : words.flags) {
      const auto usual = ValuesOf(flag.value);
      const size_t own = flag.choices.size();
      if (i >= own + usual.size()) continue;
      const std::string value =
          i < own ? flag.choices[i] : std::string(usual[i - own]);
      add(flag, value, sets.back());
      add(flag, value, sets[2]);
    }
  }
  if (words.operands.size() < 2) return;
  for (const Flag& flag : words.flags) {
    add(flag, FirstValueOf(flag), {"/bin/true", "new.out"});
  }
}

// Each flag twice, and one spelling of each with each other, on operands that
// are likely to be taken; not those that are said to exclude each other.
void Driver::PlanPairs(const CommandWords& words,
                       const std::string& subcommand) {
  std::vector<const Flag*> paired;
  for (const Flag& flag : words.flags) {
    // Names on one line are of one flag: the first will do.
    const bool is_alias = !flag.alias.empty();
    if (!is_alias && paired.size() < kPairedFlagsMax) paired.push_back(&flag);
  }
  const auto sets = OperandSets(words);
  const auto add = [&](const Flag& first, const Flag& second,
                       const std::vector<std::string>& operands,
                       bool makes_files = false) {
    Trial& trial = plan_.emplace_back();
    AppendSubcommand(subcommand, trial);
    for (const Flag* flag : {&first, &second}) {
      const bool made = makes_files && flag->value == ValueKind::kFile;
      AppendFlag(*flag, made ? "new.out" : FirstValueOf(*flag), trial);
    }
    trial.arguments.insert(trial.arguments.end(), operands.begin(),
                           operands.end());
  };
  for (const Flag* flag : paired) {
    if (plan_.size() < group_max_) add(*flag, *flag, sets.back());
  }
  for (size_t i = 0; i < paired.size(); ++i) {
    for (size_t j = i + 1; j < paired.size(); ++j) {
      if (plan_.size() >= group_max_) return;
      const auto excludes = [](const Flag& one, const Flag& other) {
        return std::ranges::find(one.excludes, other.name) !=
               one.excludes.end();
      };
      if (excludes(*paired[i], *paired[j]) ||
          excludes(*paired[j], *paired[i])) {
        continue;
      }
      add(*paired[i], *paired[j], sets[(i + j) % sets.size()]);
      const bool may_make = paired[i]->value == ValueKind::kFile ||
                            paired[j]->value == ValueKind::kFile;
      if (may_make) add(*paired[i], *paired[j], {}, true);
    }
  }
}

// The program as it is told to be, with each request alone and all together;
// then in other circumstances, and with each flag, under load.
void Driver::PlanRequests() {
  Trial all;
  all.requests = words_.requests;
  plan_.push_back(all);
  for (const std::string& request : words_.requests) {
    Trial one;
    one.requests = {request};
    plan_.push_back(std::move(one));
  }
  PlanWordsAsRequests();
  const auto add = [&](auto change) {
    Trial trial = all;
    change(trial);
    plan_.push_back(std::move(trial));
  };
  for (const Conditions& conditions : ManyConditions()) {
    add([&](Trial& trial) { trial.conditions = conditions; });
    for (TimedSignal& timed : plan_.back().conditions.signals) {
      timed.after_us += kServingUs;
    }
  }
  for (int kind = 1; kind < kStdinKinds; ++kind) {
    add([=](Trial& t) { t.stdin_kind = static_cast<StdinKind>(kind); });
  }
  for (int kind = 1; kind < kStdoutKinds; ++kind) {
    add([=](Trial& t) { t.stdout_kind = static_cast<StdoutKind>(kind); });
  }
  for (const Flag& flag : words_.command.flags) {
    add([&](Trial& trial) {
      AppendFlag(flag, std::string(ValuesOf(flag.value)[0]), trial);
    });
  }
}

void Driver::AddPart(std::deque<Trial> trials) {
  parts_.push_back({std::move(trials), 0});
}

// Of the parts that take turns; nullptr: nothing is left of them.
Driver::Part* Driver::LeastSpent() {
  Part* least = nullptr;
  for (size_t i = 1; i < parts_.size(); ++i) {
    Part& part = parts_[i];
    if (part.trials.empty()) continue;
    if (least == nullptr || part.spent < least->spent) least = &part;
  }
  return least;
}

// nullptr: the plan was gone through.
Driver::Part* Driver::NextPart() {
  if (!parts_.empty() && !parts_[0].trials.empty()) return parts_.data();
  Part* least = LeastSpent();
  const auto consider = [&least](Part& part, bool empty) {
    if (empty) return;
    if (least == nullptr || part.spent <= least->spent) least = &part;
  };
  consider(of_made_, made_.empty());
  consider(of_found_, found_.empty());
  consider(of_shown_, shown_.empty());
  return least;
}

Trial Driver::TakeFirst(Part& part) {
  Trial trial = std::move(part.trials.front());
  part.trials.pop_front();
  return trial;
}

Trial Driver::Next() {
  while (Part* part = NextPart()) {
    leads_on_ = shows_ = false;
    turn_ = part;
    part->spent += kCost;  // also by what cannot be run
    if (part == &of_found_) return Varied(TakeFound());
    Trial trial = part == &of_made_    ? TakeMade()
                  : part == &of_shown_ ? TakeShown()
                                       : TakeFirst(*part);
    if (leads_on_) part->spent -= kCost - 1;
    const bool shunned = std::ranges::any_of(
        trial.arguments,
        [this](const std::string& word) { return IsShunned(word); });
    if (!shunned || random_.OneIn(16)) return Varied(std::move(trial));
  }
  return NextByChance();
}

void Driver::BeginsNow(Part& part) {
  const Part* least = LeastSpent();
  if (least != nullptr) part.spent = std::max(part.spent, least->spent);
}

void Driver::Plan() {
  MakeContents();
  for (const Trial& example : words_.examples) {
    plan_.push_back(example);
    AddLocale(plan_.emplace_back(example));
  }
  if (words_.serves) {
    PlanRequests();
    return AddPart(TakePlan());
  }
  group_max_ = kPlanMax;
  PlanOperands(words_.command, "");
  PlanSignalsFirst();
  for (const auto& [name, words] : words_.subcommands) {
    PlanOperands(words, name);
  }
  PlanShown();
  PlanInTurns();
}

std::deque<Trial> Driver::TakePlan() { return std::exchange(plan_, {}); }

// What is likely comes early whatever it is: learning may end before the plan
// does. Turns are by time, so that one part of slow runs does not keep others
// from theirs.
void Driver::PlanInTurns() {
  AddPart(TakePlan());
  const auto add = [&](auto plan) {
    plan();
    AddPart(TakePlan());
  };
  add([&] { PlanFlags(words_.command, ""); });
  add([&] { PlanScripts(); });
  add([&] { PlanSpoken(); });
  add([&] { PlanSurroundings(); });
  add([&] { PlanByWords(); });
  add([&] { PlanForms(); });
  add([&] { PlanVariables(); });
  add([&] { PlanWords(); });
  add([&] { PlanPrefixes(); });
  add([&] { PlanDocuments(); });
  add([&] { PlanResponseFiles(); });
  add([&] { PlanSettings(); });
  add([&] { PlanCode(); });
  add([&] { PlanMakers(words_.command, ""); });
  add([&] { PlanPairs(words_.command, ""); });
  add([&] { PlanFlagsAround(); });
  group_max_ = std::max(kSubcommandPlanMin,
                        kPlanMax / (2 * words_.subcommands.size() + 1));
  std::vector<std::deque<Trial>> of_subcommands;
  for (const auto& [name, words] : words_.subcommands) {
    PlanFlags(words, name);
    of_subcommands.push_back(TakePlan());
    PlanPairs(words, name);
    of_subcommands.push_back(TakePlan());
    PlanMakers(words, name);
    of_subcommands.push_back(TakePlan());
  }
  AddPart(InTurns(std::move(of_subcommands), kPlanMax));
}

}  // namespace formfuzz::campaign
