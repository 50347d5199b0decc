// SPDX-License-Identifier: Apache-2.0
// The overlay on a real UDP socket (IPv4).
//
// Non-blocking: what the system will not take is lost, as on the way, and is
// repeated by the node. Not thread-safe.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_ADAPTERS_UDP_SOCKET_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_ADAPTERS_UDP_SOCKET_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "components/overlay/wire/endpoint.h"

namespace overlay {

class UdpSocket {
 public:
  // Bound there; address 0 is any, port 0 a free one.
  static absl::StatusOr<UdpSocket> Open(const Endpoint& local);
  UdpSocket(UdpSocket&& other) noexcept;
  UdpSocket& operator=(UdpSocket&&) = delete;
  ~UdpSocket();

  // Where it is bound.
  absl::StatusOr<Endpoint> Local() const;
  void SendTo(const Endpoint& to, Bytes datagram);

  struct Received {
    Endpoint from;
    std::vector<uint8_t> datagram;
  };
  // Waits for at most so long; nothing where nothing came.
  std::optional<Received> Receive(int64_t timeout_ms);

 private:
  explicit UdpSocket(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_ADAPTERS_UDP_SOCKET_H_
