// SPDX-License-Identifier: Apache-2.0
// One loop over the supervisor's socket and the ends of children.

#include "campaign/process/nursery/nursery.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "campaign/process/nursery/children.h"
#include "campaign/process/nursery/namespaces.h"
#include "campaign/process/nursery/scratch.h"
#include "campaign/process/wire/packet_socket.h"

namespace formfuzz::campaign {
namespace {

constexpr int kConnectMs = 20;

void Tell(const Answer& answer, std::span<const int> fds = {}) {
  SendPacket(kNurserySocketFd, &answer, sizeof(answer), fds);
}

Answer AnswerOf(Trouble trouble) {
  Answer answer;
  answer.error = trouble.error;
  snprintf(answer.doing, sizeof(answer.doing), "%s", trouble.doing);
  return answer;
}

void CloseAll(std::span<const int> fds) {
  for (const int fd : fds) close(fd);
}

uint64_t NanosecondsOf(const timeval& time) {
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<uint64_t>(time.tv_usec) * 1'000;
}

// On the loopback it is at once, unless the server has let too many wait: then
// the kernel would try for minutes, in which we could do nothing else.
bool ConnectSoon(int fd, const sockaddr* to, socklen_t size) {
  const int flags = fcntl(fd, F_GETFL);
  fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  bool done = ::connect(fd, to, size) == 0;
  if (!done && errno == EINPROGRESS) {
    pollfd polls{fd, POLLOUT, 0};
    int error = 0;
    socklen_t error_size = sizeof(error);
    if (poll(&polls, 1, kConnectMs) <= 0) error = ETIMEDOUT;
    if (error == 0) {
      getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_size);
    }
    errno = error;
    done = error == 0;
  }
  if (done) fcntl(fd, F_SETFL, flags);
  return done;
}

int ConnectedSocket(const Connect& connect) {
  const int type = connect.type == SOCK_DGRAM ? SOCK_DGRAM : SOCK_STREAM;
  const bool local = connect.port == 0;
  sockaddr_un unix_address{};
  const size_t path_size = strnlen(connect.path, sizeof(connect.path));
  if (local && path_size >= sizeof(unix_address.sun_path)) {
    errno = ENAMETOOLONG;
    return -1;
  }
  const int fd = socket(local ? AF_UNIX : AF_INET, type | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  sockaddr_in address{};
  unix_address.sun_family = AF_UNIX;
  if (local) memcpy(unix_address.sun_path, connect.path, path_size);
  address.sin_family = AF_INET;
  address.sin_port = htons(connect.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* to = local ? reinterpret_cast<const sockaddr*>(&unix_address)
                         : reinterpret_cast<const sockaddr*>(&address);
  const socklen_t size = local ? sizeof(unix_address) : sizeof(address);
  if (ConnectSoon(fd, to, size)) return fd;
  const int error = errno;
  close(fd);
  errno = error;
  return -1;
}

// -1: errno says why.
int ListeningSocket(const Connect& at) {
  constexpr int kWaitingMax = 16;
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(at.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) ==
          0 &&
      listen(fd, kWaitingMax) == 0) {
    return fd;
  }
  const int error = errno;
  close(fd);
  errno = error;
  return -1;
}

}  // namespace

Trouble Nursery::BuildRoot() {
  if (unshare(CLONE_NEWNS) != 0) return TroubleWith("part the mounts again");
  return EnterRoot(set_up_.disk_bytes, folders_);
}

Trouble Nursery::RebuildRoot() {
  close(folders_.scratch);
  close(folders_.layers);
  if (setns(host_mounts_, CLONE_NEWNS) != 0) {
    return TroubleWith("go back to the host's mounts");
  }
  if (fchdir(host_root_) != 0 || chroot(".") != 0) {
    return TroubleWith("go back to the host's root");
  }
  return BuildRoot();
}

Trouble Nursery::SetUpSandbox() {
  Trouble trouble;
  if (is_init()) {
    host_mounts_ = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    host_root_ = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    trouble = BuildRoot();
    if (!trouble) trouble = FinishNamespaces(set_up_);
  } else {
    folders_.scratch =
        open(set_up_.scratch, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
    folders_.layers = dup(folders_.scratch);
    if (!WipeScratch(folders_.scratch))
      trouble = TroubleWith("wipe the folder");
  }
  TellFolders(trouble);
  return trouble;
}

void Nursery::TellFolders(Trouble trouble) {
  if (trouble) {
    Tell(AnswerOf(trouble));
    return;
  }
  const int ipc = open("/proc/self/ns/ipc", O_RDONLY | O_CLOEXEC);
  // Lists our children whenever it is read.
  char path[64];
  snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
  const int children = open(path, O_RDONLY | O_CLOEXEC);
  const int fds[] = {folders_.scratch, folders_.layers, ipc, children};
  Answer answer;
  answer.own = CodeOfNursery();
  Tell(answer, std::span(fds, children >= 0 ? 4 : 3));
  if (children >= 0) close(children);
  close(ipc);
}

void Nursery::EndOrphans() {
  if (keeper_.is_up()) {
    keeper_.EndOthers();
  } else {
    KillEverybody(is_init());
  }
}

// True if the supervisor is to hear of it; orphans are only reaped.
bool Nursery::Forget(pid_t pid) {
  for (Started& started : started_) {
    if (started.pid != pid) continue;
    started.pid = 0;
    if (!started.keeps_orphans) EndOrphans();
    return true;
  }
  return false;
}

void Nursery::TellEnded() {
  while (true) {
    Answer ended;
    ended.kind = Answer::Kind::kEnded;
    rusage usage{};
    ended.value = wait4(-1, &ended.status, WNOHANG, &usage);
    if (ended.value <= 0) return;
    ended.bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
    ended.cpu_ns =
        NanosecondsOf(usage.ru_utime) + NanosecondsOf(usage.ru_stime);
    if (Forget(ended.value)) Tell(ended);
  }
}

void Nursery::ObeyStart(const Start& start, std::span<const int> fds) {
  static LaunchWords words;
  Answer answer;
  snprintf(answer.doing, sizeof(answer.doing), "execute the program");
  Started* slot = nullptr;
  for (Started& started : started_) {
    if (started.pid == 0) slot = &started;
  }
  if (slot == nullptr || !words.Read(block_)) {
    answer.value = -EINVAL;
  } else if (keeper_.is_up() && start.unwatched == 0) {
    answer.value = keeper_.Start(start, fds);
  } else {
    answer.value = StartProgram(start, words, fds, {is_init(), getpid()});
  }
  if (answer.value < 0) {
    answer.error = -answer.value;
  } else {
    *slot = {answer.value, start.keeps_orphans != 0};
  }
  Tell(answer);
}

void Nursery::ObeyGuard() {
  const int listener = keeper_.Renew(block_);
  if (listener >= 0) {
    Tell(Answer(), std::span(&listener, 1));
    close(listener);
    return;
  }
  errno = -listener;
  Tell(AnswerOf(TroubleWith("filter the calls of programs")));
}

void Nursery::TellSocket(int fd, const char* doing) {
  if (fd < 0) {
    Tell(AnswerOf(TroubleWith(doing)));
    return;
  }
  Tell(Answer(), std::span(&fd, 1));
  close(fd);
}

void Nursery::ObeyKillAll() {
  Answer answer;
  answer.value = KillEverybody(is_init());
  keeper_.Lost();
  for (Started& started : started_) started.pid = 0;
  Tell(answer);
}

void Nursery::ObeyMeasure() {
  const Population all = Measure(is_init());
  Answer answer;
  answer.value = all.processes;
  answer.status = all.ending;
  answer.bytes = all.bytes;
  Tell(answer);
}

void Nursery::Obey(const Asked& asked, std::span<const int> fds) {
  switch (asked.ask) {
    case Ask::kSetUp:
      break;
    case Ask::kStart:
      ObeyStart(asked.start, fds);
      break;
    case Ask::kKill:
      SignalOne(is_init(), asked.kill_one.pid, asked.kill_one.signal);
      break;
    case Ask::kKillAll:
      ObeyKillAll();
      break;
    case Ask::kMeasure:
      ObeyMeasure();
      break;
    case Ask::kWipe:
      Tell(AnswerOf(WipeScratch(folders_.scratch) ? Trouble{}
                                                  : TroubleWith("wipe")));
      break;
    case Ask::kRebuild:
      TellFolders(is_init() ? RebuildRoot() : Trouble{});
      break;
    case Ask::kConnect:
      TellSocket(ConnectedSocket(asked.connect), "connect to the server");
      break;
    case Ask::kListen:
      TellSocket(ListeningSocket(asked.connect), "listen on the loopback");
      break;
    case Ask::kEndOrphans:
      EndOrphans();
      Tell(Answer());
      break;
    case Ask::kGuard:
      ObeyGuard();
      break;
  }
}

void Nursery::Serve() {
  sigset_t none;
  sigemptyset(&none);
  while (true) {
    pollfd socket{kNurserySocketFd, POLLIN, 0};
    // SIGCHLD is blocked but here, so none is missed.
    const int ready = ppoll(&socket, 1, nullptr, &none);
    if (ready < 0) {
      TellEnded();
      continue;
    }
    Asked asked;
    ReceivedFds received;
    if (ReceivePacket(kNurserySocketFd, &asked, sizeof(asked), received) !=
        sizeof(asked)) {
      break;
    }
    Obey(asked, received.all());
    CloseAll(received.all());
  }
  if (!is_init()) KillEverybody(false);
}

}  // namespace formfuzz::campaign
