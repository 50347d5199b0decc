// SPDX-License-Identifier: Apache-2.0
// The first byte is the number's, so that also short messages differ; all but
// the mark follow from number and place.
#include "harnesses/networking/message_ledger.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "framework/base/bytes.h"
#include "framework/base/digest.h"
#include "framework/base/text.h"

namespace formfuzz {

bool MessageLedger::IsMarked(overlay::Bytes bytes) {
  char mark[sizeof kMark];
  std::memcpy(mark, &kMark, sizeof mark);
  return AsText(bytes).find(std::string_view(mark, sizeof mark)) !=
         std::string_view::npos;
}

std::vector<uint8_t> MessageLedger::BytesOf(size_t number, size_t size) const {
  std::vector<uint8_t> bytes(size);
  const uint64_t seed = Mix(direction_, number);
  for (size_t at = 0; at < size; at += 8) {
    uint64_t word = at == 8 && size >= 16 ? kMark : Mix(seed, at);
    if (at == 0) word = (word & ~uint64_t{0xff}) | (number & 0xff);
    std::memcpy(bytes.data() + at, &word, std::min<size_t>(8, size - at));
  }
  return bytes;
}

std::vector<uint8_t> MessageLedger::Next(size_t size) const {
  return BytesOf(messages_.size(), size);
}

std::string MessageLedger::Arrived(overlay::Bytes message) {
  // The first that it can be: those before it were skipped.
  for (size_t i = next_; i < messages_.size(); ++i) {
    const std::vector<uint8_t> expected = BytesOf(i, messages_[i].size);
    if (!std::equal(expected.begin(), expected.end(), message.begin(),
                    message.end())) {
      continue;
    }
    for (size_t skipped = next_; skipped < i; ++skipped) {
      if (messages_[skipped].given_up) continue;
      return Concat("message ", i, " arrived, and message ", skipped,
                    " before it did not");
    }
    next_ = i + 1;
    ++arrived_;
    return {};
  }
  return Concat("something of ", message.size(),
                " bytes arrived that is none of the messages ", next_, " to ",
                messages_.size());
}

bool MessageLedger::GivenUp(size_t count, size_t queued, MayGiveUp what) {
  if (count + queued > messages_.size()) return false;
  const size_t end = messages_.size() - queued;
  if (count > 0 && end > out_end_ && what == MayGiveUp::kWhatLeft) return false;
  for (size_t i = end - count; i < end; ++i) messages_[i].given_up = true;
  return true;
}

size_t MessageLedger::missing() const {
  return static_cast<size_t>(std::count_if(
      messages_.begin() + static_cast<ptrdiff_t>(next_), messages_.end(),
      [](const Message& message) { return !message.given_up; }));
}

}  // namespace formfuzz
