// SPDX-License-Identifier: Apache-2.0
// Entries are few: they are looked through.
#include "components/overlay/path/checklist.h"

#include <algorithm>

namespace overlay {

Checklist::Entry* Checklist::Find(const Endpoint& endpoint) {
  for (size_t i = 0; i < size_; ++i) {
    if (list_[i].candidate.endpoint == endpoint) return &list_[i];
  }
  return nullptr;
}

Checklist::Entry* Checklist::Add(const Candidate& candidate, int64_t now_ms) {
  if (size_ == kEntriesMax) return nullptr;
  Entry& entry = list_[size_++];
  entry = Entry();
  entry.candidate = candidate;
  entry.due_ms = now_ms;
  return &entry;
}

void Checklist::Replace(const CandidateList& candidates, int64_t now_ms) {
  size_t kept = 0;
  for (size_t i = 0; i < size_; ++i) {
    const Candidate& known = list_[i].candidate;
    if (known.kind == CandidateKind::kPeerReflexive ||
        candidates.Holds(known.endpoint)) {
      list_[kept++] = list_[i];
    }
  }
  size_ = kept;
  for (const Candidate& candidate : candidates) {
    if (!IsUnicast(candidate.endpoint)) continue;
    Entry* const known = Find(candidate.endpoint);
    if (known == nullptr) {
      if (size_ == kEntriesMax) DropNewcomer();
      Add(candidate, now_ms);
    } else if (known->candidate.kind != candidate.kind) {
      // One that asked before it was named: from now on it is asked as others.
      known->candidate.kind = candidate.kind;
      known->due_ms = std::min(known->due_ms, now_ms);
    }
  }
}

bool Checklist::DropNewcomer() {
  const auto end = list_.begin() + static_cast<ptrdiff_t>(size_);
  const auto oldest = std::find_if(list_.begin(), end, [](const Entry& known) {
    return known.candidate.kind == CandidateKind::kPeerReflexive &&
           known.answered_ms == kNeverYet;
  });
  if (oldest == end) return false;
  std::move(oldest + 1, end, oldest);
  --size_;
  return true;
}

// Checks may come from ever new ports.
Checklist::Entry* Checklist::AddNewcomer(const Endpoint& from,
                                         const Settings& settings,
                                         int64_t now_ms) {
  if (size_ == kEntriesMax && !DropNewcomer()) return nullptr;
  const int64_t due_ms = std::min(std::max(now_ms, newcomer_due_ms_),
                                  now_ms + settings.check_last_ms);
  newcomer_pause_ms_ =
      newcomer_pause_ms_ == 0
          ? settings.check_first_ms
          : std::min(2 * newcomer_pause_ms_, settings.check_last_ms);
  newcomer_due_ms_ = due_ms + newcomer_pause_ms_;
  return Add({from, CandidateKind::kPeerReflexive}, due_ms);
}

void Checklist::Trigger(const Endpoint& from, const Settings& settings,
                        int64_t now_ms) {
  Entry* entry = Find(from);
  if (entry == nullptr) {
    entry = AddNewcomer(from, settings, now_ms);
    if (entry == nullptr) return;
  } else if (entry->candidate.kind != CandidateKind::kPeerReflexive &&
             entry->answered_ms == kNeverYet) {
    const int64_t again_ms =
        entry->asked ? entry->asked_ms + settings.check_first_ms : now_ms;
    entry->due_ms = std::min(entry->due_ms, std::max(now_ms, again_ms));
    entry->pause_ms = 0;
  }
  entry->credit = 1;
}

void Checklist::Clear() {
  size_ = 0;
  newcomer_due_ms_ = 0;
  newcomer_pause_ms_ = 0;
  answered_ms_ = 0;
}

std::optional<Checklist::Due> Checklist::NextDue(const Settings& settings,
                                                 int64_t now_ms,
                                                 Entropy& entropy) {
  for (size_t i = 0; i < size_; ++i) {
    Entry& entry = list_[i];
    if (entry.due_ms > now_ms || !MayAsk(entry)) continue;
    if (!IsPath(entry, settings, now_ms)) entry.answered_ms = kNeverYet;
    if (entry.credit > 0) --entry.credit;
    // A repetition is the same question: an answer to any of them counts.
    if (!entry.asked) entropy.Fill(entry.transaction);
    entry.asked = true;
    entry.asked_ms = now_ms;
    entry.pause_ms = entry.pause_ms == 0
                         ? settings.check_first_ms
                         : std::min(2 * entry.pause_ms, settings.check_last_ms);
    entry.due_ms = now_ms + entry.pause_ms;
    return Due{entry.candidate.endpoint, entry.transaction};
  }
  return std::nullopt;
}

bool Checklist::Answered(const Endpoint& from, const Transaction& transaction,
                         const Settings& settings, int64_t now_ms) {
  Entry* const entry = Find(from);
  if (entry == nullptr || !entry->asked || entry->transaction != transaction) {
    return false;
  }
  newcomer_due_ms_ = 0;
  newcomer_pause_ms_ = 0;
  entry->asked = false;
  answered_ms_ = now_ms;
  entry->answered_ms = now_ms;
  entry->pause_ms = 0;
  entry->due_ms = now_ms + settings.path_valid_ms / 2;
  return true;
}

bool Checklist::MayAsk(const Entry& entry) {
  return entry.candidate.kind != CandidateKind::kPeerReflexive ||
         entry.credit > 0 || entry.answered_ms != kNeverYet;
}

bool Checklist::IsPath(const Entry& entry, const Settings& settings,
                       int64_t now_ms) {
  return entry.answered_ms != kNeverYet &&
         now_ms - entry.answered_ms < settings.path_valid_ms;
}

std::optional<Endpoint> Checklist::Best(const Settings& settings,
                                        int64_t now_ms) const {
  const Entry* best = nullptr;
  for (size_t i = 0; i < size_; ++i) {
    const Entry& entry = list_[i];
    if (!IsPath(entry, settings, now_ms)) continue;
    if (best == nullptr || entry.candidate.kind < best->candidate.kind) {
      best = &entry;
    }
  }
  if (best == nullptr) return std::nullopt;
  return best->candidate.endpoint;
}

int64_t Checklist::DeadlineMs() const {
  int64_t deadline = kNever;
  for (size_t i = 0; i < size_; ++i) {
    if (MayAsk(list_[i])) deadline = std::min(deadline, list_[i].due_ms);
  }
  return deadline;
}

}  // namespace overlay
