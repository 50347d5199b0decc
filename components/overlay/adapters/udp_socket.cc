// SPDX-License-Identifier: Apache-2.0
// Errors of single datagrams (ICMP's unreachable, a full buffer) are losses.
#include "components/overlay/adapters/udp_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace overlay {
namespace {

constexpr size_t kReceiveBytes = 2048;  // more than any datagram of ours

sockaddr_in ToSystem(const Endpoint& endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(endpoint.address);
  address.sin_port = htons(endpoint.port);
  return address;
}

Endpoint FromSystem(const sockaddr_in& address) {
  return {ntohl(address.sin_addr.s_addr), ntohs(address.sin_port)};
}

absl::Status Failed(const char* what) {
  return absl::UnavailableError(
      absl::StrCat("UDP socket: ", what, " failed: ", std::strerror(errno)));
}

}  // namespace

absl::StatusOr<UdpSocket> UdpSocket::Open(const Endpoint& local) {
  const int descriptor =
      socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return Failed("socket");
  UdpSocket opened(descriptor);
  const sockaddr_in address = ToSystem(local);
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&address),
           sizeof address) != 0) {
    return Failed("bind");
  }
  return opened;
}

UdpSocket::UdpSocket(UdpSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

UdpSocket::~UdpSocket() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::StatusOr<Endpoint> UdpSocket::Local() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) !=
      0) {
    return Failed("getsockname");
  }
  return FromSystem(address);
}

void UdpSocket::SendTo(const Endpoint& to, Bytes datagram) {
  const sockaddr_in address = ToSystem(to);
  static_cast<void>(sendto(descriptor_, datagram.data(), datagram.size(), 0,
                           reinterpret_cast<const sockaddr*>(&address),
                           sizeof address));
}

std::optional<UdpSocket::Received> UdpSocket::Receive(int64_t timeout_ms) {
  pollfd waiting{descriptor_, POLLIN, 0};
  const auto wait_ms = static_cast<int>(
      std::clamp<int64_t>(timeout_ms, 0, std::numeric_limits<int>::max()));
  if (poll(&waiting, 1, wait_ms) <= 0) return std::nullopt;
  Received received;
  received.datagram.resize(kReceiveBytes);
  sockaddr_in address{};
  socklen_t size = sizeof address;
  const ssize_t count =
      recvfrom(descriptor_, received.datagram.data(), kReceiveBytes, 0,
               reinterpret_cast<sockaddr*>(&address), &size);
  if (count < 0) return std::nullopt;
  received.datagram.resize(static_cast<size_t>(count));
  received.from = FromSystem(address);
  return received;
}

}  // namespace overlay
