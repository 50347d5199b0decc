// SPDX-License-Identifier: Apache-2.0
// Who is where in the guest's network.
#ifndef FORMFUZZ_HARNESSES_LIBSLIRP_ADDRESSES_H_
#define FORMFUZZ_HARNESSES_LIBSLIRP_ADDRESSES_H_

#include <cstdint>

#include "generators/network/internet.h"

namespace formfuzz {

inline constexpr uint32_t kGuestIp = 0x0a00020f;    // 10.0.2.15
inline constexpr uint32_t kHostIp = 0x0a000202;     // the gateway
inline constexpr uint32_t kServerIp = 0x0a000203;   // names
inline constexpr uint32_t kServiceIp = 0x0a000264;  // 10.0.2.100, port 80
inline constexpr uint32_t kOutsideIp = 0xc0000201;
inline constexpr uint16_t kServicePort = 80;
inline constexpr Ipv6Ends kEnds6{
    {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x50, 0x54, 0, 0xff, 0xfe, 0x12, 0x34, 0x56},
    {0xfe, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_LIBSLIRP_ADDRESSES_H_
