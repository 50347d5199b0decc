// SPDX-License-Identifier: Apache-2.0
// Clients are looked through: there are few, and most datagrams need two.
#include "components/overlay/relay/relay.h"

#include <algorithm>

namespace overlay {

Relay::Relay(const Crypto& crypto, const Key& secret, Sink& sink,
             size_t clients_max)
    : crypto_(crypto),
      own_(crypto.PairOf(secret)),
      sink_(sink),
      clients_max_(std::clamp<size_t>(clients_max, 1, kRelayClientsMax)) {}

void Relay::Receive(const Endpoint& from, Bytes datagram, int64_t now_ms) {
  if (datagram.size() > kDatagramBytesMax) return;
  if (LooksLikeStun(datagram)) {
    OnBinding(from, datagram);
    return;
  }
  const auto type = TypeOf(datagram);
  if (type == PacketType::kRegistration) {
    OnRegistration(from, datagram, now_ms);
  } else if (type == PacketType::kRelayed) {
    OnRelayed(from, datagram, now_ms);
  }
}

std::optional<Endpoint> Relay::ClientOf(const Key& key) const {
  const Client* const client = const_cast<Relay*>(this)->Find(key);
  if (client == nullptr) return std::nullopt;
  return client->endpoint;
}

void Relay::OnBinding(const Endpoint& from, Bytes datagram) {
  const auto request = ParseStun(datagram);
  if (!request.has_value() || request->type != StunType::kRequest) return;
  StunMessage answer;
  answer.transaction = request->transaction;
  if (request->unknown_count > 0) {
    answer.type = StunType::kError;
    answer.error = 420;
    answer.unknown = request->unknown;
    answer.unknown_count = request->unknown_count;
  } else {
    answer.type = StunType::kSuccess;
    answer.mapped = from;
  }
  std::array<uint8_t, kStunBytesMax> buffer;
  Writer out(buffer);
  // Only where it was asked for: answers to strangers stay short.
  WriteStun(answer, {nullptr, {}, request->has_fingerprint}, out);
  sink_.SendTo(from, out.written());
}

void Relay::OnRegistration(const Endpoint& from, Bytes datagram,
                           int64_t now_ms) {
  const auto packet = ParseRegistration(datagram);
  if (!packet.has_value()) return;
  Client* client = Find(packet->key);
  std::optional<Client> newcomer;
  if (client == nullptr) {
    newcomer = NewClient(packet->key);
    if (!newcomer.has_value()) return;
  }
  const Client& proving = client != nullptr ? *client : *newcomer;
  if (packet->stamp <= proving.stamp) return;  // a replay
  const Bytes head = datagram.first(datagram.size() - kTagBytes);
  uint8_t nothing = 0;
  if (!crypto_.Open(proving.keys.forth, packet->stamp, head, packet->tag,
                    &nothing)) {
    return;
  }
  if (client == nullptr) client = Admit(*newcomer, now_ms);
  if (client == nullptr) return;
  client->endpoint = from;
  client->stamp = packet->stamp;
  client->heard_ms = now_ms;
  std::array<uint8_t, kRegisteredBytes> buffer;
  Writer out(buffer);
  WriteRegistered({packet->stamp, {}}, out);
  const Bytes written = out.written();
  crypto_.Seal(client->keys.back, packet->stamp, written, {},
               out.Reserve(kTagBytes));
  sink_.SendTo(from, out.written());
}

void Relay::OnRelayed(const Endpoint& from, Bytes datagram, int64_t now_ms) {
  const auto packet = ParseRelayed(datagram);
  if (!packet.has_value()) return;
  const auto sender = std::find_if(
      clients_.begin(), clients_.end(),
      [&](const Client& client) { return client.endpoint == from; });
  if (sender == clients_.end()) return;
  const Client* const receiver = Find(packet->key);
  if (receiver == nullptr || receiver == &*sender) return;
  if (now_ms - receiver->heard_ms >= kClientLifetimeMs) return;
  std::array<uint8_t, kDatagramBytesMax> buffer;
  Writer out(buffer);
  WriteRelayed({sender->key, packet->inner}, out);
  sink_.SendTo(receiver->endpoint, out.written());
}

Relay::Client* Relay::Find(const Key& key) {
  const auto found =
      std::find_if(clients_.begin(), clients_.end(),
                   [&](const Client& client) { return client.key == key; });
  return found == clients_.end() ? nullptr : &*found;
}

std::optional<Relay::Client> Relay::NewClient(const Key& key) const {
  const auto keys = AgreeWithRelay(crypto_, own_, key);
  if (!keys.has_value()) return std::nullopt;
  Client client;
  client.key = key;
  client.keys = *keys;
  return client;
}

Relay::Client* Relay::Admit(const Client& client, int64_t now_ms) {
  if (clients_.size() < clients_max_) {
    return &clients_.emplace_back(client);
  }
  const auto silent = std::min_element(
      clients_.begin(), clients_.end(),
      [](const Client& a, const Client& b) { return a.heard_ms < b.heard_ms; });
  if (now_ms - silent->heard_ms < kClientLifetimeMs) return nullptr;
  *silent = client;
  return &*silent;
}

}  // namespace overlay
