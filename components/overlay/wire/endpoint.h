// SPDX-License-Identifier: Apache-2.0
// Where a datagram comes from or goes to: IPv4 and UDP.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_WIRE_ENDPOINT_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_WIRE_ENDPOINT_H_

#include <compare>
#include <cstdint>

#include "components/overlay/wire/bytes.h"

namespace overlay {

struct Endpoint {
  uint32_t address = 0;  // 192.0.2.1 is 0xc0000201
  uint16_t port = 0;

  friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

inline constexpr size_t kEndpointBytes = 6;

inline Endpoint ReadEndpoint(Reader& in) {
  Endpoint endpoint;
  endpoint.address = in.U32();
  endpoint.port = in.U16();
  return endpoint;
}
inline void WriteEndpoint(const Endpoint& endpoint, Writer& out) {
  out.U32(endpoint.address).U16(endpoint.port);
}

// Whether datagrams may be sent there: neither nowhere, nor to many.
constexpr bool IsUnicast(const Endpoint& endpoint) {
  const uint32_t first = endpoint.address >> 24;
  return endpoint.port != 0 && first != 0 && first < 224;
}

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_WIRE_ENDPOINT_H_
