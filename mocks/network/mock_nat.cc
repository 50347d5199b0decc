// SPDX-License-Identifier: Apache-2.0
// Mappings are looked through: there are few.
#include "mocks/network/mock_nat.h"

#include <algorithm>

#include "framework/base/digest.h"

namespace formfuzz {
namespace {

constexpr uint16_t kFirstPort = 20'000;
constexpr uint16_t kPorts = 40'000;
// How far preserved ports move when the NAT begins anew.
constexpr uint16_t kShift = 1'000;

}  // namespace

void MockNat::Become(const NatBehaviour& behaviour) {
  behaviour_ = behaviour;
  mappings_.clear();
  shifted_ = 0;
}

void MockNat::Rebind() {
  mappings_.clear();
  shifted_ = static_cast<uint16_t>(shifted_ + kShift);
}

overlay::Endpoint MockNat::Reduce(NatScope scope, const Endpoint& endpoint) {
  switch (scope) {
    case NatScope::kEndpointIndependent:
      return {};
    case NatScope::kAddressDependent:
      return {endpoint.address, 0};
    case NatScope::kAddressAndPortDependent:
      return endpoint;
  }
  return endpoint;
}

bool MockNat::IsAlive(const Mapping& mapping, int64_t now_ms) const {
  return now_ms - mapping.used_ms < behaviour_.timeout_ms;
}

bool MockNat::IsTaken(uint16_t port, int64_t now_ms) const {
  return std::any_of(mappings_.begin(), mappings_.end(),
                     [&](const Mapping& mapping) {
                       return mapping.port == port && IsAlive(mapping, now_ms);
                     });
}

uint16_t MockNat::FreePort(uint16_t internal_port, int64_t now_ms) {
  uint16_t port = static_cast<uint16_t>(internal_port + shifted_);
  if (behaviour_.ports == NatPorts::kPreserved && port != 0 &&
      !IsTaken(port, now_ms)) {
    return port;
  }
  do {
    ++drawn_;
    const uint64_t offset = behaviour_.ports == NatPorts::kScattered
                                ? Mix(address_, drawn_)
                                : uint64_t{drawn_} + shifted_;
    port = static_cast<uint16_t>(kFirstPort + offset % kPorts);
  } while (IsTaken(port, now_ms));
  return port;
}

MockNat::Mapping& MockNat::NeedMapping(const Endpoint& internal,
                                       const Endpoint& destination,
                                       int64_t now_ms) {
  const Endpoint reduced = Reduce(behaviour_.mapping, destination);
  for (Mapping& mapping : mappings_) {
    if (mapping.internal == internal && mapping.destination == reduced &&
        IsAlive(mapping, now_ms)) {
      return mapping;
    }
  }
  std::erase_if(mappings_, [&](const Mapping& mapping) {
    return !IsAlive(mapping, now_ms);
  });
  if (mappings_.size() == kMappingsMax) mappings_.erase(mappings_.begin());
  const uint16_t port = FreePort(internal.port, now_ms);
  return mappings_.emplace_back(Mapping{internal, reduced, port, now_ms, {}});
}

overlay::Endpoint MockNat::Outbound(const Endpoint& internal,
                                    const Endpoint& destination,
                                    int64_t now_ms) {
  Mapping& mapping = NeedMapping(internal, destination, now_ms);
  mapping.used_ms = now_ms;
  const Endpoint permit = Reduce(behaviour_.filtering, destination);
  std::vector<Endpoint>& permits = mapping.permits;
  if (std::find(permits.begin(), permits.end(), permit) == permits.end()) {
    if (permits.size() == kPermitsMax) permits.erase(permits.begin());
    permits.push_back(permit);
  }
  return {address_, mapping.port};
}

std::optional<overlay::Endpoint> MockNat::Inbound(uint16_t port,
                                                  const Endpoint& source,
                                                  int64_t now_ms) const {
  const Endpoint wanted = Reduce(behaviour_.filtering, source);
  for (const Mapping& mapping : mappings_) {
    if (mapping.port != port || !IsAlive(mapping, now_ms)) continue;
    const auto& permits = mapping.permits;
    if (std::find(permits.begin(), permits.end(), wanted) == permits.end()) {
      return std::nullopt;
    }
    return mapping.internal;
  }
  return std::nullopt;
}

}  // namespace formfuzz
