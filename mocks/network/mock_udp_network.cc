// SPDX-License-Identifier: Apache-2.0
// A datagram is translated when it is sent, and its receiver found when it
// arrives: NATs see it at these times.
#include "mocks/network/mock_udp_network.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "framework/base/check.h"

namespace formfuzz {
namespace {

constexpr bool IsPrivate(uint32_t address) { return address >> 24 == 10; }

}  // namespace

MockUdpNetwork::MockUdpNetwork(FaultPlan& faults)
    : send_(faults, kSend,
            CanDo(FaultKind::kDrop, FaultKind::kDuplicate, FaultKind::kDelay,
                  FaultKind::kCorrupt, FaultKind::kShort)) {}

size_t MockUdpNetwork::AddHost(uint32_t address) {
  FORMFUZZ_CHECK(hosts_.size() < kHostsMax, "MockUdpNetwork: too many hosts");
  hosts_.emplace_back().address = address;
  return hosts_.size() - 1;
}

void MockUdpNetwork::PlaceBehind(size_t host, MockNat* nat, uint32_t address,
                                 bool isolated) {
  FORMFUZZ_CHECK(IsPrivate(address), "behind a NAT addresses are 10.x.y.z");
  hosts_[host].nat = nat;
  hosts_[host].address = address;
  hosts_[host].isolated = isolated;
}

void MockUdpNetwork::PlaceInPublic(size_t host, uint32_t address) {
  hosts_[host].nat = nullptr;
  hosts_[host].address = address;
  hosts_[host].isolated = false;
}

void MockUdpNetwork::SetReach(size_t a, size_t b, bool reach) {
  const auto set = [reach](uint32_t& mask, size_t bit) {
    mask = reach ? mask & ~(1u << bit) : mask | 1u << bit;
  };
  set(hosts_[a].unreachable, b);
  set(hosts_[b].unreachable, a);
}

void MockUdpNetwork::Heal() {
  for (Host& host : hosts_) {
    host.link = Link();
    host.out = Way();
    host.in = Way();
    host.unreachable = 0;
  }
}

bool MockUdpNetwork::Reaches(size_t a, size_t b) const {
  return (hosts_[a].unreachable >> b & 1) == 0;
}

bool MockUdpNetwork::Chance(uint8_t percent) {
  return percent > 0 && random_.Below(100) < percent;
}

bool MockUdpNetwork::IsLost(const Link& link, Way& way) {
  if (way.burst_left > 0) {
    --way.burst_left;
    return true;
  }
  if (!Chance(link.loss_percent)) return false;
  way.burst_left = static_cast<uint8_t>(std::max<uint8_t>(link.burst, 1) - 1);
  return true;
}

int64_t MockUdpNetwork::LatenessOf(const Link& link, Way& way,
                                   const InFlight& flight) {
  int64_t late_ms = 0;
  if (link.jitter_ms > 0) {
    late_ms += static_cast<int64_t>(random_.Below(link.jitter_ms + size_t{1}));
  }
  if (link.bytes_per_ms > 0) {
    const size_t size = flight.datagram.size();
    const auto busy_ms = static_cast<int64_t>((size + link.bytes_per_ms - 1) /
                                              link.bytes_per_ms);
    way.busy_until_ms = std::max(way.busy_until_ms, flight.due_ms) + busy_ms;
    late_ms += way.busy_until_ms - flight.due_ms;
  }
  return late_ms;
}

void MockUdpNetwork::Damage(const Link& link, InFlight& flight) {
  if (!Chance(link.corrupt_percent) || flight.datagram.empty()) return;
  const size_t bit = random_.Below(flight.datagram.size() * 8);
  flight.datagram[bit / 8] ^= static_cast<uint8_t>(1u << bit % 8);
  flight.intact = false;
}

void MockUdpNetwork::Queue(InFlight&& flight) {
  if (queue_.size() >= kInFlightMax) return;
  auto at = queue_.end();  // mostly, as ways are mostly as long
  while (at != queue_.begin() && std::prev(at)->due_ms > flight.due_ms) --at;
  queue_.insert(at, std::move(flight));
}

bool MockUdpNetwork::Send(size_t host_number, uint16_t port, const Endpoint& to,
                          Bytes datagram, int64_t now_ms) {
  Host& host = hosts_[host_number];
  InFlight flight;
  flight.sender = host_number;
  flight.from = {host.address, port};
  flight.to = to;
  if (host.nat != nullptr && !IsPrivate(to.address)) {
    flight.from = host.nat->Outbound(flight.from, to, now_ms);
  }
  if (!host.link.up || datagram.size() > host.link.mtu) return false;
  const bool lost = IsLost(host.link, host.out);
  const FaultShown fault = send_.Show();
  if (lost || fault.Is(FaultKind::kDrop) || fault.Is(FaultKind::kError)) {
    return false;
  }
  flight.due_ms = now_ms;
  flight.datagram.assign(datagram.begin(), datagram.end());
  flight.due_ms += host.link.delay_ms + LatenessOf(host.link, host.out, flight);
  flight.intact =
      !fault.Is(FaultKind::kCorrupt) && !fault.Is(FaultKind::kShort);
  if (fault.Is(FaultKind::kCorrupt)) {
    fault.Corrupt(flight.datagram.data(), flight.datagram.size());
  }
  if (fault.Is(FaultKind::kShort)) {
    flight.datagram.resize(fault.short_of(datagram.size()));
  }
  if (fault.Is(FaultKind::kDuplicate) || Chance(host.link.duplicate_percent)) {
    InFlight copy = flight;
    Damage(host.link, copy);
    Queue(std::move(copy));
  }
  Damage(host.link, flight);
  Queue(std::move(flight));
  return true;
}

bool MockUdpNetwork::Enter(Host& receiver, InFlight& flight) {
  const Link& link = receiver.link;
  if (IsLost(link, receiver.in)) return false;
  flight.entered = true;
  const int64_t late_ms =
      std::max<int64_t>(link.delay_ms - Link::kUsualDelayMs, 0) +
      LatenessOf(link, receiver.in, flight);
  flight.due_ms += late_ms;
  if (Chance(link.duplicate_percent)) {
    InFlight copy = flight;
    Damage(link, copy);
    Queue(std::move(copy));
  }
  Damage(link, flight);
  if (late_ms == 0) return true;
  Queue(std::move(flight));
  return false;
}

int64_t MockUdpNetwork::NextArrivalMs() const {
  return queue_.empty() ? std::numeric_limits<int64_t>::max()
                        : queue_.front().due_ms;
}

std::optional<size_t> MockUdpNetwork::HostAt(uint32_t address,
                                             const MockNat* nat) const {
  for (size_t i = 0; i < hosts_.size(); ++i) {
    if (hosts_[i].address == address && hosts_[i].nat == nat) return i;
  }
  return std::nullopt;
}

// `to` becomes what the receiver sees as its own address.
std::optional<size_t> MockUdpNetwork::HostFor(const InFlight& flight,
                                              Endpoint* to) const {
  const Host& sender = hosts_[flight.sender];
  *to = flight.to;
  if (IsPrivate(flight.to.address)) {
    if (sender.nat == nullptr || sender.isolated) return std::nullopt;
    const auto host = HostAt(flight.to.address, sender.nat);
    return host.has_value() && hosts_[*host].isolated ? std::nullopt : host;
  }
  for (const Host& host : hosts_) {
    const MockNat* const nat = host.nat;
    if (nat == nullptr || nat->address() != flight.to.address) continue;
    if (nat == sender.nat && !nat->behaviour().hairpins) return std::nullopt;
    const auto internal =
        nat->Inbound(flight.to.port, flight.from, flight.due_ms);
    if (!internal.has_value()) return std::nullopt;
    *to = *internal;
    return HostAt(internal->address, nat);
  }
  return HostAt(flight.to.address, nullptr);
}

std::optional<MockUdpNetwork::Arrival> MockUdpNetwork::TakeNext() {
  InFlight flight = std::move(queue_.front());
  queue_.pop_front();
  Arrival arrival;
  const auto host = HostFor(flight, &arrival.to);
  if (!host.has_value() || !Reaches(flight.sender, *host)) return std::nullopt;
  Host& receiver = hosts_[*host];
  const Link& link = receiver.link;
  if (!link.down || flight.datagram.size() > link.mtu) return std::nullopt;
  if (!flight.entered && link != Link() && !Enter(receiver, flight)) {
    return std::nullopt;
  }
  arrival.host = *host;
  arrival.sender = flight.sender;
  arrival.from = flight.from;
  arrival.intact = flight.intact;
  arrival.datagram = std::move(flight.datagram);
  return arrival;
}

}  // namespace formfuzz
