// SPDX-License-Identifier: Apache-2.0
// Answers are known by the transaction, or the stamp, of the last question.
#include "harnesses/networking/relay/served.h"

#include <algorithm>

#include "components/overlay/node/settings.h"
#include "components/overlay/wire/packet.h"

namespace formfuzz {
namespace {

constexpr overlay::Settings kUsual;

overlay::Transaction TransactionOf(overlay::Bytes stun) {
  overlay::Transaction transaction{};
  overlay::Reader in(stun);
  in.Take(8);
  in.Fill(transaction);
  return transaction;
}

bool Begins(overlay::Bytes datagram, uint8_t first, uint8_t second) {
  return datagram.size() > 1 && datagram[0] == first && datagram[1] == second;
}

}  // namespace

void Served::Question::Asked(int64_t now_ms) {
  if (answered && now_ms == due_ms) pause_ms = 0;
  answered = false;
  pause_ms = pause_ms == 0 ? kUsual.handshake_first_ms
                           : std::min(2 * pause_ms, kUsual.handshake_last_ms);
  due_ms = now_ms + pause_ms;
}

void Served::Begin(int64_t now_ms) {
  has_relay_ = true;
  seen_ = registered_ = {.due_ms = now_ms - 1};
}

void Served::End() {
  has_relay_ = false;
  seen_ = registered_ = {.due_ms = overlay::kNever};
}

void Served::NoteSent(overlay::Bytes datagram, int64_t now_ms) {
  if (Begins(datagram, 0, 1)) {
    asked_ = TransactionOf(datagram);
    seen_.Asked(now_ms);
  } else if (const auto asks = overlay::ParseRegistration(datagram)) {
    stamp_ = asks->stamp;
    registered_.Asked(now_ms);
  }
}

Served::Question* Served::AnsweredBy(overlay::Bytes datagram) {
  if (Begins(datagram, 1, 1)) {
    return TransactionOf(datagram) == asked_ ? &seen_ : nullptr;
  }
  const auto taken = overlay::ParseRegistered(datagram);
  return taken.has_value() && taken->stamp == stamp_ ? &registered_ : nullptr;
}

void Served::NoteHeard(overlay::Bytes datagram, int64_t now_ms) {
  Question* const question = AnsweredBy(datagram);
  if (question == nullptr || !has_relay_) return;
  question->due_ms = now_ms + kUsual.server_refresh_ms;
  question->answered = true;
}

}  // namespace formfuzz
