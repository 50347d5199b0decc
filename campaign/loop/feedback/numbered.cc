// SPDX-License-Identifier: Apache-2.0
// Output, time, memory and states as numbers.
#include "campaign/loop/feedback/numbered.h"

#include <algorithm>
#include <bit>
#include <unordered_map>

#include "framework/base/digest.h"

namespace formfuzz::campaign {
namespace {

// A program that answers every input differently has shown what it can.
constexpr uint32_t kClassesMax = 1 << 14;
// Lines told apart by their words. A program that echoes its input has a new
// one at every run: beyond these, lines are told apart by their form alone.
constexpr uint32_t kWordClassesMax = 1 << 10;
constexpr uint32_t kStatesMax = 1 << 20;
constexpr size_t kLinesLookedAt = 12;
constexpr size_t kLineLookedAt = 160;
constexpr uint64_t kTimeUnitNs = 8'000'000;
constexpr uint64_t kMemoryUnitBytes = 8 << 20;
constexpr std::string_view kStateMark = "formfuzz state: ";

// Digests numbered in the order in which they were met; all beyond the bound
// are one.
class Numbering {
 public:
  explicit Numbering(uint32_t numbers_max) : numbers_max_(numbers_max) {}
  uint32_t Of(uint64_t digest) {
    const auto known = numbers_.find(digest);
    if (known != numbers_.end()) return known->second;
    if (numbers_.size() + 1 >= numbers_max_) return numbers_max_ - 1;
    const auto number = static_cast<uint32_t>(numbers_.size());
    return numbers_.emplace(digest, number).first->second;
  }

 private:
  uint32_t numbers_max_;
  std::unordered_map<uint64_t, uint32_t> numbers_;
};

std::string_view NextLine(std::string_view* text) {
  const std::string_view line = text->substr(0, text->find('\n'));
  text->remove_prefix(std::min(line.size() + 1, text->size()));
  return line;
}

// Runs of letters, of digits and of other bytes become one each.
uint64_t ShapeOf(std::string_view line) {
  Digest shape;
  char last = '\0';
  for (const char c : line.substr(0, kLineLookedAt)) {
    const char lower = static_cast<char>(c | 0x20);
    const char kind = (lower >= 'a' && lower <= 'z') ? 'a'
                      : (c >= '0' && c <= '9')       ? '0'
                      : (c > ' ' && c <= '~')        ? c
                                                     : ' ';
    if (kind != last) shape.Add(static_cast<uint64_t>(kind));
    last = kind;
  }
  return shape.value();
}

// The line with every run of digits as one; 0 for one that is not plain text.
uint64_t WordsOf(std::string_view line) {
  Digest words;
  char last = '\0';
  for (const char c : line.substr(0, kLineLookedAt)) {
    if ((c < ' ' && c != '\t') || c > '~') return 0;
    const char kind = (c >= '0' && c <= '9') ? '0' : c;
    if (kind != '0' || last != '0') words.Add(static_cast<uint64_t>(kind));
    last = kind;
  }
  return words.value();
}

class OutputFeedback final : public NumberedFeedback {
 public:
  std::string_view name() const override { return "output"; }

 protected:
  // A class for how it ended, one for the size, two for each line.
  void Numbers(const Execution& execution,
               std::vector<uint32_t>* numbers) override {
    const uint64_t end = Digest()
                             .Add(static_cast<uint64_t>(execution.kind))
                             .Add(static_cast<uint64_t>(execution.code))
                             .Add(static_cast<uint64_t>(execution.signal))
                             .value();
    numbers->push_back(kWordClassesMax + classes_.Of(end));
    const auto size =
        static_cast<uint64_t>(std::bit_width(execution.output.size()));
    const uint64_t length = Digest().Add(size).Add(1).value();
    numbers->push_back(kWordClassesMax + classes_.Of(length));
    AddLines(execution.output, 2, numbers);
    AddLines(execution.errors, 3, numbers);
  }

