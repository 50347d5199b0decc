// SPDX-License-Identifier: Apache-2.0
// What they begin with, and turns.

#include "campaign/syscalls/search/searches.h"

#include <algorithm>
#include <utility>

#include "campaign/syscalls/material/values.h"
#include "framework/base/random.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kBegunMax = 768;
constexpr size_t kSearchesMax = 1024;  // with those of what showed something
constexpr size_t kOfOnePlace = 8;
constexpr size_t kFlagsSearched = 40;
constexpr size_t kSubcommandsSearched = 16;
constexpr size_t kLearntBytesMax = 4096;
// Together: lines that are far behind are not come to while it is traced.
constexpr size_t kFormatBytesMax = 4096;
// Progress is worth so many turns.
constexpr uint64_t kTurnsOfProgress = 8;
constexpr uint64_t kTurnsOfNews = 64;
// And one that hangs costs so many.
constexpr uint64_t kTurnsOfHang = 64;

// As those words.
constexpr const char* kFlag = "--qzvwxk";
constexpr const char* kLines =
    "qzvwxk 48613 jhgp\nbnmdfw=7391\nfghlrt\ncdkwpt yvbsnm\nxjqhzw 5927\n"
    "mgrtkl\n";

// No byte twice, as far as that goes, and none of a text.
std::string Binary(size_t size) {
  Random random(size);
  std::string bytes;
  std::string all;
  for (int value = 0; value < 256; ++value) {
    if (value < '\t' || value > '~') all += static_cast<char>(value);
  }
  while (bytes.size() < size) {
    for (size_t i = 0; i < all.size(); ++i) {
      std::swap(all[i], all[i + random.Below(all.size() - i)]);
    }
    bytes += all;
  }
  bytes.resize(size);
  return bytes;
}

// A text, a header of something binary, and one of numbers that are small; of
// archives, one that is long.
std::vector<std::string> Contents() {
  return {kLines, Binary(96), std::string(96, '\0'), Binary(600)};
}

// What is the same for all values of the slot: a variable's name, the flag that
// "=" joins a value to, and the words around it.
std::string PlaceOf(const Trial& trial, const Slot& slot) {
  std::string place = Concat(static_cast<int>(slot.kind), " ", slot.at);
  if (slot.kind == Slot::Kind::kVariable) {
    place += Concat(" ", trial.variables[slot.at].first);
  }
  for (size_t i = 0; i < trial.arguments.size(); ++i) {
    const std::string& word = trial.arguments[i];
    const bool searched = slot.kind == Slot::Kind::kArgument && slot.at == i;
    // Up to "="; nothing where there is none.
    place += Concat(" ", searched ? word.substr(0, word.find('=') + 1) : word);
  }
  return place;
}

}  // namespace

void Searches::Add(const Trial& trial, const Slot& slot, uint64_t spent) {
  if (++of_kind_[PlaceOf(trial, slot)] > kOfOnePlace) return;
  if (searches_.size() >= kSearchesMax) DropLast();
  searches_.push_back(
      std::make_unique<Turn>(Turn{SlotSearch(trial, slot), spent}));
}

void Searches::AddInTurn(const Trial& trial, const Slot& slot) {
  if (searches_.size() < kBegunMax) Add(trial, slot, searches_.size());
}

void Searches::DropLast() {
  const auto last = std::ranges::max_element(
      searches_, {}, [](const auto& turn) { return turn->spent; });
  if (last->get() == turn_) turn_ = nullptr;
  searches_.erase(last);
}

// By a program with those words: from standard input, and from a file.
void Searches::AddReader(const std::vector<std::string>& words) {
  for (const std::string& content : Contents()) {
    Trial trial;
    trial.arguments = words;
    trial.standard_input = content;
    AddInTurn(trial, {Slot::Kind::kStandardInput});
    trial.standard_input.clear();
    trial.arguments.emplace_back("given");
    trial.files = {{"given", content, FileKind::kRegular, 0, 0}};
    AddInTurn(trial, {Slot::Kind::kFile});
  }
}

