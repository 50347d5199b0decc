// SPDX-License-Identifier: Apache-2.0
// Few: they are looked through.
#include "harnesses/networking/relay/relay_clients.h"

#include <algorithm>

namespace formfuzz {

overlay::Key SecretOfStranger(uint8_t number) {
  overlay::Key secret{};
  secret.fill(static_cast<uint8_t>(0x40 | number));
  return secret;
}

void RelayClients::NoteHeard(const overlay::Endpoint& from,
                             overlay::Bytes datagram) {
  if (const auto relayed = overlay::ParseRelayed(datagram)) {
    sender_ = from;
    receiver_ = relayed->key;
  } else if (const auto asks = overlay::ParseRegistration(datagram)) {
    key_ = asks->key;
    stamp_ = asks->stamp;
  }
}

bool RelayClients::PassesRight(const overlay::Endpoint& to,
                               overlay::Bytes datagram) const {
  const auto relayed = overlay::ParseRelayed(datagram);
  if (!relayed.has_value()) return true;
  const auto is_client = [this](const overlay::Key& key,
                                const overlay::Endpoint& endpoint) {
    const auto end = all_.begin() + static_cast<ptrdiff_t>(size_);
    return std::any_of(all_.begin(), end, [&](const Client& client) {
      return client.endpoint == endpoint && client.key == key;
    });
  };
  return is_client(relayed->key, sender_) && is_client(receiver_, to);
}

void RelayClients::NoteSent(const overlay::Endpoint& to,
                            overlay::Bytes datagram, int64_t now_ms) {
  const auto taken = overlay::ParseRegistered(datagram);
  if (!taken.has_value() || taken->stamp != stamp_) return;
  size_t at = 0;
  while (at < size_ && all_[at].key != key_) ++at;
  if (at == kMost) return;
  size_ = std::max(size_, at + 1);
  all_[at] = {key_, to, now_ms};
}

bool RelayClients::MayTalk(const overlay::Endpoint& from,
                           const overlay::Key& to, int64_t now_ms) const {
  size_t senders = 0;
  bool receives = false;
  for (size_t i = 0; i < size_; ++i) {
    const Client& client = all_[i];
    if (client.endpoint == from) {
      if (!client.IsAlive(now_ms)) return false;
      ++senders;
    } else if (client.key == to) {
      receives = client.IsAlive(now_ms);
    }
  }
  return senders == 1 && receives;
}

std::vector<RelayClients::Client> RelayClients::Of(
    const overlay::Relay& relay) const {
  std::vector<Client> clients(all_.begin(),
                              all_.begin() + static_cast<ptrdiff_t>(size_));
  std::erase_if(clients, [&](const Client& client) {
    return !relay.ClientOf(client.key).has_value();
  });
  return clients;
}

}  // namespace formfuzz
