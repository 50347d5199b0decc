// SPDX-License-Identifier: Apache-2.0
// The five calls that c-ares makes in place of the system's.
#include "harnesses/c_ares/name_servers.h"

#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace formfuzz {
namespace {

// Above what the process has open: a call of the system's own with such a
// number fails.
constexpr ares_socket_t kFirstSocket = 100'000;

NameServers& Self(void* self) { return *static_cast<NameServers*>(self); }

int Fail(int error) {
  errno = error;
  return -1;
}

void MakeStranger(sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    reinterpret_cast<sockaddr_in&>(address).sin_addr.s_addr = htonl(0xcb007142);
  } else {
    reinterpret_cast<sockaddr_in6&>(address).sin6_addr.s6_addr[15] ^= 0x42;
  }
}

}  // namespace

void NameServers::Attach(ares_channel channel) {
  static const ares_socket_functions kFunctions = {
      &Open, &Close, &Connect,
      [](ares_socket_t number, void* to, size_t size, int, sockaddr* from,
         ares_socklen_t* from_size, void* self) {
        return Self(self).Receive(number, {static_cast<uint8_t*>(to), size},
                                  from, from_size);
      },
      &Send};
  ares_set_socket_functions(channel, &kFunctions, this);
}

ServerSocket* NameServers::Find(ares_socket_t number) {
  const auto index = static_cast<size_t>(number - kFirstSocket);
  return index < sockets_.size() ? &sockets_[index] : nullptr;
}

void NameServers::Deliver(ServerSocket& socket, Bytes message,
                          bool from_stranger) {
  Datagram datagram;
  datagram.from = socket.server;
  if (from_stranger) MakeStranger(datagram.from);
  if (socket.stream) {
    datagram.bytes = {static_cast<uint8_t>(message.size() >> 8),
                      static_cast<uint8_t>(message.size())};
  }
  datagram.bytes.insert(datagram.bytes.end(), message.begin(), message.end());
  socket.inbox.push_back(std::move(datagram));
}

ares_socket_t NameServers::Open(int, int type, int, void* self) {
  NameServers& servers = Self(self);
  if (servers.down_) return Fail(EMFILE);
  const auto number =
      kFirstSocket + static_cast<ares_socket_t>(servers.sockets_.size());
  ServerSocket& socket = servers.sockets_.emplace_back();
  socket.number = number;
  socket.stream = type == SOCK_STREAM;
  return number;
}

int NameServers::Close(ares_socket_t number, void* self) {
  ServerSocket* socket = Self(self).Find(number);
  if (socket == nullptr || !socket->open) return Fail(EBADF);
  socket->open = false;
  socket->inbox.clear();
  ++Self(self).closed_;
  return 0;
}

int NameServers::Connect(ares_socket_t number, const sockaddr* server,
                         ares_socklen_t size, void* self) {
  ServerSocket* socket = Self(self).Find(number);
  if (socket == nullptr || !socket->open) return Fail(EBADF);
  std::memcpy(&socket->server, server,
              std::min<size_t>(size, sizeof(socket->server)));
  return 0;
}

ares_ssize_t NameServers::Receive(ares_socket_t number, std::span<uint8_t> to,
                                  sockaddr* from, ares_socklen_t* from_size) {
  ServerSocket* socket = Find(number);
  if (socket == nullptr || !socket->open) return Fail(EBADF);
  if (socket->inbox.empty()) return socket->ended ? 0 : Fail(EAGAIN);
  Datagram& first = socket->inbox.front();
  const size_t taken = std::min(to.size(), first.bytes.size());
  if (taken > 0) std::memcpy(to.data(), first.bytes.data(), taken);
  if (from != nullptr) {
    std::memcpy(from, &first.from,
                std::min<size_t>(*from_size, sizeof(first.from)));
  }
  if (socket->stream && taken < first.bytes.size()) {
    first.bytes.erase(first.bytes.begin(),
                      first.bytes.begin() + static_cast<ptrdiff_t>(taken));
  } else {
    socket->inbox.pop_front();
  }
  return static_cast<ares_ssize_t>(taken);
}

ares_ssize_t NameServers::Send(ares_socket_t number, const iovec* parts,
                               int count, void* self) {
  NameServers& servers = Self(self);
  ServerSocket* socket = servers.Find(number);
  if (socket == nullptr || !socket->open) return Fail(EBADF);
  if (servers.down_) return Fail(ENETUNREACH);
  std::vector<uint8_t> bytes;
  for (int i = 0; i < count; ++i) {
    const auto* part = static_cast<const uint8_t*>(parts[i].iov_base);
    bytes.insert(bytes.end(), part, part + parts[i].iov_len);
  }
  if (socket->stream) {
    socket->outbox.insert(socket->outbox.end(), bytes.begin(), bytes.end());
    servers.KeepWholeQueries(*socket);
  } else {
    servers.Keep(*socket, bytes);
  }
  return static_cast<ares_ssize_t>(bytes.size());
}

void NameServers::Keep(ServerSocket& socket, Bytes bytes) {
  if (sent_.size() >= kSentMax) return;
  sent_.push_back({socket.number, {bytes.begin(), bytes.end()}});
}

void NameServers::KeepWholeQueries(ServerSocket& socket) {
  std::vector<uint8_t>& out = socket.outbox;
  size_t at = 0;
  while (out.size() - at >= 2) {
    const size_t size = size_t{out[at]} << 8 | out[at + 1];
    if (out.size() - at - 2 < size) break;
    Keep(socket, Bytes(out).subspan(at + 2, size));
    at += 2 + size;
  }
  out.erase(out.begin(), out.begin() + static_cast<ptrdiff_t>(at));
}

}  // namespace formfuzz
