// SPDX-License-Identifier: Apache-2.0
// A network address translator in the terms of RFC 4787: one public address
// for the hosts behind it.
//
// Never breaks: it does what its behaviour says, for as long as it says. A
// mapping lives until nothing went out through it for timeout_ms; what comes
// in does not prolong it. A filter lets in whom the mapping itself has sent
// to, by the filtering of the NAT. `Rebind` forgets everything, as a reboot
// does.
// Bounds: kMappingsMax mappings, the oldest make room; of a mapping the last
// kPermitsMax destinations are remembered. Costs are linear in these.
#ifndef FORMFUZZ_MOCKS_NETWORK_MOCK_NAT_H_
#define FORMFUZZ_MOCKS_NETWORK_MOCK_NAT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "components/overlay/wire/endpoint.h"

namespace formfuzz {

// What an external port stands for, and whom a filter lets in.
enum class NatScope : uint8_t {
  kEndpointIndependent,      // any destination; anybody
  kAddressDependent,         // an address
  kAddressAndPortDependent,  // an address and a port
};

enum class NatPorts : uint8_t {
  kPreserved,   // the internal port, where it is free
  kSequential,  // the next one
  kScattered,   // any, always the same for the same history
};

struct NatBehaviour {
  NatScope mapping = NatScope::kEndpointIndependent;
  NatScope filtering = NatScope::kEndpointIndependent;
  NatPorts ports = NatPorts::kPreserved;
  bool hairpins = false;  // hosts behind it reach each other by its address
  uint32_t timeout_ms = 120'000;

  friend bool operator==(const NatBehaviour&, const NatBehaviour&) = default;
};

class MockNat {
 public:
  using Endpoint = overlay::Endpoint;
  static constexpr size_t kMappingsMax = 64;
  static constexpr size_t kPermitsMax = 16;

  explicit MockNat(uint32_t address) : address_(address) {}

  uint32_t address() const { return address_; }
  const NatBehaviour& behaviour() const { return behaviour_; }
  // Begins anew, with another behaviour.
  void Become(const NatBehaviour& behaviour);
  // Forgets all mappings; ports are others from now on.
  void Rebind();

  // What the destination sees as the source.
  Endpoint Outbound(const Endpoint& internal, const Endpoint& destination,
                    int64_t now_ms);
  // Whom a datagram to that port is for; nothing where it is dropped.
  std::optional<Endpoint> Inbound(uint16_t port, const Endpoint& source,
                                  int64_t now_ms) const;

  size_t mapping_count() const { return mappings_.size(); }

 private:
  struct Mapping {
    Endpoint internal;
    Endpoint destination;  // as far as the mapping depends on it
    uint16_t port = 0;
    int64_t used_ms = 0;
    std::vector<Endpoint> permits;  // as far as the filter depends on them
  };

  static Endpoint Reduce(NatScope scope, const Endpoint& endpoint);
  bool IsAlive(const Mapping& mapping, int64_t now_ms) const;
  Mapping& NeedMapping(const Endpoint& internal, const Endpoint& destination,
                       int64_t now_ms);
  uint16_t FreePort(uint16_t internal_port, int64_t now_ms);
  bool IsTaken(uint16_t port, int64_t now_ms) const;

  uint32_t address_;
  NatBehaviour behaviour_;
  std::vector<Mapping> mappings_;
  uint16_t drawn_ = 0;    // ports, since the beginning
  uint16_t shifted_ = 0;  // of preserved ports, by rebinding
};

}  // namespace formfuzz

#endif  // FORMFUZZ_MOCKS_NETWORK_MOCK_NAT_H_
