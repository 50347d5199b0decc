// SPDX-License-Identifier: Apache-2.0
// Goes through what a program compares the bytes of one slot with: each wish is
// granted, and where that makes the program compare something else, or come to
// another result, it is gone on from there. What comparisons come to stands for
// the coverage that an unmodified program does not have.
//
// A pure function of what it is told. Bounded: each entry has so many answers,
// each comparison is answered so many times, each place of the code is news so
// many times.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_SEARCH_SLOT_SEARCH_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_SEARCH_SLOT_SEARCH_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "campaign/loop/compare/replacements.h"
#include "campaign/process/comparison.h"
#include "campaign/syscalls/drive/trial.h"
#include "campaign/syscalls/search/slot.h"

namespace formfuzz::campaign {

class SlotSearch {
 public:
  SlotSearch(Trial base, const Slot& slot);

  // What is to be run next: the base first. nullopt: all is answered.
  std::optional<Trial> Next();

  // What the trial compared that was handed out last; `news`: it showed
  // something otherwise. True where it came further than those before.
  bool Took(const std::vector<Comparison>& comparisons, bool news);

 private:
  struct Entry {
    std::deque<std::string> answers;
    std::set<uint32_t> differing;  // places
    bool mends = false;            // what a change put out of order
  };

  bool ComesFurther(const std::vector<Comparison>& comparisons);
  std::vector<Comparison> Wishes(const std::vector<Comparison>& comparisons);
  void Push(const std::vector<Comparison>& wishes,
            const std::vector<Comparison>& all, bool mends);
  std::vector<Comparison> LostBy(
      const std::vector<Comparison>& comparisons) const;
  void AddAnswer(std::string bytes, Entry& entry);
  void AddReplacements(const std::vector<Replacement>& replacements,
                       Entry& entry);
  void AddGuesses(const std::vector<Comparison>& wishes, Entry& entry);

  Trial base_;
  Slot slot_;
  std::string tried_;  // the bytes handed out last
  bool begun_ = false;
  std::deque<Entry> entries_;  // the last has its turn
  std::unordered_set<std::string> known_;
  std::unordered_set<uint64_t> results_;
  std::unordered_map<uint32_t, uint32_t> results_of_;  // by place
  std::map<uint64_t, uint32_t> answered_;              // by what was wished for
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_SEARCH_SLOT_SEARCH_H_
