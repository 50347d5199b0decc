// SPDX-License-Identifier: Apache-2.0
// Whose registrations the relay has taken, and when: told from the registration
// that came last and the answer to it.
#ifndef FORMFUZZ_HARNESSES_NETWORKING_RELAY_RELAY_CLIENTS_H_
#define FORMFUZZ_HARNESSES_NETWORKING_RELAY_RELAY_CLIENTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "components/overlay/relay/relay.h"

namespace formfuzz {

// Whom a member is told to add.
enum class Newcomer : uint8_t { kStranger, kAnother, kKnown, kItself };

// Strangers have keys, too, by number.
overlay::Key SecretOfStranger(uint8_t number);

class RelayClients {
 public:
  struct Client {
    overlay::Key key{};
    overlay::Endpoint endpoint;
    int64_t taken_ms = 0;

    bool IsAlive(int64_t now_ms) const {
      return now_ms - taken_ms < overlay::kClientLifetimeMs;
    }
  };

  // The relay is sent this; and sends that.
  void NoteHeard(const overlay::Endpoint& from, overlay::Bytes datagram);
  void NoteSent(const overlay::Endpoint& to, overlay::Bytes datagram,
                int64_t now_ms);
  // What it sends names, where it is relayed, who said it to the relay last,
  // and goes to whom that was for.
  bool PassesRight(const overlay::Endpoint& to, overlay::Bytes datagram) const;
  // Those it has by its own account, as they were taken last.
  std::vector<Client> Of(const overlay::Relay& relay) const;
  // Whether the relay can tell who it is that sends from there, and has heard
  // the receiver, which is another, of late.
  bool MayTalk(const overlay::Endpoint& from, const overlay::Key& to,
               int64_t now_ms) const;
  // All that ever were.
  size_t size() const { return size_; }

 private:
  static constexpr size_t kMost = 8;  // that there are keys for

  overlay::Key key_{};  // that asked last
  uint64_t stamp_ = 0;
  overlay::Endpoint sender_;  // of what was to be passed on last
  overlay::Key receiver_{};
  std::array<Client, kMost> all_;
  size_t size_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_RELAY_RELAY_CLIENTS_H_
