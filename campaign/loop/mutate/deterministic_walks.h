// SPDX-License-Identifier: Apache-2.0
// The walks of a queue's entries: each goes on where it was left when its entry
// is picked again.
//
// Bounded: a walk remembers up to 8 KiB, so no more than `walks_max` are under
// way. One more ends the oldest of them, whose entry has had its turns and is
// left to random changes.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_MUTATE_DETERMINISTIC_WALKS_H_
#define FORMFUZZ_CAMPAIGN_LOOP_MUTATE_DETERMINISTIC_WALKS_H_

#include <iterator>
#include <list>
#include <unordered_map>
#include <vector>

#include "campaign/loop/mutate/deterministic.h"
#include "campaign/loop/queue/entry.h"

namespace formfuzz::campaign {

class DeterministicWalks {
 public:
  static constexpr size_t kWalksMax = 4096;

  explicit DeterministicWalks(size_t walks_max = kWalksMax)
      : walks_max_(walks_max) {}

  // That of an entry of so many bytes, begun if need be; !IsOver(id). Stays
  // where it is until another one is begun.
  DeterministicWalk& Of(EntryId id, size_t input_size);
  bool IsOver(EntryId id) const { return id < over_.size() && over_[id]; }
  void End(EntryId id);
  // The id is of another entry from now on, or of none.
  void Forget(EntryId id);

 private:
  struct Begun {
    DeterministicWalk walk;
    std::list<EntryId>::iterator place;  // in begun_
  };
  void Remove(EntryId id);

  size_t walks_max_;
  std::unordered_map<EntryId, Begun> walks_;
  std::list<EntryId> begun_;  // the oldest first
  std::vector<bool> over_;    // by id
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_MUTATE_DETERMINISTIC_WALKS_H_
