// SPDX-License-Identifier: Apache-2.0
// A network that refuses, loses, repeats and cuts short.
#include <poll.h>
#include <sys/socket.h>

#include "framework/fault/inject/call.h"
#include "framework/fault/injection.h"

namespace formfuzz {
namespace {

constexpr FaultKinds kReceives = CanDo(FaultKind::kShort, FaultKind::kDelay);
constexpr FaultKinds kSends = CanDo(FaultKind::kShort, FaultKind::kDelay,
                                    FaultKind::kDrop, FaultKind::kDuplicate);

const LibcPoint kSocket{
    "libc.socket",
    {EMFILE, ENFILE, ENOBUFS, ENOMEM, EACCES, EAFNOSUPPORT, EPROTONOSUPPORT}};
const LibcPoint kBind{"libc.bind",
                      {EADDRINUSE, EACCES, EADDRNOTAVAIL, ELOOP, ENAMETOOLONG,
                       ENOENT, ENOMEM, ENOTDIR, EROFS}};
const LibcPoint kListen{"libc.listen", {EADDRINUSE, EOPNOTSUPP}};
const LibcPoint kConnect{
    "libc.connect",
    {ECONNREFUSED, ETIMEDOUT, ENETUNREACH, EINTR, EINPROGRESS, EAGAIN, EALREADY,
     EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EISCONN, EPROTOTYPE, EACCES,
     EPERM}};
const LibcPoint kAccept{"libc.accept",
                        {EMFILE, ECONNABORTED, EAGAIN, EINTR, ENFILE, ENOBUFS,
                         ENOMEM, EOPNOTSUPP, EPERM, EPROTO}};
const LibcPoint kSend{
    "libc.send",
    {ECONNRESET, EAGAIN, EINTR, EPIPE, ENOBUFS, ENOMEM, EMSGSIZE, ENOTCONN,
     EISCONN, EALREADY, EACCES, EDESTADDRREQ, EOPNOTSUPP},
    kSends};
const LibcPoint kReceive{
    "libc.recv",
    {ECONNRESET, EAGAIN, EINTR, ECONNREFUSED, ENOMEM, ENOTCONN},
    kReceives};
const LibcPoint kPoll{"libc.poll", {EINTR, ENOMEM}};

constexpr std::string_view kNames[] = {
    "libc.socket", "libc.bind", "libc.listen", "libc.connect",
    "libc.accept", "libc.send", "libc.recv",   "libc.poll"};
[[maybe_unused]] const bool added = AddInjectedPoints(kNames);

// Sends are all one point, and so are receipts.
template <class Real>
ssize_t SendOrFail(size_t size, const Real& real) {
  const FaultShown fault = ShowAt(kSend);
  if (!fault) [[likely]]
    return real(size);
  if (fault.Is(FaultKind::kDrop)) return static_cast<ssize_t>(size);
  if (fault.Is(FaultKind::kDuplicate)) {
    real(size);
    return real(size);
  }
  if (fault.Is(FaultKind::kShort) && size > 1) {
    return real(std::max<size_t>(1, fault.short_of(size)));
  }
  errno = kSend.ErrorOf(fault);
  return -1;
}

}  // namespace
}  // namespace formfuzz

using formfuzz::CallOrFail;
using formfuzz::SendOrFail;
using formfuzz::TransferOrFail;

extern "C" {

int __real_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol) {
  return CallOrFail(formfuzz::kSocket, -1,
                    [=] { return __real_socket(domain, type, protocol); });
}
int __real_bind(int fd, const sockaddr* address, socklen_t size);
int __wrap_bind(int fd, const sockaddr* address, socklen_t size) {
  return CallOrFail(formfuzz::kBind, -1,
                    [=] { return __real_bind(fd, address, size); });
}
int __real_listen(int fd, int backlog);
int __wrap_listen(int fd, int backlog) {
  return CallOrFail(formfuzz::kListen, -1,
                    [=] { return __real_listen(fd, backlog); });
}
int __real_connect(int fd, const sockaddr* address, socklen_t size);
int __wrap_connect(int fd, const sockaddr* address, socklen_t size) {
  return CallOrFail(formfuzz::kConnect, -1,
                    [=] { return __real_connect(fd, address, size); });
}
int __real_accept(int fd, sockaddr* address, socklen_t* size);
int __wrap_accept(int fd, sockaddr* address, socklen_t* size) {
  return CallOrFail(formfuzz::kAccept, -1,
                    [=] { return __real_accept(fd, address, size); });
}
ssize_t __real_send(int fd, const void* data, size_t size, int flags);
ssize_t __wrap_send(int fd, const void* data, size_t size, int flags) {
  return SendOrFail(
      size, [=](size_t part) { return __real_send(fd, data, part, flags); });
}
ssize_t __real_sendto(int fd, const void* data, size_t size, int flags,
                      const sockaddr* to, socklen_t to_size);
ssize_t __wrap_sendto(int fd, const void* data, size_t size, int flags,
                      const sockaddr* to, socklen_t to_size) {
  return SendOrFail(size, [=](size_t part) {
    return __real_sendto(fd, data, part, flags, to, to_size);
  });
}
ssize_t __real_recv(int fd, void* data, size_t size, int flags);
ssize_t __wrap_recv(int fd, void* data, size_t size, int flags) {
  return TransferOrFail(formfuzz::kReceive, size, [=](size_t part) {
    return __real_recv(fd, data, part, flags);
  });
}
ssize_t __real_recvfrom(int fd, void* data, size_t size, int flags,
                        sockaddr* from, socklen_t* from_size);
ssize_t __wrap_recvfrom(int fd, void* data, size_t size, int flags,
                        sockaddr* from, socklen_t* from_size) {
  return TransferOrFail(formfuzz::kReceive, size, [=](size_t part) {
    return __real_recvfrom(fd, data, part, flags, from, from_size);
  });
}
int __real_poll(pollfd* fds, nfds_t count, int timeout_ms);
int __wrap_poll(pollfd* fds, nfds_t count, int timeout_ms) {
  return CallOrFail(formfuzz::kPoll, -1,
                    [=] { return __real_poll(fds, count, timeout_ms); });
}

}  // extern "C"
