// SPDX-License-Identifier: Apache-2.0
// Sets and counts.

#include "campaign/syscalls/learn/discoveries.h"

#include <algorithm>

namespace formfuzz::campaign {

News Discoveries::Take(std::span<const Note> notes, uint64_t run,
                       size_t trial) {
  News news;
  for (const Note& note : notes) {
    ItemKey key{note.call.arch, note.call.number, note.stage,
                ClassOf(note.call)};
    const auto [item, fresh] =
        items_.try_emplace(key, Discovery{run, trial, note.site});
    if (!fresh) continue;
    if (calls_.emplace(key.arch, key.number).second) {
      news.call = true;
      continue;
    }
    bool elsewhere = false;
    for (const Stage stage : {Stage::kLoader, Stage::kStartUp, Stage::kMain}) {
      key.stage = stage;
      elsewhere = elsewhere || (stage != note.stage && items_.contains(key));
    }
    (elsewhere ? news.stage : news.arguments) = true;
  }
  return news;
}

bool Discoveries::TakeResults(const CallResults& results,
                              const std::set<uint32_t>& injected) {
  bool news = false;
  for (const auto& [call, counts] : results) {
    if (injected.contains(call.second)) continue;
    for (const auto& [error, count] : counts) {
      uint64_t& known = results_[call][error];
      news = news || known == 0;
      known += count;
    }
  }
  return news;
}

void Discoveries::Count(std::span<const Note> notes) {
  std::set<CallKey> made;
  for (const Note& note : notes) made.emplace(note.call.arch, note.call.number);
  for (const CallKey& key : made) ++runs_[key];
  ++counted_runs_;
}

uint64_t Discoveries::RunsWith(uint32_t arch, uint32_t number) const {
  const auto found = runs_.find({arch, number});
  return found == runs_.end() ? 0 : found->second;
}

uint64_t Discoveries::seen_once() const {
  return static_cast<uint64_t>(std::ranges::count_if(
      runs_, [](const auto& entry) { return entry.second == 1; }));
}

double Discoveries::residual() const {
  if (counted_runs_ == 0) return 1;
  const auto runs = static_cast<double>(counted_runs_);
  return std::min(1.0, static_cast<double>(seen_once()) / runs);
}

}  // namespace formfuzz::campaign
