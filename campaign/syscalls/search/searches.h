// SPDX-License-Identifier: Apache-2.0
// All searches of one program, in turns: of standard input, of a file, of words
// and variables, each with what the program knows of its command line.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_SEARCH_SEARCHES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_SEARCH_SEARCHES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "campaign/process/comparison.h"
#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/drive/trial.h"
#include "campaign/syscalls/search/slot.h"
#include "campaign/syscalls/search/slot_search.h"

namespace formfuzz::campaign {

class Searches {
 public:
  // Begins with what is likely to be read.
  void Begin(const DrivingWords& words);
  // Of a trial that showed something new: what it reads. What would come last
  // makes room.
  void AddSlotsOf(const Trial& trial);

  bool empty() const { return searches_.empty(); }

  // As SlotSearch's; the one that had least comes first, and one whose trial
  // hung after many others.
  std::optional<Trial> Next();
  void Took(const std::vector<Comparison>& comparisons, bool news,
            bool hung = false);
  // The trial that was handed out last could not be run: no more of its search.
  void Failed();

 private:
  struct Turn {
    SlotSearch search;
    uint64_t spent = 0;
  };

  void Add(const Trial& trial, const Slot& slot, uint64_t spent);
  void DropLast();
  void AddInTurn(const Trial& trial, const Slot& slot);
  void AddReader(const std::vector<std::string>& words);
  void AddFlags(const CommandWords& words, const std::string& subcommand);

  std::vector<std::unique_ptr<Turn>> searches_;
  Turn* turn_ = nullptr;
  std::map<std::string, size_t> of_kind_;  // that search the same place
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_SEARCH_SEARCHES_H_
