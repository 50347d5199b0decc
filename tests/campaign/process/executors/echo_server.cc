// SPDX-License-Identifier: Apache-2.0
// Echoes what it is sent: echo_server tcp|udp PORT, echo_server unix PATH.
// "die" aborts it, "deaf" makes it listen no more but live on.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

int Listen(const std::string& kind, const char* where) {
  const int type = kind == "udp" ? SOCK_DGRAM : SOCK_STREAM;
  int fd = -1;
  if (kind == "unix") {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", where);
    fd = socket(AF_UNIX, type, 0);
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      return -1;
    }
  } else {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(atoi(where)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fd = socket(AF_INET, type, 0);
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      return -1;
    }
  }
  if (type == SOCK_STREAM) listen(fd, 16);
  return fd;
}

void Obey(const std::string& message, int listener) {
  if (message == "die") abort();
  if (message == "deaf") {
    close(listener);
    while (true) pause();
  }
}

void ServeStream(int listener) {
  const int fd = accept(listener, nullptr, nullptr);
  char buffer[4096];
  ssize_t size = 0;
  while ((size = recv(fd, buffer, sizeof(buffer), 0)) > 0) {
    Obey({buffer, static_cast<size_t>(size)}, listener);
    send(fd, buffer, static_cast<size_t>(size), MSG_NOSIGNAL);
  }
  close(fd);
}

void ServeDatagram(int fd) {
  char buffer[4096];
  sockaddr_in from{};
  socklen_t length = sizeof(from);
  auto* address = reinterpret_cast<sockaddr*>(&from);
  const ssize_t size =
      recvfrom(fd, buffer, sizeof(buffer), 0, address, &length);
  if (size < 0) return;
  Obey({buffer, static_cast<size_t>(size)}, fd);
  sendto(fd, buffer, static_cast<size_t>(size), 0, address, length);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string kind = argv[1];
  const int fd = Listen(kind, argv[2]);
  if (fd < 0) return 1;
  while (true) {
    if (kind == "udp") {
      ServeDatagram(fd);
    } else {
      ServeStream(fd);
    }
  }
}
