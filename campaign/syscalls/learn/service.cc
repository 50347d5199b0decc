// SPDX-License-Identifier: Apache-2.0
// Reads "6379", "53/udp" and "/run/x.sock".

#include "campaign/syscalls/learn/service.h"

#include "absl/strings/numbers.h"
#include "campaign/process/program/program_file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr uint32_t kPortMax = 65'535;
// A slow start is waited for, so long; requests are answered sooner.
constexpr uint64_t kReadyMs = 5000;
constexpr uint64_t kQuietMs = 25;

absl::StatusOr<ServerAddress> AddressOf(const std::string& text) {
  ServerAddress address;
  address.ready_ms = kReadyMs;
  address.quiet_ms = kQuietMs;
  if (text.starts_with("/")) {
    address.kind = ServerAddress::Kind::kUnix;
    address.path = text;
    return address;
  }
  const size_t slash = std::min(text.find('/'), text.size());
  const std::string protocol = text.substr(slash);
  uint32_t port = 0;
  const bool good =
      absl::SimpleAtoi(text.substr(0, slash), &port) && port != 0 &&
      port <= kPortMax &&
      (protocol.empty() || protocol == "/tcp" || protocol == "/udp");
  if (!good) {
    return absl::InvalidArgumentError(
        Concat("cannot reach a program at \"", text,
               "\": want a port such as 6379 or 53/udp, or the path of a "
               "socket, such as /fuzz/work/server.sock"));
  }
  address.port = static_cast<uint16_t>(port);
  if (protocol == "/udp") address.kind = ServerAddress::Kind::kUdp;
  return address;
}

}  // namespace

absl::StatusOr<std::optional<Service>> ServiceOf(
    const ProfiledService& profiled) {
  if (profiled.at.empty()) return std::optional<Service>();
  auto address = AddressOf(profiled.at);
  if (!address.ok()) return address.status();
  Service service;
  service.address = *std::move(address);
  service.stop_signal = profiled.stop_signal;
  service.peer = profiled.peer;
  if (!service.peer.empty()) {
    const auto program = InspectProgram(service.peer[0]);
    if (!program.ok()) return program.status();
    service.peer[0] = program->path;
  }
  return std::optional<Service>(std::move(service));
}

}  // namespace formfuzz::campaign
