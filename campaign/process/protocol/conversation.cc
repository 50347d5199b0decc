// SPDX-License-Identifier: Apache-2.0
// Sending and receiving at the same time, as a server may answer early.

#include "campaign/process/protocol/conversation.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "framework/base/clock.h"

namespace formfuzz::campaign {
namespace {

// Of a datagram over the loopback; longer inputs go in several.
constexpr size_t kDatagramMax = 65'000;

class Exchange {
 public:
  Exchange(int socket, Bytes bytes, const ConversationRules& rules,
           std::string& answer)
      : socket_(socket),
        left_(bytes),
        empty_datagram_(bytes.empty() && !rules.stream),
        rules_(rules),
        answer_(answer) {}

  ConversationEnd Run() {
    const uint64_t deadline_ns = MonotonicNs() + rules_.wall_ms * 1'000'000;
    while (true) {
      const bool sending = !left_.empty() || empty_datagram_;
      if (!sending) SayThatThereIsNoMore();
      pollfd polls{socket_, POLLIN, 0};
      if (sending) polls.events |= POLLOUT;
      const uint64_t patience_ms = sending ? rules_.wall_ms : rules_.quiet_ms;
      const int ready = poll(&polls, 1, static_cast<int>(patience_ms));
      if (MonotonicNs() > deadline_ns) return ConversationEnd::kTooLong;
      if (ready == 0) {
        return sending ? ConversationEnd::kTooLong : ConversationEnd::kQuiet;
      }
      if ((polls.revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !Receive()) {
        return ConversationEnd::kClosed;
      }
      if ((polls.revents & POLLOUT) != 0 && !Send()) left_ = {};
    }
  }

 private:
  void SayThatThereIsNoMore() {
    if (rules_.stream && !finished_) shutdown(socket_, SHUT_WR);
    finished_ = true;
  }

  bool Send() {
    const size_t size =
        rules_.stream ? left_.size() : std::min(left_.size(), kDatagramMax);
    const ssize_t sent =
        send(socket_, left_.data(), size, MSG_NOSIGNAL | MSG_DONTWAIT);
    empty_datagram_ = false;
    if (sent < 0) return errno == EAGAIN || errno == EINTR;
    left_ = left_.subspan(static_cast<size_t>(sent));
    return true;
  }

  bool Receive() {
    char buffer[1 << 14];
    const ssize_t size = recv(socket_, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    if (size == 0 && rules_.stream) return false;
    const size_t room = rules_.answer_bytes - answer_.size();
    answer_.append(buffer, std::min(room, static_cast<size_t>(size)));
    return true;
  }

  int socket_;
  Bytes left_;
  bool empty_datagram_;
  const ConversationRules& rules_;
  std::string& answer_;
  bool finished_ = false;
};

}  // namespace

ConversationEnd Converse(int socket, Bytes bytes,
                         const ConversationRules& rules, std::string& answer) {
  answer.clear();
  return Exchange(socket, bytes, rules, answer).Run();
}

}  // namespace formfuzz::campaign
