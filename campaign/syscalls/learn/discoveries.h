// SPDX-License-Identifier: Apache-2.0
// What runs have shown, with the first run that did, and how often it is seen:
// from runs in which everything was asked about comes the chance that the next
// run shows something new (Good and Turing's estimate).
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_DISCOVERIES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_DISCOVERIES_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "campaign/syscalls/calls/call.h"
#include "campaign/syscalls/profile/profile.h"
#include "campaign/syscalls/watch/call_watch.h"

namespace formfuzz::campaign {

struct ItemKey {
  uint32_t arch = 0;
  uint32_t number = 0;
  Stage stage = Stage::kMain;
  CallClass values{};
  auto operator<=>(const ItemKey&) const = default;
};

struct Discovery {
  uint64_t run = 0;  // its number, from 1
  size_t trial = 0;  // where it is kept
  CallSite site;
};

struct News {
  bool call = false;       // never made before
  bool arguments = false;  // or with arguments of another class
  bool stage = false;      // or earlier or later in a run
  bool result = false;     // or with another result
  explicit operator bool() const { return call || arguments || stage; }
};

class Discoveries {
 public:
  // Takes up what a run showed; `trial` is where it will be kept if it is new.
  News Take(std::span<const Note> notes, uint64_t run, size_t trial);
  // What calls came to, without those of `injected`, which we made fail. True
  // if a call came to something that it never did.
  bool TakeResults(const CallResults& results,
                   const std::set<uint32_t>& injected);
  const CallResults& results() const { return results_; }
  // Of a run that everything was asked about in, and that was picked by chance
  // or by plan, not because of what it shows.
  void Count(std::span<const Note> notes);

  const std::map<ItemKey, Discovery>& items() const { return items_; }
  uint64_t calls() const { return calls_.size(); }
  uint64_t counted_runs() const { return counted_runs_; }
  // Of the counted runs, those that made the call.
  uint64_t RunsWith(uint32_t arch, uint32_t number) const;
  // Calls that exactly one counted run has made.
  uint64_t seen_once() const;
  double residual() const;

 private:
  using CallKey = std::pair<uint32_t, uint32_t>;  // arch, number

  std::map<ItemKey, Discovery> items_;
  std::set<CallKey> calls_;
  std::map<CallKey, uint64_t> runs_;
  CallResults results_;
  uint64_t counted_runs_ = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_DISCOVERIES_H_
