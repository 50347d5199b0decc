// SPDX-License-Identifier: Apache-2.0
// Serves on a port of the loopback until SIGTERM: says what it was told, and
// makes one rare system call when it is told to SWEEP. `server PORT daemon`
// goes on without its parent, `server PORT datagrams` takes these, and
// `server PATH` serves on a Unix socket; `client PORT` visits it.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

volatile sig_atomic_t told_to_stop = 0;

void OnTerm(int) { told_to_stop = 1; }

sockaddr_in Loopback(const char* port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(atoi(port)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void Answer(int connection) {
  char request[256] = "";
  const ssize_t size = read(connection, request, sizeof(request) - 1);
  if (size > 0 && strncmp(request, "SWEEP", 5) == 0) syscall(SYS_getsid, 0);
  if (size > 0 && write(connection, request, static_cast<size_t>(size)) < 0) {
    perror("write");
  }
  close(connection);
}

int Bound(const char* at, int type) {
  sockaddr_un path{AF_UNIX, ""};
  const sockaddr_in address = Loopback(at);
  const bool local = at[0] == '/';
  if (local) strncpy(path.sun_path, at, sizeof(path.sun_path) - 1);
  const int fd = socket(local ? AF_UNIX : AF_INET, type, 0);
  const auto* to = local ? reinterpret_cast<const sockaddr*>(&path)
                         : reinterpret_cast<const sockaddr*>(&address);
  const socklen_t size = local ? sizeof(path) : sizeof(address);
  return bind(fd, to, size) == 0 ? fd : -1;
}

int ServeDatagrams(const char* port) {
  const int fd = Bound(port, SOCK_DGRAM);
  while (told_to_stop == 0) {
    char request[256];
    sockaddr_in from{};
    socklen_t size = sizeof(from);
    auto* whom = reinterpret_cast<sockaddr*>(&from);
    const ssize_t got = recvfrom(fd, request, sizeof(request), 0, whom, &size);
    if (got > 0) sendto(fd, request, static_cast<size_t>(got), 0, whom, size);
  }
  return 3;
}

int Serve(const char* at) {
  const int listener = Bound(at, SOCK_STREAM);
  if (listener < 0 || listen(listener, 8) != 0) {
    perror("listen");
    return 1;
  }
  while (told_to_stop == 0) {
    const int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) Answer(connection);
  }
  puts("stopped in order");
  return 3;
}

int Visit(const char* port) {
  const sockaddr_in address = Loopback(port);
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  char answer[8] = "";
  return connect(connection, reinterpret_cast<const sockaddr*>(&address),
                 sizeof(address)) == 0 &&
                 write(connection, "SWEEP", 5) == 5 &&
                 read(connection, answer, sizeof(answer)) == 5
             ? 0
             : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && strcmp(argv[1], "client") == 0) return Visit(argv[2]);
  if (argc == 3 && strcmp(argv[2], "daemon") == 0 && fork() != 0) return 0;
  if (argc < 2 || (argv[1][0] != '/' && atoi(argv[1]) == 0)) {
    puts("Usage: server PORT\n  -h, --help   say this");
    return 2;
  }
  struct sigaction action{};
  action.sa_handler = OnTerm;
  sigaction(SIGTERM, &action, nullptr);
  if (argc == 3 && strcmp(argv[2], "datagrams") == 0) {
    return ServeDatagrams(argv[1]);
  }
  return Serve(argv[1]);
}
