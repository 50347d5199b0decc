// SPDX-License-Identifier: Apache-2.0
// What a node writes down for its next start:
//
//   "OVL1", last stamp (64), count (16), then for each peer its key, the
//   highest stamp seen (64), whether it is wanted (8), its endpoint (48, zeros
//   where there is none), and a CRC-32 of all before.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "components/overlay/node/node.h"

namespace overlay {
namespace {

constexpr uint32_t kMagic = 0x4f564c31;
constexpr size_t kHeadBytes = 4 + 8 + 2;
constexpr size_t kPeerBytes = kKeyBytes + 8 + 1 + kEndpointBytes;
constexpr size_t kSumBytes = 4;

Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

absl::Status Unusable(std::string_view why) {
  return absl::DataLossError(
      absl::StrCat("records of peers cannot be used: ",
                   absl::string_view(why.data(), why.size()),
                   "; start without them, and add the peers anew"));
}

}  // namespace

std::string Node::Save() const {
  std::string records(kHeadBytes + peers_.size() * kPeerBytes + kSumBytes, 0);
  Writer out({reinterpret_cast<uint8_t*>(records.data()), records.size()});
  out.U32(kMagic).U64(stamp_).U16(static_cast<uint16_t>(peers_.size()));
  for (const auto& peer : peers_) {
    out.Put(peer->key).U64(peer->stamp_seen).U8(peer->wanted ? 1 : 0);
    WriteEndpoint(peer->hint.value_or(Endpoint()), out);
  }
  out.U32(Crc32(out.written()));
  return records;
}

absl::Status Node::Load(std::string_view records) {
  if (!peers_.empty()) {
    return absl::FailedPreconditionError(
        "records of peers are for a node that has none yet");
  }
  const Bytes all = AsBytes(records);
  if (all.size() < kHeadBytes + kSumBytes) return Unusable("they are cut off");
  Reader sum(all.last(kSumBytes));
  if (sum.U32() != Crc32(all.first(all.size() - kSumBytes))) {
    return Unusable("their sum is wrong");
  }
  Reader in(all.first(all.size() - kSumBytes));
  if (in.U32() != kMagic) return Unusable("they are something else");
  const uint64_t stamp = in.U64();
  const uint16_t count = in.U16();
  if (count > settings_.peers_max || in.left() != count * kPeerBytes) {
    return Unusable("their count is wrong");
  }
  for (uint16_t i = 0; i < count; ++i) {
    Key key;
    in.Fill(key);
    const uint64_t stamp_seen = in.U64();
    const bool wanted = in.U8() != 0;
    const Endpoint endpoint = ReadEndpoint(in);
    const absl::Status added = AddPeer(key);
    if (!added.ok()) return added;
    peers_.back()->stamp_seen = stamp_seen;
    peers_.back()->wanted = wanted;
    if (IsUnicast(endpoint)) peers_.back()->hint = endpoint;
  }
  stamp_ = std::max(stamp_, stamp);
  return absl::OkStatus();
}

}  // namespace overlay
