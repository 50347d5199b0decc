// SPDX-License-Identifier: Apache-2.0
// What must be true of every frame that a network stack sends.
#ifndef FORMFUZZ_GENERATORS_NETWORK_FRAME_CHECK_H_
#define FORMFUZZ_GENERATORS_NETWORK_FRAME_CHECK_H_

#include <string>

#include "framework/base/bytes.h"

namespace formfuzz {

// Of an Ethernet frame: empty, or which length or checksum of IPv4, IPv6, TCP,
// UDP or ICMP contradicts the rest. Frames may be padded to 60 bytes.
std::string FrameFault(Bytes frame);

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_NETWORK_FRAME_CHECK_H_
