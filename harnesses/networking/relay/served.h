// SPDX-License-Identifier: Apache-2.0
// What one member asks of its relay: where it is seen, as of a STUN server, and
// to be registered. Each question is asked anew while it is not answered, after
// pauses that double, from the first to the longest, and within the refresh
// once it is.
//
// Takes more for an answer than members may: who asks sooner does no harm, and
// who waits for the refresh has taken it, so that its pauses are short again.
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
  // It knows of none, and asks nothing.
  void End();
  // To the relay; and from there.
  void NoteSent(overlay::Bytes datagram, int64_t now_ms);
  void NoteHeard(overlay::Bytes datagram, int64_t now_ms);
  // A question should have been asked by now.
  bool IsLate(int64_t now_ms) const {
    return seen_.due_ms < now_ms || registered_.due_ms < now_ms;
  }

 private:
  struct Question {
    int64_t due_ms = 0;
    int64_t pause_ms = 0;
    bool answered = false;  // for all that can be told

    void Asked(int64_t now_ms);
  };
  // Which of them the datagram answers, if any.
  Question* AnsweredBy(overlay::Bytes datagram);

  bool has_relay_ = true;
  Question seen_;
  Question registered_;
  overlay::Transaction asked_{};  // last
  uint64_t stamp_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_RELAY_SERVED_H_
