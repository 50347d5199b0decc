// SPDX-License-Identifier: Apache-2.0
// Keeping inputs.
#include "campaign/corpus/corpus.h"

#include <algorithm>

#include "framework/base/check.h"
#include "framework/base/digest.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kInputSizeMax = size_t{1} << 30;  // of a file of the store

// What is rare, small and made others is worth most.
double WorthOf(const Entry& entry) {
  return (1 + entry.coverage_score + static_cast<double>(entry.finds)) /
         (1 + static_cast<double>(entry.size) / 1024);
}

}  // namespace

bool Corpus::Has(Bytes input) const {
  return by_digest_.contains(DigestOf(input));
}

EntryId Corpus::Add(Entry entry, Bytes input) {
  const uint64_t digest = DigestOf(input);
  FORMFUZZ_CHECK(!by_digest_.contains(digest), "corpus: content is kept twice");
  const auto id =
      free_.empty() ? static_cast<EntryId>(entries_.size()) : free_.back();
  if (free_.empty()) {
    entries_.emplace_back();
    contents_.emplace_back();
  } else {
    free_.pop_back();
  }
  entry.id = id;
  entry.size = static_cast<uint32_t>(input.size());
  by_digest_.emplace(digest, id);
  contents_[id] = {.digest = digest, .held = false, .bytes = {}};
  witnesses_.Add(entry);
  by_worth_.emplace(WorthOf(entry), id);
  entries_[id] = std::move(entry);
  ++live_;
  Write(id, input);
  while (live_ > limits_.entries_max && EvictOne()) {
  }
  return id;
}

void Corpus::Write(EntryId id, Bytes input) {
  bool written = false;
  if (store_ != nullptr) {
    // What did not go to disk before is tried until one fails again.
    while (!unwritten_.empty() &&
           store_->Write(contents_[unwritten_.back()].bytes).ok()) {
      unwritten_.pop_back();
    }
    store_problem_ = store_->Write(input);
    written = store_problem_.ok();
    if (!written) unwritten_.push_back(id);
  }
  Content& content = contents_[id];
  const bool fits = memory_bytes_ + input.size() <= limits_.memory_bytes_max;
  if (written && !fits) return;
  content.held = true;
  content.bytes.assign(input.begin(), input.end());
  memory_bytes_ += input.size();
}

absl::StatusOr<std::vector<uint8_t>> Corpus::BytesOf(EntryId id) const {
  const Content& content = contents_[id];
  if (content.held) return content.bytes;
  return store_->Read(content.digest, kInputSizeMax);
}

bool Corpus::EvictOne() {
  if (live_ >= spared_until_) {
    // More entries: who was the only witness may be so no longer.
    by_worth_.insert(spared_.begin(), spared_.end());
    spared_.clear();
    spared_until_ = live_ + live_ / 8 + 1;
  }
  while (!by_worth_.empty()) {
    const auto [worth, id] = *by_worth_.begin();
    by_worth_.erase(by_worth_.begin());
    if (witnesses_.IsOnlyWitness(entries_[id])) {
      spared_.emplace_back(worth, id);
      continue;
    }
    Forget(id);
    return true;
  }
  return false;
}

void Corpus::Forget(EntryId id) {
  Content& content = contents_[id];
  if (store_ != nullptr && !limits_.store_is_shared) {
    store_->Remove(content.digest).IgnoreError();
  }
  if (content.held) memory_bytes_ -= content.bytes.size();
  by_digest_.erase(content.digest);
  std::erase(unwritten_, id);
  witnesses_.Remove(entries_[id]);
  content = {};
  entries_[id] = {};
  entries_[id].id = id;
  free_.push_back(id);
  evicted_.push_back(id);
  --live_;
}

std::vector<EntryId> Corpus::RenewFavoured() {
  std::vector<EntryId> changed;
  witnesses_.Renew(entries_);
  const std::vector<EntryId> chosen = witnesses_.Favoured(entries_);
  auto next = chosen.begin();
  for (Entry& entry : entries_) {
    const bool favoured = next != chosen.end() && *next == entry.id;
    if (favoured) ++next;
    if (entry.favoured == favoured) continue;
    entry.favoured = favoured;
    changed.push_back(entry.id);
  }
  return changed;
}

}  // namespace formfuzz::campaign
