// SPDX-License-Identifier: Apache-2.0
// The kind's number is its place in the variant, plus one.
#include "components/overlay/wire/frame.h"

namespace overlay {
namespace {

enum Kind : uint8_t {
  kKeepAlive = 1,
  kFragment,
  kAck,
  kCandidates,
  kClose,
  kCandidatesSeen,
};

std::optional<Frame> ReadFragment(Reader& body) {
  FragmentFrame frame;
  frame.message = body.U32();
  frame.total = body.U16();
  frame.offset = body.U16();
  frame.bytes = body.Rest();
  if (!body.ok() || frame.bytes.empty()) return std::nullopt;
  return frame;
}

std::optional<Frame> ReadAck(Reader& body) {
  AckFrame frame;
  frame.next = body.U32();
  frame.ahead = body.U32();
  if (!body.AtEnd()) return std::nullopt;
  return frame;
}

std::optional<Frame> ReadCandidates(Reader& body) {
  CandidatesFrame frame;
  frame.number = body.U32();
  frame.credentials.name = body.U32();
  body.Fill(frame.credentials.password);
  const uint8_t count = body.U8();
  if (count > kCandidatesMax) return std::nullopt;
  for (uint8_t i = 0; i < count; ++i) {
    const uint8_t kind = body.U8();
    if (kind > static_cast<uint8_t>(CandidateKind::kPeerReflexive)) {
      return std::nullopt;
    }
    frame.candidates.Add(
        {ReadEndpoint(body), static_cast<CandidateKind>(kind)});
  }
  if (!body.AtEnd()) return std::nullopt;
  return frame;
}

std::optional<Frame> ReadCandidatesSeen(Reader& body) {
  CandidatesSeenFrame frame;
  frame.number = body.U32();
  if (!body.AtEnd()) return std::nullopt;
  return frame;
}

template <class Empty>
std::optional<Frame> ReadEmpty(Reader& body) {
  if (!body.AtEnd()) return std::nullopt;
  return Empty();
}

struct WriteBody {
  Writer& out;

  void operator()(const KeepAliveFrame&) const {}
  void operator()(const CloseFrame&) const {}
  void operator()(const FragmentFrame& frame) const {
    out.U32(frame.message).U16(frame.total).U16(frame.offset);
    out.Put(frame.bytes);
  }
  void operator()(const AckFrame& frame) const {
    out.U32(frame.next).U32(frame.ahead);
  }
  void operator()(const CandidatesFrame& frame) const {
    out.U32(frame.number)
        .U32(frame.credentials.name)
        .Put(frame.credentials.password);
    out.U8(static_cast<uint8_t>(frame.candidates.size()));
    for (const Candidate& candidate : frame.candidates) {
      out.U8(static_cast<uint8_t>(candidate.kind));
      WriteEndpoint(candidate.endpoint, out);
    }
  }
  void operator()(const CandidatesSeenFrame& frame) const {
    out.U32(frame.number);
  }
};

size_t BodyBytes(const Frame& frame) {
  if (const auto* fragment = std::get_if<FragmentFrame>(&frame)) {
    return 8 + fragment->bytes.size();
  }
  if (std::holds_alternative<AckFrame>(frame)) return 8;
  if (std::holds_alternative<CandidatesSeenFrame>(frame)) return 4;
  if (const auto* list = std::get_if<CandidatesFrame>(&frame)) {
    return 8 + kPasswordBytes + 1 +
           list->candidates.size() * (1 + kEndpointBytes);
  }
  return 0;
}

}  // namespace

std::optional<Frame> ReadFrame(Reader& in) {
  const uint8_t kind = in.U8();
  const uint16_t size = in.U16();
  Reader body(in.Take(size));
  if (!in.ok()) return std::nullopt;
  switch (kind) {
    case kKeepAlive:
      return ReadEmpty<KeepAliveFrame>(body);
    case kFragment:
      return ReadFragment(body);
    case kAck:
      return ReadAck(body);
    case kCandidates:
      return ReadCandidates(body);
    case kClose:
      return ReadEmpty<CloseFrame>(body);
    case kCandidatesSeen:
      return ReadCandidatesSeen(body);
    default:
      return std::nullopt;
  }
}

void WriteFrame(const Frame& frame, Writer& out) {
  out.U8(static_cast<uint8_t>(frame.index() + 1));
  out.U16(static_cast<uint16_t>(BodyBytes(frame)));
  std::visit(WriteBody{out}, frame);
}

}  // namespace overlay
