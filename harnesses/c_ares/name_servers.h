// SPDX-License-Identifier: Apache-2.0
// The sockets that c-ares is given, and the name servers behind them, which
// answer nothing by themselves: datagrams and streams hold what a scenario put
// there. Never loses, reorders or changes anything of its own accord; every
// call may be made from within another.
#ifndef FORMFUZZ_HARNESSES_C_ARES_NAME_SERVERS_H_
#define FORMFUZZ_HARNESSES_C_ARES_NAME_SERVERS_H_

#include <ares.h>
#include <netinet/in.h>

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "framework/base/bytes.h"

namespace formfuzz {

struct Datagram {
  std::vector<uint8_t> bytes;
  sockaddr_storage from{};
};

struct ServerSocket {
  ares_socket_t number;
  bool stream;
  bool open = true;
  bool ended = false;  // the server has closed its side
  sockaddr_storage server{};
  std::deque<Datagram> inbox;
  std::vector<uint8_t> outbox;  // of a stream: what is not yet a whole query
};

// A query as it left, without the length that goes before it in a stream.
struct SentQuery {
  ares_socket_t socket;
  std::vector<uint8_t> bytes;
};

class NameServers {
 public:
  // Sent queries are kept up to here; later ones are lost, as on a bad line.
  static constexpr size_t kSentMax = 256;

  void Attach(ares_channel channel);

  // In order of opening; a number is never given twice.
  std::vector<ServerSocket>& sockets() { return sockets_; }
  ServerSocket* Find(ares_socket_t number);
  const std::vector<SentQuery>& sent() const { return sent_; }
  size_t closed() const { return closed_; }
  // Opening a socket and sending fail from now on, or no longer.
  void set_down(bool down) { down_ = down; }

  // Puts a message into the socket's inbox: a datagram from the server, or
  // from another machine; in a stream, with its length before it.
  void Deliver(ServerSocket& socket, Bytes message, bool from_stranger);

 private:
  static ares_socket_t Open(int family, int type, int protocol, void* self);
  static int Close(ares_socket_t number, void* self);
  static int Connect(ares_socket_t number, const sockaddr* server,
                     ares_socklen_t size, void* self);
  ares_ssize_t Receive(ares_socket_t number, std::span<uint8_t> to,
                       sockaddr* from, ares_socklen_t* from_size);
  static ares_ssize_t Send(ares_socket_t number, const iovec* parts, int count,
                           void* self);

  void Keep(ServerSocket& socket, Bytes bytes);
  void KeepWholeQueries(ServerSocket& socket);

  std::vector<ServerSocket> sockets_;
  std::vector<SentQuery> sent_;
  size_t closed_ = 0;
  bool down_ = false;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_C_ARES_NAME_SERVERS_H_
