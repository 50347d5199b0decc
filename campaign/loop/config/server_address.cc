// SPDX-License-Identifier: Apache-2.0
// Reading addresses.
#include "campaign/loop/config/server_address.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "framework/base/text.h"

namespace formfuzz::campaign {

absl::StatusOr<ServerAddress> ParseServerAddress(std::string_view text) {
  const size_t colon = std::min(text.find(':'), text.size());
  const std::string_view kind = text.substr(0, colon);
  const std::string_view place = text.substr(std::min(colon + 1, text.size()));
  ServerAddress address;
  if (kind == "unix" && place.starts_with('/')) {
    address.kind = ServerAddress::Kind::kUnix;
    address.path = std::string(place);
    return address;
  }
  const char* const end = place.data() + place.size();
  const auto parsed = std::from_chars(place.data(), end, address.port);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == end;
  if ((kind == "tcp" || kind == "udp") && whole && address.port != 0) {
    address.kind =
        kind == "tcp" ? ServerAddress::Kind::kTcp : ServerAddress::Kind::kUdp;
    return address;
  }
  return absl::InvalidArgumentError(Concat(
      "expected tcp:PORT, udp:PORT or unix:/PATH, found \"", text, "\""));
}

}  // namespace formfuzz::campaign
