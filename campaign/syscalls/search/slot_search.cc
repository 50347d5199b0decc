// SPDX-License-Identifier: Apache-2.0
// Depth first: what was met last is answered first.

#include "campaign/syscalls/search/slot_search.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "framework/base/digest.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kBytesMax = 1 << 16;  // of a slot
constexpr size_t kEntriesMax = 64;     // that wait
constexpr size_t kAnswersMax = 512;    // of one entry
constexpr size_t kReplacementsMax = 192;
constexpr size_t kMendsMax = 8;
// Of one place in the code: so many of its operands, and of what an instruction
// compares with, which loops over the input compare again and again.
constexpr uint32_t kWishesOfPlace = 12;
constexpr uint32_t kWishesOfConstant = 4;
constexpr uint32_t kEntriesOfWish = 3;
constexpr uint32_t kEntriesOfTelling = 12;
constexpr uint32_t kResultsOfPlace = 12;
constexpr size_t kTellingBytes = 2;  // what is equal by chance is shorter
// Of so many cases all are tried, each at so many places on average.
constexpr uint64_t kCasesMax = 48;
constexpr size_t kCasesTried = 192;
constexpr size_t kPlacesOfCase = 2;
constexpr size_t kLengthenedBy = 64;

std::string BytesOf(uint64_t number, size_t size) {
  std::string bytes(sizeof(number), '\0');
  memcpy(bytes.data(), &number, sizeof(number));
  bytes.resize(size);
  return bytes;
}

// Loops compare many numbers at one place, which come to three results; that
// two texts or two values are equal is another with each.
uint64_t ResultOf(const Comparison& one) {
  const bool equal = one.left == one.right;
  Digest digest;
  digest.Add(one.place).Add(one.numbers ? 1 : 0).Add(equal ? 1 : 0);
  if (equal && !one.left_is_constant) digest.Add(one.left);
  if (!equal && one.numbers) {
    digest.Add(NumberIn(one.left) < NumberIn(one.right) ? 1 : 0);
  }
  return digest.value();
}

uint64_t WishOf(const Comparison& one) {
  Digest digest;
  digest.Add(one.place);
  if (one.left_is_constant) digest.Add(one.left);
  if (!one.numbers) digest.Add(one.left).Add(one.right);
  return digest.value();
}

// Of a text, or a constant that no length or state has, nor an error.
bool Tells(const Comparison& one) {
  if (!one.numbers) return one.left.size() >= kTellingBytes;
  return one.left_is_constant && IsTelling(NumberIn(one.left), one.left.size());
}

// Compilers compare the cases of a switch, and what lies within bounds, by one
// number: what was read less the first, with how many there are, or with what
// is below zero by as many. For each of these what the comparison would have
// been alone.
std::vector<Comparison> CasesOf(const std::vector<Comparison>& wishes) {
  constexpr uint64_t kFirsts[] = {0, 1, 2, 3, 4, 'a', 'A', '0'};
  std::vector<Comparison> cases;
  for (const uint64_t first : kFirsts) {
    for (const Comparison& one : wishes) {
      if (!one.numbers || !one.left_is_constant) continue;
      const uint64_t above = NumberIn(one.left);
      const uint64_t below = NumberIn(BytesOf(-above, one.left.size()));
      const bool counts_up = above <= kCasesMax;
      const uint64_t count = counts_up ? above + 1 : below;
      for (uint64_t i = 0; count <= kCasesMax && i < count; ++i) {
        if (cases.size() >= kCasesTried) return cases;
        const uint64_t value = counts_up ? i : above + i;
        Comparison alone = one;
        alone.right = BytesOf(NumberIn(one.right) + first, one.right.size());
        alone.left = BytesOf(value + first, one.left.size());
        cases.push_back(std::move(alone));
      }
    }
  }
  return cases;
}

}  // namespace

SlotSearch::SlotSearch(Trial base, const Slot& slot)
    : base_(std::move(base)), slot_(slot) {}

std::optional<Trial> SlotSearch::Next() {
  if (!begun_) {
    tried_ = BytesAt(slot_, base_);
    known_.insert(tried_);
    return base_;
  }
  while (!entries_.empty() && entries_.back().answers.empty()) {
    entries_.pop_back();
  }
  if (entries_.empty()) return std::nullopt;
  tried_ = std::move(entries_.back().answers.front());
  entries_.back().answers.pop_front();
  Trial trial = base_;
  BytesAt(slot_, trial) = tried_;
  return trial;
}

bool SlotSearch::Took(const std::vector<Comparison>& comparisons, bool news) {
  const bool further = ComesFurther(comparisons) || news || !begun_;
  begun_ = true;
  if (further) {
    Push(Wishes(comparisons), comparisons, /*mends=*/false);
  } else if (!entries_.empty() && !entries_.back().mends) {
    const std::vector<Comparison> lost = LostBy(comparisons);
    if (!lost.empty()) Push(lost, comparisons, /*mends=*/true);
  }
  return further;
}

