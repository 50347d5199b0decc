// SPDX-License-Identifier: Apache-2.0
// What one member says to one peer in sealed packets, read where it seals
// them: which messages are on their way, and where it says that it is.
//
// Numbers begin anew with either end's stream, and so does this. It knows what
// has arrived only where it is told so.
#ifndef FORMFUZZ_HARNESSES_NETWORKING_SAID_SAID_H_
#define FORMFUZZ_HARNESSES_NETWORKING_SAID_SAID_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "components/overlay/node/node.h"
#include "components/overlay/wire/frame.h"
#include "harnesses/networking/pace.h"

namespace formfuzz {

class Said {
 public:
  using View = overlay::PeerView;

  // The member, who sees the peer so, says this now.
  void Note(const View& view, overlay::Bytes frames, int64_t now_ms);
  // The peer has said so and was heard, when messages below `end` were sent.
  void Acknowledged(const overlay::AckFrame& ack, uint32_t end, int64_t now_ms);

  // One above the highest message that was sent.
  uint32_t sent_end() const { return end_; }
  // A message was sent for which the peer has no place yet.
  bool went_too_far() const { return went_too_far_; }
  // One was sent again that had arrived.
  bool said_again() const { return said_again_; }
  // Something waits for the peer, and was to be said again by now: after pauses
  // that double from the first, however often they begin anew.
  bool IsLate(const View& view, int64_t now_ms) const;
  // Its session is up, and for so long it has said nothing at all: others could
  // take it for dead.
  bool IsSilent(const View& view, int64_t now_ms) const;
  // The same of where it is, which the peer has not seen.
  bool IsLateToTell(const View& view, int64_t now_ms) const;
  // It says far too often that it is there, or where.
  bool chatters() const { return chatters_; }
  // Where it said last that it is; nothing where it never did.
  const std::optional<overlay::CandidateList>& places() const {
    return places_;
  }

 private:
  using Stream = std::pair<uint64_t, uint64_t>;  // its own, and the peer's
  // A message that may not have arrived.
  struct Waiting {
    uint32_t message = 0;
    int64_t pause_ms = 0;
    int64_t due_ms = 0;
  };

  void Note(const View& view, const overlay::FragmentFrame& fragment,
            int64_t now_ms);
  void NoteTold(const overlay::CandidatesFrame& told, int64_t now_ms);
  bool HasArrived(uint32_t message) const;

  Stream stream_;
  uint32_t next_ = 0;              // all below it have arrived
  std::vector<uint32_t> arrived_;  // and these, above it
  uint32_t end_ = 0;
  std::vector<Waiting> waiting_;
  int64_t said_ms_ = 0;  // anything
  bool went_too_far_ = false;
  bool said_again_ = false;
  PaceOfSigns signs_;
  bool chatters_ = false;
  std::optional<overlay::CandidateList> places_;
  uint32_t places_number_ = 0;
  Repetition told_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_SAID_SAID_H_
