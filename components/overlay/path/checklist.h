// SPDX-License-Identifier: Apache-2.0
// Which of a peer's candidates answer: each is asked with a STUN request again
// and again, ever more rarely while it does not answer, and is a path from its
// answer on until it has been silent for too long.
//
// In the manner of ICE, with one local socket: a pair is a remote candidate.
// There is no nomination; each end uses the best path that it has checked, and
// checks succeed both ways or not at all.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_PATH_CHECKLIST_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_PATH_CHECKLIST_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "components/overlay/node/settings.h"
#include "components/overlay/path/candidate.h"
#include "components/overlay/wire/stun.h"

namespace overlay {

class Checklist {
 public:
  // What the peer says it can be reached at. Those known keep their state;
  // those that it no longer names are dropped, unless checks came from them.
  void Replace(const CandidateList& candidates, int64_t now_ms);
  // A check came from there: it is worth asking at once (RFC 8445, 7.3.1.4),
  // unless it was asked just now: where questions arrive and answers do not,
  // both ends would ask each other without a pause.
  // Whoever is not named by the peer is asked once for each of its checks, so
  // that checks sent again by others cannot be made to flood it, and ever more
  // rarely. Where such newcomers follow each other and none of them answers,
  // they wait ever longer: behind two NATs that map by address and port each
  // question comes from yet another one. Not longer than check_last_ms, and
  // never in the place of one that answered or was named.
  void Trigger(const Endpoint& from, const Settings& settings, int64_t now_ms);

  // The endpoint to ask now and the transaction to ask with; nothing where
  // none is due.
  struct Due {
    Endpoint endpoint;
    Transaction transaction;
  };
  std::optional<Due> NextDue(const Settings& settings, int64_t now_ms,
                             Entropy& entropy);
  // An authentic answer. False where nobody was asked so, there.
  bool Answered(const Endpoint& from, const Transaction& transaction,
                const Settings& settings, int64_t now_ms);

  // The best path; nothing where there is none.
  std::optional<Endpoint> Best(const Settings& settings, int64_t now_ms) const;
  int64_t DeadlineMs() const;
  void Clear();

  size_t size() const { return size_; }
  // When one was answered last; 0 where none was.
  int64_t answered_ms() const { return answered_ms_; }
  const Candidate& at(size_t index) const { return list_[index].candidate; }

 private:
  // Those asked by the peer, and those that it named.
  static constexpr size_t kEntriesMax = 2 * kCandidatesMax;

  struct Entry {
    Candidate candidate;
    Transaction transaction{};
    bool asked = false;
    int64_t asked_ms = 0;
    uint8_t credit = 0;  // questions that a triggered entry may still cost
    int64_t due_ms = 0;
    int64_t pause_ms = 0;
    int64_t answered_ms = kNeverYet;
  };
  static constexpr int64_t kNeverYet = -1;

  Entry* Find(const Endpoint& endpoint);
  Entry* Add(const Candidate& candidate, int64_t now_ms);
  // The oldest that nobody named and that never answered makes room. False
  // where there is none.
  bool DropNewcomer();
  Entry* AddNewcomer(const Endpoint& from, const Settings& settings,
                     int64_t now_ms);
  // Whether it may be asked once more.
  static bool MayAsk(const Entry& entry);
  static bool IsPath(const Entry& entry, const Settings& settings,
                     int64_t now_ms);

  std::array<Entry, kEntriesMax> list_{};
  size_t size_ = 0;
  int64_t newcomer_due_ms_ = 0;  // when one may be asked for the first time
  int64_t newcomer_pause_ms_ = 0;
  int64_t answered_ms_ = 0;
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_PATH_CHECKLIST_H_