// What is compared behind what tells of the way that a run has taken, also
// where nobody notes that two were equal.
bool SlotSearch::ComesFurther(const std::vector<Comparison>& comparisons) {
  bool further = false;
  const auto add = [&](uint32_t place, uint64_t result) {
    if (results_of_[place] >= kResultsOfPlace) return;
    if (!results_.insert(result).second) return;
    ++results_of_[place];
    further = true;
  };
  uint32_t before = 0;
  for (const Comparison& one : comparisons) {
    add(one.place, ResultOf(one));
    add(one.place, Digest().Add(before).Add(one.place).value());
    before = one.place;
  }
  return further;
}

// What was not answered often, a few of each place; what says most first.
std::vector<Comparison> SlotSearch::Wishes(
    const std::vector<Comparison>& comparisons) {
  std::vector<Comparison> wishes;
  std::vector<Comparison> others;
  std::map<uint32_t, uint32_t> of_place;
  std::map<uint64_t, uint32_t> of_wish;
  for (const Comparison& one : comparisons) {
    if (one.left == one.right) continue;
    const uint64_t wish = WishOf(one);
    const auto answered = answered_.find(wish);
    const uint32_t most = Tells(one) ? kEntriesOfTelling : kEntriesOfWish;
    if (answered != answered_.end() && answered->second >= most) continue;
    if (of_wish[wish] >= kWishesOfConstant) continue;
    if (of_place[one.place] >= kWishesOfPlace) continue;
    auto& among = Tells(one) ? wishes : others;
    if (std::ranges::find(among, one) != among.end()) continue;
    ++of_wish[wish];
    ++of_place[one.place];
    among.push_back(one);
  }
  for (const auto& [wish, count] : of_wish) {
    if (count > 0) ++answered_[wish];
  }
  wishes.insert(wishes.end(), others.begin(), others.end());
  return wishes;
}

// Two values that differ where those of the entry did not: a checksum, or a
// length. Nobody notes numbers that are equal.
std::vector<Comparison> SlotSearch::LostBy(
    const std::vector<Comparison>& comparisons) const {
  std::vector<Comparison> lost;
  for (const Comparison& one : comparisons) {
    if (one.left != one.right && IsBetweenValues(one) &&
        !entries_.back().differing.contains(one.place)) {
      lost.push_back(one);
    }
  }
  return lost;
}

void SlotSearch::AddAnswer(std::string bytes, Entry& entry) {
  if (entry.answers.size() >= kAnswersMax || !CanHold(slot_, bytes)) return;
  if (known_.insert(bytes).second) entry.answers.push_back(std::move(bytes));
}

void SlotSearch::AddReplacements(const std::vector<Replacement>& replacements,
                                 Entry& entry) {
  const Bytes input = AsBytes(tried_);
  for (const Replacement& one : replacements) {
    InputBytes bytes(input.begin(), input.end());
    Apply(one, kBytesMax, bytes);
    AddAnswer(std::string(AsText(bytes)), entry);
  }
}

void SlotSearch::AddGuesses(const std::vector<Comparison>& wishes,
                            Entry& entry) {
  // What comes by lines is told in one more.
  for (const Comparison& one : wishes) {
    if (!Tells(one) || !tried_.ends_with('\n')) continue;
    const bool is_right = !one.numbers && tried_.find(one.left) != tried_.npos;
    const std::string& wanted = is_right ? one.right : one.left;
    AddAnswer(Concat(tried_, wanted, "\n"), entry);
  }
  const std::vector<Comparison> cases = CasesOf(wishes);
  auto replacements =
      ReplacementsOf(cases, AsBytes(tried_), kPlacesOfCase * cases.size());
  std::erase_if(replacements,
                [](const Replacement& one) { return one.size == 0; });
  AddReplacements(replacements, entry);
  // What is read behind the end is not compared.
  if (!wishes.empty()) {
    AddAnswer(tried_ + std::string(kLengthenedBy, '\0'), entry);
  }
}

void SlotSearch::Push(const std::vector<Comparison>& wishes,
                      const std::vector<Comparison>& all, bool mends) {
  Entry entry;
  entry.mends = mends;
  for (const Comparison& one : all) {
    if (one.left != one.right) entry.differing.insert(one.place);
  }
  const Bytes input = AsBytes(tried_);
  const auto replacements =
      ReplacementsOf(wishes, input, mends ? kMendsMax : kReplacementsMax);
  // Together first: several conditions may be one branch.
  InputBytes together(input.begin(), input.end());
  if (ApplySome(replacements, nullptr, together) > 1) {
    AddAnswer(std::string(AsText(together)), entry);
  }
  AddReplacements(replacements, entry);
  if (!mends) AddGuesses(wishes, entry);
  if (entry.answers.empty()) return;
  if (entries_.size() >= kEntriesMax) entries_.pop_front();
  entries_.push_back(std::move(entry));
}

}  // namespace formfuzz::campaign
