// SPDX-License-Identifier: Apache-2.0
// Lists are short: they are looked through.
#include "harnesses/networking/carol/carol_paths.h"

#include <algorithm>
#include <utility>

namespace formfuzz {

using overlay::Candidate;
using overlay::CandidateKind;

namespace {

constexpr overlay::Settings kUsual;

}  // namespace

void CarolPaths::Begin() {
  number_ = 0;
  places_.clear();
}

bool CarolPaths::Named(const overlay::CandidatesFrame& frame) {
  if (frame.number < number_) return false;
  is_known_ = true;
  credentials_ = frame.credentials;
  std::vector<Candidate> named;
  for (const Candidate& candidate : frame.candidates) {
    if (overlay::IsUnicast(candidate.endpoint) &&
        candidate.kind != CandidateKind::kPeerReflexive) {
      named.push_back(candidate);
    }
  }
  if (frame.number == number_) {
    std::erase_if(places_, [&](const Candidate& place) {
      return std::ranges::count(named, place) == 0;
    });
    return false;
  }
  number_ = frame.number;
  places_ = std::move(named);
  return true;
}

bool CarolPaths::Names(const Endpoint& place) const {
  return std::ranges::count(places_, place, &Candidate::endpoint) > 0;
}

void CarolPaths::NoteOwn(const overlay::Credentials& own) {
  if (own != own_) had_newcomer_ = is_known_ = false;
  own_ = own;
}

bool CarolPaths::IsFirstNewcomer(const Endpoint& from) {
  if (Names(from)) return false;
  return !std::exchange(had_newcomer_, true) && is_known_;
}

CandidateKind CarolPaths::KindOf(const Endpoint& place) const {
  const auto known = std::ranges::find(places_, place, &Candidate::endpoint);
  return known == places_.end() ? CandidateKind::kPeerReflexive : known->kind;
}

std::vector<CarolPaths::Asked>::iterator CarolPaths::Find(
    const Endpoint& place) {
  return std::ranges::find(asked_, place, &Asked::place);
}

void CarolPaths::NoteAsked(const Endpoint& to, overlay::Bytes question,
                           int64_t now_ms) {
  auto known = Find(to);
  if (known == asked_.end()) known = asked_.insert(known, {to, 0, {}, {}, {}});
  known->at_ms = now_ms;
  known->again.Said(now_ms, kUsual.check_first_ms, kUsual.check_last_ms);
  known->open.emplace();
  overlay::Reader in(question);
  in.Take(8);
  in.Fill(*known->open);
}

bool CarolPaths::WasAsked(const Endpoint& place, int64_t since_ms) const {
  const auto known = std::ranges::find(asked_, place, &Asked::place);
  return known != asked_.end() && known->at_ms >= since_ms;
}

bool CarolPaths::HasAnswered(const Endpoint& place, int64_t since_ms) const {
  const auto known = std::ranges::find(asked_, place, &Asked::place);
  return known != asked_.end() && known->answered_ms >= since_ms;
}

void CarolPaths::NoteCounted(const Endpoint& place, bool surely,
                             int64_t now_ms) {
  const auto known = Find(place);
  if (known == asked_.end()) return;
  const int64_t again_ms = now_ms + kUsual.path_valid_ms / 2;
  known->again = {surely ? again_ms : overlay::kNever, 0};
}

bool CarolPaths::IsAskedLate(const Endpoint& place, int64_t now_ms) const {
  const auto known = std::ranges::find(asked_, place, &Asked::place);
  return known != asked_.end() && known->again.IsLate(now_ms);
}

std::optional<overlay::Transaction> CarolPaths::TakeQuestion(
    const Endpoint& place, int64_t now_ms) {
  const auto known = Find(place);
  if (known == asked_.end()) return std::nullopt;
  if (known->open.has_value()) known->answered_ms = now_ms;
  return std::exchange(known->open, std::nullopt);
}

}  // namespace formfuzz
