// SPDX-License-Identifier: Apache-2.0
// What one scenario acts on: a network stack, and what arrives at it: segments
// near what its connections expect, packets of every kind, honest answers, and
// time for its timers.
//
// Judged after every step: what it sends is whole, what its application reads
// was sent, what comes back is what went in. `settle` ends all there is and
// lets time go by, after which no memory may be missing.
#ifndef FORMFUZZ_HARNESSES_LWIP_SUBJECT_H_
#define FORMFUZZ_HARNESSES_LWIP_SUBJECT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "framework/formfuzz.h"
#include "generators/network/dns.h"
#include "generators/network/internet.h"
#include "harnesses/lwip/peer.h"
#include "harnesses/lwip/stack.h"

namespace formfuzz {

struct SegmentShape {
  uint8_t flags;
  int32_t sequence_off;      // of what the peer would send next
  int32_t acknowledged_off;  // of what the stack has sent
  uint16_t window;
  std::string_view options;
  uint16_t size;
  LengthLie header;
};

struct Delivery {
  Feed feed;
  Fragments fragments;
};

struct DhcpReply {
  uint8_t type;  // 2 offer, 5 ack, 6 nak
  bool own_id;   // that of the last request
  std::string_view options;
  LengthLie last_option;
};

enum class Ndp : uint8_t { kSolicit, kAdvertise, kRouter, kRedirect };

class Lwip {
 public:
  explicit Lwip(Run& run);

  // The peer, as it should be.
  Outcome Open(uint8_t connection);
  Outcome Push(uint8_t connection, uint16_t size, Delivery delivery);
  Outcome Acknowledge(uint8_t connection, uint16_t window);
  Outcome Finish(uint8_t connection);
  Outcome Say(uint8_t connection, std::string_view text);
  // And as it likes.
  Outcome Segment(uint8_t connection, const SegmentShape& segment,
                  Delivery delivery);
  Outcome Udp(uint16_t port, std::string_view payload, LengthLie length,
              const IpShape& ip, Delivery delivery);
  Outcome Udp6(uint16_t port, std::string_view payload, const IpShape& ip,
               Delivery delivery);
  Outcome Icmp(uint8_t type, uint8_t code, std::string_view body,
               const IpShape& ip, Delivery delivery);
  Outcome Icmp6(uint8_t type, uint8_t code, std::string_view body,
                const IpShape& ip, Delivery delivery);
  Outcome Neighbour(Ndp kind, uint16_t flags, std::string_view options);
  Outcome Arp(uint8_t operation, uint8_t sender, uint8_t target);
  Outcome DnsReply(const DnsAnswer& answer);
  Outcome Mdns(const DnsAnswer& message, bool is_query);
  Outcome Dhcp(const DhcpReply& reply);
  Outcome Snmp(uint8_t pdu, std::string_view oid, std::string_view value,
               LengthLie length);
  Outcome Raw(std::string_view frame, Feed feed);

  // The stack's own side.
  Outcome Connect();
  Outcome CloseOwn(uint8_t connection);
  Outcome Lookup(std::string_view name);
  Outcome StartDhcp();
  Outcome StopDhcp();
  Outcome SetLink(bool up);
  Outcome Wait(uint16_t ms);
  Outcome LimitHeap(uint16_t bytes);
  Outcome Settle();

  std::string SendsWholePackets() const { return wrong_; }
  bool Echoed() const { return stack_.echoed() > 0; }
  bool HasAddressByDhcp() const;

 private:
  PeerConnection& At(uint8_t connection) {
    return peer_.connection(connection);
  }
  // In order, with what the stack has sent acknowledged.
  TcpHeader HeaderOf(const PeerConnection& peer, uint8_t flags) const;
  Outcome Send(const TcpHeader& header, Bytes payload, Delivery delivery);
  void Deliver(const std::vector<PacketBytes>& packets, uint16_t type,
               Feed feed);
  void Frame(uint16_t type, Bytes packet, Feed feed);
  void AnswerSolicitations();
  // With what it takes for itself.
  void StartMdns();
  // Time of the scenario that went by becomes the stack's.
  void CatchUp();
  Outcome Done(uint64_t what);

  Run& run_;
  LwipStack stack_;
  LwipPeer peer_;
  uint64_t seen_ms_;
  size_t first_bytes_;  // of memory, with nothing going on
  uint16_t identification_ = 1;
  std::string wrong_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_LWIP_SUBJECT_H_
