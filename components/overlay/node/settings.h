// SPDX-License-Identifier: Apache-2.0
// How patient a node is. The defaults suit the internet; tests may shrink
// them. All times are in milliseconds of whatever clock the caller passes.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_NODE_SETTINGS_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_NODE_SETTINGS_H_

#include <cstddef>
#include <cstdint>
#include <limits>

namespace overlay {

inline constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

inline constexpr size_t kPeersMax = 64;

struct Settings {
  // Repetitions double from the first to the last pause.
  int64_t handshake_first_ms = 500;
  int64_t handshake_last_ms = 8'000;
  int64_t repeat_first_ms = 300;
  int64_t repeat_last_ms = 5'000;
  int64_t check_first_ms = 250;
  int64_t check_last_ms = 15'000;

  // Below the 30 s after which careless NATs forget (RFC 4787 wants 120 s).
  int64_t keep_alive_ms = 20'000;
  // A peer not heard from for as long is dead: two keep-alives may be lost.
  int64_t dead_after_ms = 50'000;
  // A checked path is good for as long; checked again at half of it.
  int64_t path_valid_ms = 24'000;
  // The STUN server and the relay are talked to as often.
  int64_t server_refresh_ms = 20'000;

  // Keys are renewed by then, and not used beyond.
  int64_t renew_after_ms = 120'000;
  int64_t reject_after_ms = 180'000;
  uint64_t renew_after_packets = uint64_t{1} << 32;
  uint64_t reject_after_packets = uint64_t{1} << 48;

  // Lower ones are for those who want to see it reached.
  size_t peers_max = kPeersMax;
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_NODE_SETTINGS_H_
