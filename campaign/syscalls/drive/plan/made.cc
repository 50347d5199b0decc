// SPDX-License-Identifier: Apache-2.0
// The part of the plan that is about files which the program has made itself:
// what one run packs, signs or commits, another unpacks, checks or looks up.

#include <algorithm>
#include <utility>

#include "campaign/syscalls/drive/driver.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kUsesMax = 600;
// Of a program with many subcommands each has its turn.
constexpr size_t kUsesOfSubcommand = 8;

constexpr size_t kMakersMax = 8;  // flags that may name what is made

bool TakesFile(const Flag& flag) {
  return flag.value == ValueKind::kFile || flag.value == ValueKind::kText;
}

}  // namespace

// A new file by each flag that names one, in each way that others have to
// choose from: "-f new.out -t ed25519".
void Driver::PlanMakers(const CommandWords& words,
                        const std::string& subcommand) {
  size_t makers = 0;
  for (const Flag& maker : words.flags) {
    if (maker.value != ValueKind::kFile || !maker.alias.empty()) continue;
    if (++makers > kMakersMax) return;
    for (const Flag& way : words.flags) {
      if (!way.alias.empty()) continue;
      for (const std::string& choice : way.choices) {
        if (plan_.size() >= group_max_) return;
        Trial& trial = plan_.emplace_back();
        AppendSubcommand(subcommand, trial);
        AppendFlag(maker, "new.out", trial);
        AppendFlag(way, choice, trial);
      }
    }
  }
}

// As an operand, as a flag's value, as standard input, and by what finds it
// itself; what is most likely to be meant comes first.
std::deque<Driver::AmongMade::Use> Driver::UsesOf(
    const std::vector<std::string>& paths, const CommandWords& words,
    const std::string& subcommand) {
  Trial start;
  AppendSubcommand(subcommand, start);
  std::deque<AmongMade::Use> uses;
  const auto add = [&](const Flag* flag, const std::string& value,
                       const std::string& operand, const std::string& input) {
    Trial trial = start;
    if (flag != nullptr) AppendWithNeeds(words, *flag, value, trial);
    if (!operand.empty()) trial.arguments.push_back(operand);
    uses.push_back(
        {std::move(trial.arguments), input, flag == nullptr && input.empty()});
  };
  add(nullptr, "", "", "");
  for (const std::string& path : paths) add(nullptr, "", path, "");
  for (const std::string& path : paths) {
    for (const Flag& flag : words.flags) {
      if (flag.alias.empty() && TakesFile(flag)) add(&flag, path, "", "");
    }
  }
  for (const std::string& path : paths) {
    add(nullptr, "", "", path);
    for (const Flag& flag : words.flags) {
      if (!flag.alias.empty()) continue;
      const std::string value = FirstValueOf(flag);
      add(&flag, value, path, "");
      add(&flag, value, "", path);
      if (TakesFile(flag)) add(&flag, path, path, "");
    }
  }
  return uses;
}

void Driver::Left(const std::vector<InputFile>& files, const Trial& trial) {
  if (words_.serves) return;
  if (shows_) TakeLeftByShown(files);
  MadeFiles::Made made = made_files_.Take(files, trial);
  if (made.new_ones.empty()) return;
  if (made_.empty()) BeginsNow(of_made_);
  AmongMade among;
  among.base.files = std::move(made.files);
  among.base.variables = trial.variables;
  TakeOutVariations(among.base);
  // Another file goes to what was made; as input it is none.
  std::vector<std::string> paths = {"text.txt"};
  paths.insert(paths.end(), made.new_ones.begin(), made.new_ones.end());
  std::vector<std::deque<AmongMade::Use>> parts;
  // Once more: what it makes is there already.
  parts.emplace_back(1, AmongMade::Use{trial.arguments, "", true});
  parts.push_back(UsesOf(paths, words_.command, ""));
  for (const auto& [name, words] : words_.subcommands) {
    parts.push_back(UsesOf(paths, words, name));
  }
  among.uses = InTurns(
      std::move(parts),
      std::max(kUsesMax, kUsesOfSubcommand * words_.subcommands.size()));
  made_.push_back(std::move(among));
}

// What leads on from what was made last comes first; all else in turns.
Trial Driver::TakeMade() {
  const auto last = std::ranges::find_if(
      made_.rbegin(), made_.rend(),
      [](const AmongMade& one) { return one.uses.front().leads_on; });
  const auto at = last == made_.rend() ? made_.begin() : last.base() - 1;
  AmongMade among = std::move(*at);
  made_.erase(at);
  Trial trial = among.base;
  AmongMade::Use use = std::move(among.uses.front());
  among.uses.pop_front();
  trial.arguments = std::move(use.arguments);
  leads_on_ = use.leads_on;
  const auto input =
      std::ranges::find(trial.files, use.input, &InputFile::path);
  if (input != trial.files.end()) trial.standard_input = input->content;
  if (!among.uses.empty()) made_.push_back(std::move(among));
  return trial;
}

}  // namespace formfuzz::campaign
