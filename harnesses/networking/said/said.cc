// SPDX-License-Identifier: Apache-2.0
// Messages that wait are repeated at the last pause at the latest, and at the
// first again once the peer has shown that it listens.
#include "harnesses/networking/said/said.h"

#include <algorithm>

namespace formfuzz {

using overlay::AckFrame;
using overlay::CandidatesFrame;
using overlay::FragmentFrame;

void Said::Note(const View& view, overlay::Bytes frames, int64_t now_ms) {
  const Stream stream{view.own_stream, view.remote_stream};
  if (stream != stream_) {
    stream_ = stream;
    next_ = end_ = 0;
    arrived_.clear();
    due_ms_ = overlay::kNever;
  }
  overlay::Reader in(frames);
  while (in.left() > 0) {
    const auto frame = overlay::ReadFrame(in);
    if (!frame.has_value()) return;
    if (const auto* fragment = std::get_if<FragmentFrame>(&*frame)) {
      Note(view, *fragment);
      due_ms_ = now_ms + overlay::Settings().repeat_last_ms;
    } else if (const auto* told = std::get_if<CandidatesFrame>(&*frame)) {
      places_ = told->candidates;
    }
  }
}

void Said::Note(const View& view, const FragmentFrame& fragment) {
  went_too_far_ |= fragment.message - view.first_out >= overlay::kWindow;
  said_again_ |= HasArrived(fragment.message);
  end_ = std::max(end_, fragment.message + 1);
}

bool Said::HasArrived(uint32_t message) const {
  return message < next_ || std::ranges::count(arrived_, message) > 0;
}

void Said::Acknowledged(const AckFrame& ack, uint32_t end, int64_t now_ms) {
  if (ack.next > end) return;  // what was never sent
  const uint32_t before = next_;
  for (uint32_t message = next_; message < end; ++message) {
    const uint32_t ahead = message - ack.next - 1;
    const bool marked =
        message > ack.next && ahead < 32 && (ack.ahead >> ahead & 1) != 0;
    if ((message < ack.next || marked) && !HasArrived(message)) {
      arrived_.push_back(message);
    }
  }
  while (std::erase(arrived_, next_) > 0) ++next_;
  if (next_ + arrived_.size() == end_) {
    due_ms_ = overlay::kNever;
  } else if (next_ > before) {
    due_ms_ = std::min(due_ms_, now_ms + overlay::Settings().repeat_first_ms);
  }
}

bool Said::IsLate(const View& view, int64_t now_ms) const {
  return view.state == overlay::PeerState::kUp && due_ms_ < now_ms &&
         stream_ == Stream(view.own_stream, view.remote_stream);
}

}  // namespace formfuzz