// Their values, and what is read where they are given.
void Searches::AddFlags(const CommandWords& words,
                        const std::string& subcommand) {
  size_t taken = 0;
  for (const Flag& flag : words.flags) {
    if (!flag.alias.empty()) continue;
    if (++taken > kFlagsSearched) return;
    Trial trial;
    AppendSubcommand(subcommand, trial);
    if (flag.value == ValueKind::kNone) {
      trial.arguments.push_back(flag.name);
      AddReader(trial.arguments);
      continue;
    }
    for (const char* value : {kUnknownNumber, kUnknownWord}) {
      Trial valued = trial;
      if (flag.joined) {
        valued.arguments.push_back(Concat(flag.name, "=", value));
      } else {
        valued.arguments.push_back(flag.name);
        valued.arguments.emplace_back(value);
      }
      AddInTurn(valued, {Slot::Kind::kArgument, valued.arguments.size() - 1});
    }
    if (flag.value != ValueKind::kFile) continue;
    if (flag.joined) {
      trial.arguments.push_back(Concat(flag.name, "=given"));
    } else {
      trial.arguments.push_back(flag.name);
      trial.arguments.emplace_back("given");
    }
    for (const std::string& content : Contents()) {
      trial.files = {{"given", content, FileKind::kRegular, 0, 0}};
      AddInTurn(trial, {Slot::Kind::kFile});
    }
  }
}

void Searches::Begin(const DrivingWords& words) {
  AddReader({});
  Trial formats;
  for (const std::string& line : words.formats) {
    const size_t size = formats.standard_input.size() + line.size() + 1;
    if (size <= kFormatBytesMax) formats.standard_input += line + "\n";
  }
  if (!words.formats.empty()) {
    AddInTurn(formats, {Slot::Kind::kStandardInput});
  }
  const auto add_words = [this](const std::string& subcommand) {
    for (const char* word : {kFlag, kUnknownWord}) {
      Trial trial;
      AppendSubcommand(subcommand, trial);
      trial.arguments.emplace_back(word);
      AddInTurn(trial, {Slot::Kind::kArgument, trial.arguments.size() - 1});
    }
  };
  add_words("");
  for (const std::string& name : words.variables) {
    for (const char* value : {kUnknownNumber, kUnknownWord}) {
      Trial trial;
      trial.variables = {{name, value}};
      AddInTurn(trial, {Slot::Kind::kVariable});
    }
  }
  AddFlags(words.command, "");
  size_t taken = 0;
  for (const auto& [name, own] : words.subcommands) {
    if (++taken > kSubcommandsSearched) return;
    add_words(name);
    Trial trial;
    AppendSubcommand(name, trial);
    AddReader(trial.arguments);
  }
}

void Searches::AddSlotsOf(const Trial& trial) {
  Trial plain = trial;
  TakeOutVariations(plain);
  plain.conditions = {};
  uint64_t least = UINT64_MAX;
  for (const auto& turn : searches_) least = std::min(least, turn->spent);
  const uint64_t spent =
      searches_.empty() ? 0 : least - std::min(least, kTurnsOfNews);
  const auto fits = [](const std::string& bytes) {
    return !bytes.empty() && bytes.size() <= kLearntBytesMax;
  };
  if (fits(plain.standard_input))
    Add(plain, {Slot::Kind::kStandardInput}, spent);
  for (size_t i = 0; i < plain.files.size(); ++i) {
    const InputFile& file = plain.files[i];
    if (file.kind == FileKind::kRegular && fits(file.content)) {
      Add(plain, {Slot::Kind::kFile, i}, spent);
    }
  }
}

std::optional<Trial> Searches::Next() {
  while (!searches_.empty()) {
    const auto least = std::ranges::min_element(
        searches_, {}, [](const auto& turn) { return turn->spent; });
    if (auto trial = (*least)->search.Next()) {
      turn_ = least->get();
      return trial;
    }
    searches_.erase(least);
  }
  return std::nullopt;
}

void Searches::Took(const std::vector<Comparison>& comparisons, bool news,
                    bool hung) {
  if (turn_ == nullptr) return;
  const bool further = turn_->search.Took(comparisons, news);
  turn_->spent += hung ? kTurnsOfHang : 1;
  if (further && !hung) {
    turn_->spent -= std::min(turn_->spent, kTurnsOfProgress);
  }
  turn_ = nullptr;
}

void Searches::Failed() {
  std::erase_if(searches_,
                [this](const auto& turn) { return turn.get() == turn_; });
  turn_ = nullptr;
}

}  // namespace formfuzz::campaign
