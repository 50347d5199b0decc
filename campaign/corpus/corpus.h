// SPDX-License-Identifier: Apache-2.0
// The inputs that a run keeps: entries by id, their bytes, no content twice,
// and a bound on how many there are.
//
// Memory: an entry costs about 280 bytes, half of it its struct, and four bytes
// a feature; bytes of inputs are held up to `memory_bytes_max` and read from
// the store beyond that. Without a store all are held.
#ifndef FORMFUZZ_CAMPAIGN_CORPUS_CORPUS_H_
#define FORMFUZZ_CAMPAIGN_CORPUS_CORPUS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/corpus/store.h"
#include "campaign/corpus/witnesses.h"
#include "campaign/loop/queue/entry.h"

namespace formfuzz::campaign {

struct CorpusLimits {
  size_t entries_max = 1 << 20;
  size_t memory_bytes_max = size_t{256} << 20;
  // Others keep inputs in the store, too, and may count on what goes here:
  // files stay.
  bool store_is_shared = false;
};

class Corpus {
 public:
  explicit Corpus(CorpusLimits limits, const CorpusStore* store = nullptr)
      : limits_(limits), store_(store) {}

  bool Has(Bytes input) const;
  // Gives it an id. The content must be new. A store that does not take it (a
  // full disk) is no reason not to keep it: store_problem() says so then, and
  // the next Add tries again what was not written.
  EntryId Add(Entry entry, Bytes input);
  // Entries that went because there were too many: those of least worth, never
  // the only witness of a feature, so that there may be more than the limit,
  // by an eighth until it is looked at anew who that is.
  std::vector<EntryId> TakeEvicted() { return std::exchange(evicted_, {}); }

  size_t size() const { return live_; }
  // By id; those that were removed have size 0 and no features.
  std::span<const Entry> entries() const { return entries_; }
  Entry& at(EntryId id) { return entries_[id]; }
  const Entry& at(EntryId id) const { return entries_[id]; }
  absl::StatusOr<std::vector<uint8_t>> BytesOf(EntryId id) const;

  // Decides anew who is favoured; the ids whose standing changed.
  std::vector<EntryId> RenewFavoured();

  const Witnesses& witnesses() const { return witnesses_; }
  uint64_t memory_bytes() const { return memory_bytes_; }
  const absl::Status& store_problem() const { return store_problem_; }
  size_t unwritten() const { return unwritten_.size(); }

 private:
  struct Content {
    uint64_t digest = 0;
    bool held = false;
    std::vector<uint8_t> bytes;
  };

  void Write(EntryId id, Bytes input);
  bool EvictOne();  // false: all that are left are only witnesses, so far
  void Forget(EntryId id);

  CorpusLimits limits_;
  const CorpusStore* store_;
  std::vector<Entry> entries_;
  std::vector<Content> contents_;
  std::vector<EntryId> free_;
  std::unordered_map<uint64_t, EntryId> by_digest_;
  std::set<std::pair<double, EntryId>> by_worth_;   // that may be evicted
  std::vector<std::pair<double, EntryId>> spared_;  // only witnesses, so far
  size_t spared_until_ = 0;  // entries, before they are looked at again
  Witnesses witnesses_;
  std::vector<EntryId> evicted_;
  std::vector<EntryId> unwritten_;
  absl::Status store_problem_;
  uint64_t memory_bytes_ = 0;
  size_t live_ = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_CORPUS_CORPUS_H_
