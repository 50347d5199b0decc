// SPDX-License-Identifier: Apache-2.0
// What one member asks of its relay: where it is seen, as of a STUN server, and
// to be registered. Each question is asked anew within the longest pause while
// it is not answered, and within the refresh once it is.
//
// Takes more for an answer than members may: who asks sooner does no harm.
#ifndef FORMFUZZ_HARNESSES_NETWORKING_RELAY_SERVED_H_
#define FORMFUZZ_HARNESSES_NETWORKING_RELAY_SERVED_H_

#include <array>
#include <cstdint>

#include "components/overlay/wire/stun.h"

namespace formfuzz {

class Served {
 public:
  explicit Served(int64_t now_ms) { Begin(now_ms); }

  // It was given the relay just now, and asks at once.
  void Begin(int64_t now_ms);
  // To the relay; and from there.
  void NoteSent(overlay::Bytes datagram, int64_t now_ms);
  void NoteHeard(overlay::Bytes datagram, int64_t now_ms);
  // A question should have been asked by now.
  bool IsLate(int64_t now_ms) const {
    return seen_due_ms_ < now_ms || registered_due_ms_ < now_ms;
  }

 private:
  int64_t seen_due_ms_ = 0;
  int64_t registered_due_ms_ = 0;
  overlay::Transaction asked_{};  // last
  uint64_t stamp_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_RELAY_SERVED_H_
