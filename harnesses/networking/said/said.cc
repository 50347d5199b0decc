// SPDX-License-Identifier: Apache-2.0
// A message's own pauses are never longer than if they had doubled from its
// first; once the peer has shown that it listens all begin anew.
#include "harnesses/networking/said/said.h"

#include <algorithm>

namespace formfuzz {

using overlay::AckFrame;
using overlay::CandidatesFrame;
using overlay::FragmentFrame;
using overlay::KeepAliveFrame;

namespace {

constexpr overlay::Settings kUsual;

}  // namespace

void Said::Note(const View& view, overlay::Bytes frames, int64_t now_ms) {
  const Stream stream{view.own_stream, view.remote_stream};
  if (stream != stream_) {
    stream_ = stream;
    next_ = end_ = 0;
    arrived_.clear();
    waiting_.clear();
  }
  said_ms_ = now_ms;
  overlay::Reader in(frames);
  while (in.left() > 0) {
    const auto frame = overlay::ReadFrame(in);
    if (!frame.has_value()) return;
    if (const auto* fragment = std::get_if<FragmentFrame>(&*frame)) {
      Note(view, *fragment, now_ms);
      continue;
    }
    const auto* const told = std::get_if<CandidatesFrame>(&*frame);
    if (told != nullptr) NoteTold(*told, now_ms);
    if (told != nullptr || std::holds_alternative<KeepAliveFrame>(*frame)) {
      chatters_ |= signs_.IsTooFast(now_ms);
    }
  }
}

// Anew, where it is another place.
void Said::NoteTold(const CandidatesFrame& told, int64_t now_ms) {
  if (told.number != places_number_) told_.pause_ms = 0;
  places_number_ = told.number;
  places_ = told.candidates;
  told_.Said(now_ms, kUsual.repeat_first_ms, kUsual.repeat_last_ms);
}

void Said::Note(const View& view, const FragmentFrame& fragment,
                int64_t now_ms) {
  went_too_far_ |= fragment.message - view.first_out >= overlay::kWindow;
  said_again_ |= HasArrived(fragment.message);
  end_ = std::max(end_, fragment.message + 1);
  if (fragment.offset > 0) return;
  auto known = std::ranges::find(waiting_, fragment.message, &Waiting::message);
  if (known == waiting_.end()) {
    std::erase_if(waiting_, [&view](const Waiting& waiting) {
      return waiting.message < view.first_out;
    });
    waiting_.push_back({fragment.message, 0, 0});
    known = waiting_.end() - 1;
  }
  known->pause_ms = known->pause_ms == 0
                        ? kUsual.repeat_first_ms
                        : std::min(2 * known->pause_ms, kUsual.repeat_last_ms);
  known->due_ms = now_ms + known->pause_ms;
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
  std::erase_if(waiting_, [this](const Waiting& waiting) {
    return HasArrived(waiting.message);
  });
  if (next_ == before) return;
  for (Waiting& waiting : waiting_) {
    waiting.pause_ms = kUsual.repeat_first_ms;
    waiting.due_ms = std::min(waiting.due_ms, now_ms + waiting.pause_ms);
  }
}

bool Said::IsLate(const View& view, int64_t now_ms) const {
  return view.state == overlay::PeerState::kUp &&
         std::ranges::any_of(waiting_,
                             [now_ms](const Waiting& waiting) {
                               return waiting.due_ms < now_ms;
                             }) &&
         stream_ == Stream(view.own_stream, view.remote_stream);
}

bool Said::IsLateToTell(const View& view, int64_t now_ms) const {
  return view.state == overlay::PeerState::kUp && told_.IsLate(now_ms) &&
         stream_ == Stream(view.own_stream, view.remote_stream);
}

bool Said::IsSilent(const View& view, int64_t now_ms) const {
  return view.state == overlay::PeerState::kUp &&
         now_ms - said_ms_ > kUsual.keep_alive_ms;
}

}  // namespace formfuzz
