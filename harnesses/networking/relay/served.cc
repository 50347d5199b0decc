// SPDX-License-Identifier: Apache-2.0
// Answers are known by the transaction, or the stamp, of the last question.
#include "harnesses/networking/relay/served.h"

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

void Served::Begin(int64_t now_ms) {
  seen_due_ms_ = registered_due_ms_ = now_ms - 1;
}

void Served::NoteSent(overlay::Bytes datagram, int64_t now_ms) {
  if (Begins(datagram, 0, 1)) {
    asked_ = TransactionOf(datagram);
    seen_due_ms_ = now_ms + kUsual.handshake_last_ms;
  } else if (const auto asks = overlay::ParseRegistration(datagram)) {
    stamp_ = asks->stamp;
    registered_due_ms_ = now_ms + kUsual.handshake_last_ms;
  }
}

void Served::NoteHeard(overlay::Bytes datagram, int64_t now_ms) {
  if (Begins(datagram, 1, 1)) {
    if (TransactionOf(datagram) != asked_) return;
    seen_due_ms_ = now_ms + kUsual.server_refresh_ms;
  } else if (const auto taken = overlay::ParseRegistered(datagram)) {
    if (taken->stamp != stamp_) return;
    registered_due_ms_ = now_ms + kUsual.server_refresh_ms;
  }
}

}  // namespace formfuzz
