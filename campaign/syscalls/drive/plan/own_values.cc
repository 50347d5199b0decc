// SPDX-License-Identifier: Apache-2.0
// The part of the plan that is about values that only the program's file tells
// of: names that it knows, and numbers that it compares with.

#include <algorithm>
#include <utility>

#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/material/sections.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kWordsMax = 160;
constexpr size_t kFlagsWithValuesMax = 12;
constexpr size_t kPrefixesMax = 8;

// Of which a name may be a value, whatever the help calls it.
bool MayBeNamed(const Flag& flag) {
  return flag.value != ValueKind::kNone && flag.value != ValueKind::kFile &&
         flag.value != ValueKind::kFolder && flag.value != ValueKind::kCode &&
         flag.value != ValueKind::kCommand;
}

bool IsNumber(const Flag& flag) {
  return flag.value == ValueKind::kNumber || flag.value == ValueKind::kSize;
}

}  // namespace

// Each promises little: together they have the turns of one.
void Driver::PlanByWords() {
  std::vector<std::deque<Trial>> parts;
  PlanStandardInput();
  parts.push_back(TakePlan());
  PlanFlagsBehind();
  parts.push_back(TakePlan());
  PlanOwnValues();
  parts.push_back(TakePlan());
  PlanPrefixedVariables();
  PlanPlacesOfConstants();
  parts.push_back(TakePlan());
  plan_ = InTurns(std::move(parts), group_max_);
}

// What its instructions compare with may stand at any place: behind itself so
// many times, and before nothing, which is a length or a number, too. Of a
// longer text its instructions have eight bytes and then the rest.
void Driver::PlanPlacesOfConstants() {
  constexpr size_t kConstantsPlaced = 32;
  constexpr size_t kWordsPlaced = 64;
  constexpr size_t kWordBytes = 3;
  constexpr size_t kPlaces = 16;
  constexpr size_t kNothing = 64;
  const size_t count = std::min(words_.constants.size(), kConstantsPlaced);
  const auto end = words_.constants.begin() + static_cast<ptrdiff_t>(count);
  std::vector<std::string> placed(words_.constants.begin(), end);
  for (const std::string& word : words_.dictionary.words()) {
    if (placed.size() == count + kWordsPlaced) break;
    if (word.size() >= kWordBytes) placed.push_back(word);
  }
  for (size_t times = 1; times <= kPlaces; ++times) {
    for (const std::string& word : placed) {
      std::string& input = plan_.emplace_back().standard_input;
      for (size_t at = 0; at < times; ++at) input += word;
      input.append(kNothing, '\0');
    }
  }
  for (size_t i = 0; i < count; ++i) {
    std::string& input = plan_.emplace_back().standard_input;
    for (char next = ' '; next <= '~'; ++next) {
      input += Concat(words_.constants[i], std::string(1, next), "\n");
    }
  }
}

// The first of each flag, the second of each flag, ...
void Driver::PlanOwnValues() {
  const auto add = [this](const std::string& value, auto takes) {
    size_t flags = 0;
    for (const Flag& flag : words_.command.flags) {
      if (!flag.alias.empty() || !takes(flag)) continue;
      if (++flags > kFlagsWithValuesMax || plan_.size() >= group_max_) return;
      Trial& trial = plan_.emplace_back();
      AppendWithNeeds(words_.command, flag, value, trial);
    }
  };
  for (const std::string& number : words_.numbers) add(number, IsNumber);
  size_t words = 0;
  for (const std::string& word : words_.dictionary.words()) {
    if (!MayNameSetting(word)) continue;
    if (++words > kWordsMax) break;
    add(word, MayBeNamed);
  }
}

// "file:" and "level=" begin what variables hold as well.
void Driver::PlanPrefixedVariables() {
  size_t prefixes = 0;
  for (const std::string& prefix : words_.dictionary.words()) {
    if (words_.variables.empty() || prefixes == kPrefixesMax) return;
    if (prefix.back() != ':' && prefix.back() != '=') continue;
    ++prefixes;
    for (const char* value : {"new.out", "1", "text.txt"}) {
      Trial& trial = plan_.emplace_back();
      for (const std::string& name : words_.variables) {
        trial.variables.emplace_back(name, Concat(prefix, value));
      }
    }
  }
}

}  // namespace formfuzz::campaign