 private:
  void AddLines(std::string_view text, uint64_t stream,
                std::vector<uint32_t>* numbers) {
    for (size_t i = 0; i < kLinesLookedAt && !text.empty(); ++i) {
      const std::string_view line = NextLine(&text);
      const uint64_t shape = Digest().Add(stream).Add(ShapeOf(line)).value();
      numbers->push_back(kWordClassesMax + classes_.Of(shape));
      const uint64_t words = WordsOf(line);
      if (words != 0) numbers->push_back(words_.Of(Mix(stream, words)));
    }
  }

  Numbering words_{kWordClassesMax};
  Numbering classes_{kClassesMax};
};

// An execution shows every doubling up to its own.
class DoublingFeedback final : public NumberedFeedback {
 public:
  using Measure = uint64_t (*)(const Execution&);
  DoublingFeedback(std::string_view name, Measure measure)
      : name_(name), measure_(measure) {}
  std::string_view name() const override { return name_; }

 protected:
  void Numbers(const Execution& execution,
               std::vector<uint32_t>* numbers) override {
    const int doublings = std::bit_width(measure_(execution));
    for (int i = 1; i < doublings; ++i) {
      numbers->push_back(static_cast<uint32_t>(i));
    }
  }

 private:
  std::string_view name_;
  Measure measure_;
};

class StateFeedback final : public NumberedFeedback {
 public:
  std::string_view name() const override { return "states"; }

 protected:
  void Numbers(const Execution& execution,
               std::vector<uint32_t>* numbers) override {
    for (std::string_view text : {execution.output, execution.errors}) {
      while (!text.empty()) {
        const std::string_view line = NextLine(&text);
        if (!line.starts_with(kStateMark)) continue;
        const std::string_view state = line.substr(kStateMark.size());
        numbers->push_back(states_.Of(DigestOf(state)));
      }
    }
  }

 private:
  Numbering states_{kStatesMax};
};

}  // namespace

const std::vector<uint32_t>& NumberedFeedback::Look(
    const Execution& execution) {
  numbers_.clear();
  Numbers(execution, &numbers_);
  std::sort(numbers_.begin(), numbers_.end());
  numbers_.erase(std::unique(numbers_.begin(), numbers_.end()), numbers_.end());
  if (!numbers_.empty() && numbers_.back() >= counts_.size()) {
    counts_.resize(numbers_.back() + 64);
  }
  return numbers_;
}

Observation NumberedFeedback::Observe(const Execution& execution) {
  Observation seen;
  for (const uint32_t number : Look(execution)) {
    seen.path = Mix(seen.path, number);
    seen.fresh |= !HasLearnt(number);
    uint8_t& count = counts_[number];
    if (count == 0) ++singletons_;
    if (count == 1) --singletons_;
    if (count < 2) ++count;
  }
  return seen;
}

void NumberedFeedback::Features(const Execution& execution, Feature base,
                                std::vector<Feature>* features) {
  for (const uint32_t number : Look(execution)) {
    features->push_back(base + number);
  }
}

void NumberedFeedback::Learn(uint32_t number) {
  if (number >= learnt_.size()) learnt_.resize(number + 64);
  if (!learnt_[number]) ++learnt_count_;
  learnt_[number] = true;
}

std::unique_ptr<Feedback> MakeOutputFeedback() {
  return std::make_unique<OutputFeedback>();
}

std::unique_ptr<Feedback> MakeTimeFeedback() {
  return std::make_unique<DoublingFeedback>("time", [](const Execution& run) {
    return (run.cpu_ns > 0 ? run.cpu_ns : run.wall_ns) / kTimeUnitNs;
  });
}

std::unique_ptr<Feedback> MakeMemoryFeedback() {
  return std::make_unique<DoublingFeedback>("memory", [](const Execution& run) {
    return run.memory_peak_bytes / kMemoryUnitBytes;
  });
}

std::unique_ptr<Feedback> MakeStateFeedback() {
  return std::make_unique<StateFeedback>();
}

}  // namespace formfuzz::campaign
