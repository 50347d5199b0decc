// SPDX-License-Identifier: Apache-2.0
// Who is at the other end of the cable: keeps book of what the stack sends, so
// that what a scenario sends can be near what the stack expects, and judges it:
// every frame is whole, every echoed byte is the one that was sent.
#ifndef FORMFUZZ_HARNESSES_LWIP_PEER_H_
#define FORMFUZZ_HARNESSES_LWIP_PEER_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "harnesses/lwip/stack.h"

namespace formfuzz {

// One of the peer's connections, as the peer sees it.
struct PeerConnection {
  uint16_t port = 0;       // the peer's
  uint16_t service = 0;    // the stack's
  uint32_t next = 0;       // what the peer sends next
  uint32_t expected = 0;   // what the stack sends next
  bool heard = false;      // the stack has sent a SYN
  uint32_t in_flight = 0;  // of the stack, not acknowledged
};

class LwipPeer {
 public:
  static constexpr size_t kConnections = 4;

  LwipPeer();

  // Takes note of all that the stack sent; empty, or what is wrong with it.
  std::string Look(LwipStack& stack);
  PeerConnection& connection(size_t index) {
    return connections_[index % kConnections];
  }
  // Bytes of the last DNS query and DHCP message that were sent; may be empty.
  const PacketBytes& dns_query() const { return dns_query_; }
  uint16_t dns_port() const { return dns_port_; }
  const PacketBytes& dhcp_message() const { return dhcp_message_; }
  // Solicitations of neighbours that wait for an answer.
  size_t solicited() const { return solicited_; }
  void ClearSolicited() { solicited_ = 0; }

 private:
  std::string LookInto(const LwipStack& stack, Bytes frame);
  std::string LookAtTcp(const LwipStack& stack, Bytes segment);
  void LookAtUdp(Bytes datagram);

  std::array<PeerConnection, kConnections> connections_;
  PacketBytes dns_query_;
  uint16_t dns_port_ = 0;
  PacketBytes dhcp_message_;
  size_t solicited_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_LWIP_PEER_H_
