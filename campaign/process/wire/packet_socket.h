// SPDX-License-Identifier: Apache-2.0
// Packets with descriptors over a SOCK_SEQPACKET socket. Allocates nothing, so
// it serves the nursery, the supervisor and the runtime of programs alike.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_WIRE_PACKET_SOCKET_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_WIRE_PACKET_SOCKET_H_

#include <sys/socket.h>
#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <span>

#include "campaign/process/wire/nursery_messages.h"

namespace formfuzz::campaign {

struct LibraryCalls {
  static ssize_t Send(int socket, const msghdr* message, int flags) {
    return sendmsg(socket, message, flags);
  }
  static ssize_t Receive(int socket, msghdr* message, int flags) {
    return recvmsg(socket, message, flags);
  }
};

// False with errno set; EPIPE when nobody is at the other end.
template <class Calls = LibraryCalls>
bool SendPacket(int socket, const void* packet, size_t size,
                std::span<const int> fds = {}) {
  iovec part{const_cast<void*>(packet), size};
  alignas(cmsghdr) char control[CMSG_SPACE(kPassedFdsMax * sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fds.size_bytes());
    memcpy(CMSG_DATA(header), fds.data(), fds.size_bytes());
  }
  ssize_t sent = -1;
  do {
    sent = Calls::Send(socket, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(size);
}

struct ReceivedFds {
  int fds[kPassedFdsMax];
  size_t count = 0;

  std::span<const int> all() const { return {fds, count}; }
};

// The size of the packet; 0 at the end; -1 with errno set. Descriptors are
// close-on-exec, and the caller's to close.
template <class Calls = LibraryCalls>
ssize_t ReceivePacket(int socket, void* packet, size_t size,
                      ReceivedFds& received, int flags = 0) {
  iovec part{packet, size};
  alignas(cmsghdr) char control[CMSG_SPACE(kPassedFdsMax * sizeof(int))];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  ssize_t got = -1;
  do {
    got = Calls::Receive(socket, &message, flags | MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  received.count = 0;
  if (got <= 0) return got;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_type == SCM_RIGHTS) {
    const size_t bytes = header->cmsg_len - CMSG_LEN(0);
    received.count = bytes / sizeof(int);
    memcpy(received.fds, CMSG_DATA(header), bytes);
  }
  return got;
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_WIRE_PACKET_SOCKET_H_
