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

// Of attributes that occur twice the first counts (section 14), and none
// behind MESSAGE-INTEGRITY; of well-formed ones.
bool SaysTheSame(overlay::Bytes stun, const overlay::StunMessage& read);

// Whether MESSAGE-INTEGRITY is there and right under the key: made over all
// before it, with the length of a message that ends behind it (section 14.5).
bool IsVouchedFor(overlay::Bytes stun, overlay::Bytes key,
                  const overlay::Crypto& crypto);

// Attributes that must be understood, are not known here, and are covered by
// what vouches for the message; of well-formed ones.
bool AsksForTheUnknown(overlay::Bytes stun);

// An answer that says 420 and names all that was not understood (sections 14.8
// and 14.9).
bool Refuses(overlay::Bytes answer, const overlay::StunMessage& request);

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_STUN_STUN_READER_H_
