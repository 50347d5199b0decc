// SPDX-License-Identifier: Apache-2.0
// Connections: what the peer sends on them, and what the stack's side does.
#include "harnesses/lwip/subject.h"

#include <lwip/dhcp.h>
#include <lwip/dns.h>
#include <lwip/priv/tcp_priv.h>

#include <algorithm>

#include "components/lwip/port/port.h"

namespace formfuzz {
namespace {

constexpr uint8_t kFin = static_cast<uint8_t>(TcpFlags::kFin);
constexpr uint8_t kSyn = static_cast<uint8_t>(TcpFlags::kSyn);
constexpr uint8_t kRst = static_cast<uint8_t>(TcpFlags::kRst);
constexpr uint8_t kPsh = static_cast<uint8_t>(TcpFlags::kPsh);
constexpr uint8_t kAck = static_cast<uint8_t>(TcpFlags::kAck);
constexpr IpShape kHonest{LengthLie::kRight, 0, 64, Checksum::kRight, {}};
constexpr Delivery kPlain{Feed::kExact, Fragments::kWhole};
constexpr uint16_t kIp = 0x0800;
constexpr uint16_t kWindow = 8192;
// MSS 1460, window scale 2, SACK permitted, padded.
constexpr std::string_view kSynOptions("\x02\x04\x05\xb4\x03\x03\x02\x04\x02",
                                       9);
constexpr size_t kPayloadMax = 1460;
// A wait of the scenario counts for at most so much of the stack's time, whose
// timers tick four times a second.
constexpr uint32_t kWaitMsMax = 20'000;
constexpr uint32_t kSettleMs = 150'000;
constexpr uint32_t kSettleStepMs = 2'000;
// lwIP keeps what it learned: neighbours, routers, groups, names.
constexpr size_t kKeptBytesMax = 4096;

std::vector<uint8_t> StreamFrom(uint32_t sequence, size_t size) {
  std::vector<uint8_t> bytes(size);
  for (size_t i = 0; i < size; ++i) {
    bytes[i] = StreamByte(sequence + static_cast<uint32_t>(i));
  }
  return bytes;
}

// Around docs/findings/lwip/second_syn.md: a server gets no acknowledgement
// with a SYN.
void SteerAroundSyn(const PeerConnection& peer, TcpHeader& header) {
  const bool serves = peer.port != kPeerPort;
  if (!serves || (header.flags & kSyn) == 0) return;
  header.flags &= static_cast<uint8_t>(~kAck);
  header.acknowledged = 0;
}

// Around docs/findings/lwip/mss_shrinks.md: the option in a SYN alone, and
// where the stack serves, in one that no answer came before.
std::string_view SteeredOptions(const PeerConnection& peer, uint8_t flags,
                                std::string_view options) {
  const bool serves = peer.port != kPeerPort;
  const bool is_first = (flags & kSyn) != 0 && !(serves && peer.heard);
  return options.starts_with('\x02') && !is_first ? "" : options;
}

// Around docs/findings/lwip/half_the_numbers_behind.md.
// An eighth on either side, so that the two are a quarter of all apart.
int32_t SteeredOff(int32_t off) {
  const bool is_half_of_all = off == INT32_MAX || off == INT32_MIN;
  return is_half_of_all && !KnownDefectsStay() ? off / 4 : off;
}

// A digest of what all connections are up to.
uint64_t TcpStates() {
  Digest digest;
  for (const tcp_pcb* pcb = tcp_active_pcbs; pcb != nullptr; pcb = pcb->next) {
    digest.Add(pcb->state).Add(pcb->ooseq != nullptr);
    digest.Add(pcb->unsent != nullptr).Add(pcb->unacked != nullptr);
    digest.Add(std::min<unsigned>(pcb->nrtx, 3)).Add(pcb->flags);
  }
  for (const tcp_pcb* pcb = tcp_tw_pcbs; pcb != nullptr; pcb = pcb->next) {
    digest.Add(pcb->state);
  }
  return digest.value();
}

}  // namespace

Lwip::Lwip(Run& run) : run_(run), seen_ms_(run.clock().NowMs()) {
  first_bytes_ = formfuzz_lwip_bytes_used();
}

void Lwip::CatchUp() {
  const uint64_t now = run_.clock().NowMs();
  const auto passed =
      static_cast<uint32_t>(std::min<uint64_t>(now - seen_ms_, kWaitMsMax));
  seen_ms_ = now;
  if (passed > 0) stack_.Advance(passed);
}

void Lwip::AnswerSolicitations() {
  if (peer_.solicited() == 0) return;
  peer_.ClearSolicited();
  Neighbour(Ndp::kAdvertise, 0x6000,
            std::string_view("\x02\x01\x02\0\0\0\0\x02", 8));
}

void Lwip::StartMdns() {
  const size_t before = formfuzz_lwip_bytes_used();
  stack_.StartMdns();
  first_bytes_ += formfuzz_lwip_bytes_used() - before;
}

Outcome Lwip::Done(uint64_t what) {
  std::string wrong = peer_.Look(stack_);
  if (wrong_.empty()) wrong_ = std::move(wrong);
  AnswerSolicitations();
  run_.Observe(what << 48 ^ TcpStates() >> 16);
  return Outcome::Ok();
}

void Lwip::Frame(uint16_t type, Bytes packet, Feed feed) {
  stack_.Receive(EthernetFrame(kStackMac, kPeerMac, type, packet), feed);
}

void Lwip::Deliver(const std::vector<PacketBytes>& packets, uint16_t type,
                   Feed feed) {
  for (const PacketBytes& packet : packets) Frame(type, packet, feed);
}

TcpHeader Lwip::HeaderOf(const PeerConnection& peer, uint8_t flags) const {
  return {.source = peer.port,
          .destination = peer.service,
          .sequence = peer.next,
          .acknowledged = (flags & kAck) != 0 ? peer.expected : 0,
          .flags = flags,
          .window = kWindow,
          .header_words = 0,
          .options = (flags & kSyn) != 0 ? kSynOptions : std::string_view()};
}

Outcome Lwip::Send(const TcpHeader& header, Bytes payload, Delivery delivery) {
  CatchUp();
  const Ipv4Ends ends{kPeerIp, kStackIp};
  Deliver(Ipv4Packets(kHonest, ends, 6, TcpSegment(header, ends, payload),
                      {delivery.fragments, identification_++}),
          kIp, delivery.feed);
  return Done(header.flags);
}

Outcome Lwip::Open(uint8_t connection) {
  PeerConnection& peer = At(connection);
  const bool answers = peer.port == kPeerPort;
  if (answers && !peer.heard) return Outcome::Refused("nobody_calls");
  const auto first = static_cast<uint8_t>(answers ? kSyn | kAck : kSyn);
  Send(HeaderOf(peer, first), {}, kPlain);
  ++peer.next;
  if (!peer.heard) return Outcome::Refused("no_answer");
  return Send(HeaderOf(peer, kAck), {}, kPlain);
}

Outcome Lwip::Push(uint8_t connection, uint16_t size, Delivery delivery) {
  PeerConnection& peer = At(connection);
  const std::vector<uint8_t> data =
      StreamFrom(peer.next, std::min<size_t>(size, kPayloadMax));
  const TcpHeader header = HeaderOf(peer, kAck | kPsh);
  peer.next += static_cast<uint32_t>(data.size());
  return Send(header, data, delivery);
}

Outcome Lwip::Acknowledge(uint8_t connection, uint16_t window) {
  TcpHeader header = HeaderOf(At(connection), kAck);
  header.window = window;
  return Send(header, {}, kPlain);
}

Outcome Lwip::Finish(uint8_t connection) {
  PeerConnection& peer = At(connection);
  const TcpHeader header = HeaderOf(peer, kFin | kAck);
  ++peer.next;
  return Send(header, {}, kPlain);
}

// To servers that understand text.
Outcome Lwip::Say(uint8_t connection, std::string_view text) {
  PeerConnection& peer = At(connection);
  if (peer.service == kEchoPort || peer.port == kPeerPort) {
    return Outcome::Refused("wants_the_stream");
  }
  const TcpHeader header = HeaderOf(peer, kAck | kPsh);
  peer.next += static_cast<uint32_t>(text.size());
  return Send(header, AsBytes(text), kPlain);
}

Outcome Lwip::Segment(uint8_t connection, const SegmentShape& segment,
                      Delivery delivery) {
  PeerConnection& peer = At(connection);
  TcpHeader header = HeaderOf(peer, segment.flags);
  if (!KnownDefectsStay()) SteerAroundSyn(peer, header);
  header.sequence += static_cast<uint32_t>(SteeredOff(segment.sequence_off));
  header.acknowledged += static_cast<uint32_t>(segment.acknowledged_off);
  header.window = segment.window;
  header.options = segment.options.substr(0, 40);
  if (!KnownDefectsStay()) {
    header.options = SteeredOptions(peer, segment.flags, header.options);
  }
  // A header that claims more makes options of data: what follows these must
  // still be the stream. One that claims less has no options to make data of.
  uint32_t eaten = 0;
  if (segment.header != LengthLie::kRight) {
    const bool less = segment.header == LengthLie::kOneLess ||
                      segment.header == LengthLie::kZero;
    if (less) header.options = {};
    const size_t words = 5 + (header.options.size() + 3) / 4;
    header.header_words =
        static_cast<uint8_t>(Lied(segment.header, words) & 15);
    if (header.header_words > words) {
      eaten = static_cast<uint32_t>(header.header_words - words) * 4;
    }
  }
  const uint32_t first =
      header.sequence + ((segment.flags & kSyn) != 0 ? 1 : 0) - eaten;
  // docs/findings/lwip/second_syn.md
  const bool is_bare = (segment.flags & kSyn) != 0 && !KnownDefectsStay();
  const std::vector<uint8_t> data = StreamFrom(
      first, is_bare ? 0 : std::min<size_t>(segment.size, kPayloadMax));
  // What is in order moves the peer on, as if it had been meant so.
  if (segment.sequence_off == 0 && (segment.flags & kRst) == 0 &&
      segment.header == LengthLie::kRight) {
    peer.next += static_cast<uint32_t>(data.size());
    peer.next += ((segment.flags & kSyn) != 0) + ((segment.flags & kFin) != 0);
  }
  return Send(header, data, delivery);
}

Outcome Lwip::Connect() {
  CatchUp();
  const err_t error = stack_.Connect();
  Done(0x101);
  return error == ERR_OK ? Outcome::Ok() : Outcome::Refused("no_room");
}

Outcome Lwip::CloseOwn(uint8_t connection) {
  CatchUp();
  stack_.Close(connection);
  return Done(0x102);
}

Outcome Lwip::Lookup(std::string_view name) {
  CatchUp();
  ip_addr_t address;
  const err_t error = dns_gethostbyname(
      std::string(name).c_str(), &address,
      [](const char*, const ip_addr_t*, void*) {}, nullptr);
  Done(0x103);
  if (error == ERR_OK) return Outcome::Refused("known");
  return error == ERR_INPROGRESS ? Outcome::Ok() : Outcome::Refused("error");
}

Outcome Lwip::StartDhcp() {
  CatchUp();
  dhcp_start(&stack_.interface());
  return Done(0x104);
}

Outcome Lwip::StopDhcp() {
  CatchUp();
  dhcp_release_and_stop(&stack_.interface());
  return Done(0x105);
}

bool Lwip::HasAddressByDhcp() const {
  auto& interface = const_cast<Lwip*>(this)->stack_.interface();
  return dhcp_supplied_address(&interface) != 0;
}

Outcome Lwip::SetLink(bool up) {
  CatchUp();
  up ? netif_set_link_up(&stack_.interface())
     : netif_set_link_down(&stack_.interface());
  return Done(0x106);
}

Outcome Lwip::Wait(uint16_t ms) {
  CatchUp();
  stack_.Advance(ms);
  return Done(0x107);
}

Outcome Lwip::LimitHeap(uint16_t bytes) {
  formfuzz_lwip_set_heap(bytes == 0 ? size_t{1} << 20
                                    : formfuzz_lwip_bytes_used() + bytes);
  return Outcome::Ok();
}

Outcome Lwip::Settle() {
  formfuzz_lwip_set_heap(size_t{1} << 20);
  dhcp_release_and_stop(&stack_.interface());
  stack_.CloseAll();
  const size_t most = first_bytes_ + kKeptBytesMax;
  uint32_t waited_ms = 0;
  do {  // as long as it takes, but no longer
    stack_.Advance(kSettleStepMs);
    waited_ms += kSettleStepMs;
  } while (formfuzz_lwip_bytes_used() > most && waited_ms < kSettleMs);
  Done(0x108);
  const size_t used = formfuzz_lwip_bytes_used();
  run_.Expect(
      used <= most, "MemoryComesBack",
      Concat(used, " bytes are in use after everything ended; at first ",
             first_bytes_));
  return Outcome::Ok();
}

}  // namespace formfuzz
