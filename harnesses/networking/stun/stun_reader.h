// SPDX-License-Identifier: Apache-2.0
// STUN (RFC 8489) read a second time, apart from the component's reader: what a
// message is, and what it asks for, by one that knows Binding alone. The
// checksum and the walk over bytes are the component's.
#ifndef FORMFUZZ_HARNESSES_NETWORKING_STUN_STUN_READER_H_
#define FORMFUZZ_HARNESSES_NETWORKING_STUN_STUN_READER_H_

#include <optional>

#include "components/overlay/wire/stun.h"

namespace formfuzz {

// Whether whoever reads it right takes it for a Binding message of IPv4, or
// refuses it. Of some messages this reader does not say either.
enum class StunForm : uint8_t { kIll, kUnsure, kWell };
StunForm FormOf(overlay::Bytes datagram);

// The address that it tells in XOR-MAPPED-ADDRESS (section 14.2); of
// well-formed ones.
std::optional<overlay::Endpoint> AddressTold(overlay::Bytes stun);

// Attributes that must be understood, are not known here, and are covered by
// what vouches for the message; of well-formed ones.
bool AsksForTheUnknown(overlay::Bytes stun);

// An answer that says 420 and names all that was not understood (sections 14.8
// and 14.9).
bool Refuses(overlay::Bytes answer, const overlay::StunMessage& request);

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_STUN_STUN_READER_H_
