// SPDX-License-Identifier: Apache-2.0
// Sending and receiving at the same time, as a server may answer early.

#include "campaign/process/protocol/conversation.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "campaign/process/wire/nursery_messages.h"
#include "framework/base/clock.h"

namespace formfuzz::campaign {
namespace {

constexpr uint64_t kMs = 1'000'000;
// Of a datagram over the loopback; longer inputs go in several.
constexpr size_t kDatagramMax = 65'000;

}  // namespace

Exchange::Exchange(int socket, Bytes bytes, const ConversationRules& rules,
                   std::string& answer)
    : socket_(socket),
      left_(bytes),
      empty_datagram_(bytes.empty() && !rules.stream),
      rules_(rules),
      answer_(answer),
      start_ns_(MonotonicNs()),
      moved_ns_(start_ns_) {}

pollfd Exchange::Awaits() {
  if (!sending()) SayThatThereIsNoMore();
  pollfd polls{socket_, POLLIN, 0};
  if (sending()) polls.events |= POLLOUT;
  return polls;
}

int Exchange::patience_ms() const {
  return static_cast<int>(sending() ? rules_.wall_ms : rules_.quiet_ms);
}

std::optional<ConversationEnd> Exchange::Move(short events) {
  const uint64_t now = MonotonicNs();
  if (now - start_ns_ > rules_.wall_ms * kMs) return ConversationEnd::kTooLong;
  if (events == 0) {
    const bool late =
        now - moved_ns_ >= static_cast<uint64_t>(patience_ms()) * kMs;
    if (!late) return std::nullopt;
    return sending() ? ConversationEnd::kTooLong : ConversationEnd::kQuiet;
  }
  moved_ns_ = now;
  if ((events & (POLLIN | POLLHUP | POLLERR)) != 0 && !Receive()) {
    return ConversationEnd::kClosed;
  }
  if ((events & POLLOUT) != 0 && !Send()) left_ = {};
  return std::nullopt;
}

void Exchange::SayThatThereIsNoMore() {
  if (rules_.stream && !finished_) shutdown(socket_, SHUT_WR);
  finished_ = true;
}

bool Exchange::Send() {
  const size_t size =
      rules_.stream ? left_.size() : std::min(left_.size(), kDatagramMax);
  const ssize_t sent =
      send(socket_, left_.data(), size, MSG_NOSIGNAL | MSG_DONTWAIT);
  empty_datagram_ = false;
  if (sent < 0) return errno == EAGAIN || errno == EINTR;
  left_ = left_.subspan(static_cast<size_t>(sent));
  return true;
}

bool Exchange::Receive() {
  char buffer[1 << 14];
  const ssize_t size = recv(socket_, buffer, sizeof(buffer), MSG_DONTWAIT);
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  if (size == 0 && rules_.stream) return false;
  const size_t room = rules_.answer_bytes - answer_.size();
  answer_.append(buffer, std::min(room, static_cast<size_t>(size)));
  return true;
}

ConversationEnd Converse(int socket, Bytes bytes,
                         const ConversationRules& rules, std::string& answer) {
  answer.clear();
  Exchange exchange(socket, bytes, rules, answer);
  while (true) {
    pollfd polls = exchange.Awaits();
    const int ready = poll(&polls, 1, exchange.patience_ms());
    const auto end = exchange.Move(ready > 0 ? polls.revents : 0);
    if (end.has_value()) return *end;
  }
}

struct Connect ConnectTo(const ServerAddress& address) {
  struct Connect to;
  const bool datagrams = address.kind == ServerAddress::Kind::kUdp;
  to.type = datagrams ? SOCK_DGRAM : SOCK_STREAM;
  if (address.kind == ServerAddress::Kind::kUnix) {
    snprintf(to.path, sizeof(to.path), "%s", address.path.c_str());
  } else {
    to.port = address.port;
  }
  return to;
}

}  // namespace formfuzz::campaign
