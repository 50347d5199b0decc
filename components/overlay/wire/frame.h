// SPDX-License-Identifier: Apache-2.0
// What a sealed packet holds: frames, one behind the other, each a kind, a
// length of 16 bits and a body. An unknown kind, or a body that is not exactly
// what its kind says, spoils the whole packet.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_WIRE_FRAME_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_WIRE_FRAME_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>

#include "components/overlay/path/candidate.h"
#include "components/overlay/wire/bytes.h"

namespace overlay {

inline constexpr size_t kMessageBytesMax = 4096;
inline constexpr size_t kFragmentBytes = 1024;  // of all but a message's last
inline constexpr size_t kFrameHeadBytes = 3;

// A part of a message: bytes from `offset` on, of `total`.
struct FragmentFrame {
  uint32_t message = 0;
  uint16_t total = 0;
  uint16_t offset = 0;
  Bytes bytes;
};
// All messages below `next` have arrived whole; bit i: next + 1 + i has, too.
struct AckFrame {
  uint32_t next = 0;
  uint32_t ahead = 0;
};
// How and where the sender can be checked directly. The number rises with
// every change: of two the higher counts, whichever comes first.
struct CandidatesFrame {
  Credentials credentials;
  CandidateList candidates;
  uint32_t number = 0;
};
// The highest number of candidates that came.
struct CandidatesSeenFrame {
  uint32_t number = 0;
};
struct KeepAliveFrame {};
struct CloseFrame {};

using Frame = std::variant<KeepAliveFrame, FragmentFrame, AckFrame,
                           CandidatesFrame, CloseFrame, CandidatesSeenFrame>;

// The next frame; nothing where the rest is no frame.
std::optional<Frame> ReadFrame(Reader& in);
void WriteFrame(const Frame& frame, Writer& out);

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_WIRE_FRAME_H_
