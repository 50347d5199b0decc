// SPDX-License-Identifier: Apache-2.0
// Which entries show each feature: how many, and the best one, that is the
// smallest and fastest. What an entry is the only witness of would be lost with
// it; the best ones, few as they are, together show everything.
#ifndef FORMFUZZ_CAMPAIGN_CORPUS_WITNESSES_H_
#define FORMFUZZ_CAMPAIGN_CORPUS_WITNESSES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "campaign/loop/queue/entry.h"

namespace formfuzz::campaign {

class Witnesses {
 public:
  void Add(const Entry& entry);
  void Remove(const Entry& entry);
  // Looks for the best ones anew, if one of them has gone.
  void Renew(std::span<const Entry> entries);

  bool IsOnlyWitness(const Entry& entry) const;
  uint32_t CountOf(Feature feature) const;

  // A small set that shows everything: the best of each feature in turn, unless
  // one chosen before shows it too. Sorted by id.
  std::vector<EntryId> Favoured(std::span<const Entry> entries) const;

 private:
  static constexpr EntryId kNobody = UINT32_MAX;
  struct Witness {
    uint32_t count = 0;
    EntryId best = kNobody;
    double cost = 0;
  };
  const Witness* Find(Feature feature) const;
  Witness& At(Feature feature);

  void Compete(const Entry& entry);

  bool best_gone_ = false;
  std::vector<std::vector<Witness>> witnesses_;  // by feedback, by number
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_CORPUS_WITNESSES_H_
