// SPDX-License-Identifier: Apache-2.0
// Starts the nursery and talks to it.

#include "campaign/process/sandbox/sandbox.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "campaign/process/sandbox/embedded.h"
#include "campaign/process/sandbox/memory_file.h"
#include "campaign/process/wire/packet_socket.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kFilterMax = BPF_MAXINSNS;

Ended EndedOf(const Answer& answer) {
  return {answer.value, answer.status, answer.cpu_ns, answer.bytes};
}

absl::Status Refused(const Answer& answer) {
  return absl::UnavailableError(Concat(
      "cannot set up a sandbox: ", answer.doing, ": ", strerror(answer.error),
      "; a kernel with namespaces for this user is needed, or "
      "--unsafe-host to run the program on the host itself"));
}

absl::StatusOr<pid_t> SpawnNursery(int program, int socket, int block) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int fd = 0; fd < 3; ++fd) {
    posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
  }
  posix_spawn_file_actions_adddup2(&actions, socket, kNurserySocketFd);
  posix_spawn_file_actions_adddup2(&actions, block, kNurseryBlockFd);
  const std::string path = Concat("/proc/self/fd/", program);
  char name[] = "formfuzz-nursery";
  char* const words[] = {name, nullptr};
  char* const environment[] = {nullptr};
  pid_t pid = -1;
  const int error =
      posix_spawn(&pid, path.c_str(), &actions, nullptr, words, environment);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return SystemTrouble("start the nursery", error);
  return pid;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Sandbox>> Sandbox::Make(
    const SandboxOptions& options) {
  std::unique_ptr<Sandbox> sandbox(new Sandbox());
  absl::Status done = sandbox->Launch(options);
  if (done.ok()) done = sandbox->SetUp(options);
  if (!done.ok()) return done;
  return sandbox;
}

absl::Status Sandbox::Launch(const SandboxOptions& options) {
  unsafe_host_ = options.unsafe_host;
  auto block = MemoryFile("formfuzz-launch", kLaunchBlockBytes);
  if (!block.ok()) return block.status();
  block_fd_ = *std::move(block);
  block_ = Mapping(block_fd_.get(), kLaunchBlockBytes);
  if (!block_.ok()) return SystemTrouble("map the launch block", errno);
  auto program = NurseryProgramFd();
  if (!program.ok()) return program.status();
  auto sockets = MakePacketSockets();
  if (!sockets.ok()) return sockets.status();
  auto pid = SpawnNursery(*program, sockets->second.get(), block_fd_.get());
  if (!pid.ok()) return pid.status();
  pid_ = *pid;
  socket_ = std::move(sockets->first);
  return LimitWaits(options.answer_ms);
}

absl::Status Sandbox::LimitWaits(uint32_t answer_ms) {
  answer_ms_ = answer_ms;
  const timeval most{answer_ms / 1000, answer_ms % 1000 * 1000};
  if (setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &most, sizeof(most)) !=
      0) {
    return SystemTrouble("limit how long the nursery may take", errno);
  }
  return absl::OkStatus();
}

absl::Status Sandbox::SetUp(const SandboxOptions& options) {
  Asked asked;
  asked.ask = Ask::kSetUp;
  asked.set_up.unsafe_host = options.unsafe_host;
  asked.set_up.share_ipc = options.share_ipc;
  asked.set_up.watched = options.watched;
  asked.set_up.owns_addresses = options.owns_addresses;
  asked.set_up.cpu = options.cpu;
  asked.set_up.disk_bytes = options.disk_bytes;
  asked.set_up.processes_max = options.processes_max;
  scratch_path_ = kScratchFolder;
  if (options.unsafe_host) {
    std::error_code ignored;
    scratch_path_ =
        std::filesystem::temp_directory_path(ignored) / "formfuzz-XXXXXX";
    if (mkdtemp(scratch_path_.data()) == nullptr) {
      return SystemTrouble(Concat("make ", scratch_path_), errno);
    }
    snprintf(asked.set_up.scratch, kPathMax, "%s", scratch_path_.c_str());
  }
  std::vector<UniqueFd> fds;
  const auto answer = AskFor(asked, {}, &fds);
  if (!answer.ok()) return answer.status();
  if (answer->error != 0) return Refused(*answer);
  own_code_ = answer->own;
  return TakeFolders(std::move(fds));
}

bool Sandbox::EndsInTime() const {
  const UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  if (!process.ok()) return true;  // a kernel before 5.3: we wait
  pollfd end{process.get(), POLLIN, 0};
  int ready = -1;
  do {
    ready = poll(&end, 1, static_cast<int>(answer_ms_));
  } while (ready < 0 && errno == EINTR);
  return ready != 0;
}

Sandbox::~Sandbox() {
  socket_.reset();  // tells the nursery to go
  if (pid_ > 0 && (silent_ || !EndsInTime())) kill(pid_, SIGKILL);
  int status = 0;
  while (pid_ > 0 && waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  if (unsafe_host_ && !scratch_path_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(scratch_path_, ignored);
  }
}

absl::Status Sandbox::Gone() const {
  return absl::UnavailableError(
      "the nursery of the sandbox has ended unexpectedly; was it killed?");
}

absl::StatusOr<Answer> Sandbox::AwaitAnswer(std::vector<UniqueFd>* got) {
  while (true) {
    Answer answer;
    ReceivedFds received;
    const ssize_t size =
        ReceivePacket(socket_.get(), &answer, sizeof(answer), received);
    if (size < 0 && errno == EAGAIN) {
      silent_ = true;
      return absl::UnavailableError(
          "the nursery of the sandbox does not answer; was it stopped?");
    }
    if (size != sizeof(answer)) return Gone();
    for (const int number : received.all()) {
      UniqueFd fd(number);
      if (got != nullptr) got->push_back(std::move(fd));
    }
    if (answer.kind == Answer::Kind::kAnswer) return answer;
    ended_.push_back(EndedOf(answer));
  }
}

absl::StatusOr<Answer> Sandbox::AskFor(const Asked& asked,
                                       std::span<const int> fds,
                                       std::vector<UniqueFd>* got) {
  if (!SendPacket(socket_.get(), &asked, sizeof(asked), fds)) return Gone();
  return AwaitAnswer(got);
}

absl::Status Sandbox::SetWords(std::span<const std::string> words,
                               std::span<const std::string> environment) {
  LaunchBlock& block = launch_block();
  size_t size = 0;
  ++words_version_;
  if (words.size() + environment.size() > kLaunchWordsMax) {
    return absl::ResourceExhaustedError(
        Concat("cannot start ", words[0], " with ", words.size(),
               " arguments: at most ", kLaunchWordsMax, " fit"));
  }
  for (const auto list : {words, environment}) {
    for (const std::string& word : list) {
      if (size + word.size() + 1 > sizeof(block.text)) {
        return absl::ResourceExhaustedError(
            Concat("cannot start ", words[0], ": its arguments and its ",
                   "environment exceed ", sizeof(block.text), " bytes"));
      }
      // A NUL ends a word: what follows cannot be given to any process.
      const size_t visible = strnlen(word.c_str(), word.size());
      memcpy(block.text + size, word.data(), visible);
      block.text[size + visible] = '\0';
      size += visible + 1;
    }
  }
  block.argument_count = static_cast<uint32_t>(words.size());
  block.variable_count = static_cast<uint32_t>(environment.size());
  block.text_bytes = static_cast<uint32_t>(size);
  return absl::OkStatus();
}

absl::StatusOr<pid_t> Sandbox::StartProgram(const Start& start,
                                            std::span<const int> fds) {
  Asked asked;
  asked.ask = Ask::kStart;
  asked.start = start;
  asked.start.fd_count = static_cast<uint32_t>(fds.size());
  const auto answer = AskFor(asked, fds);
  if (!answer.ok()) return answer.status();
  if (answer->error == 0) return answer->value;
  const std::string what = Concat("cannot execute ", launch_block().text,
                                  " in its sandbox: ", strerror(answer->error));
  if (answer->error == ENOENT) return absl::NotFoundError(what);
  if (answer->error == EACCES) return absl::PermissionDeniedError(what);
  if (answer->error == E2BIG) return absl::ResourceExhaustedError(what);
  return absl::UnavailableError(what);
}

absl::Status Sandbox::SetFilter(std::span<const sock_filter> filter) {
  LaunchBlock& block = launch_block();
  if (filter.size() > kFilterMax) {
    return absl::ResourceExhaustedError(
        Concat("a filter of ", filter.size(),
               " instructions: the kernel takes ", kFilterMax));
  }
  ++words_version_;
  block.text_bytes = static_cast<uint32_t>(filter.size_bytes());
  memcpy(block.text, filter.data(), filter.size_bytes());
  return absl::OkStatus();
}

absl::StatusOr<UniqueFd> Sandbox::Guard(std::span<const sock_filter> filter) {
  absl::Status set = SetFilter(filter);
  if (!set.ok()) return set;
  Asked asked;
  asked.ask = Ask::kGuard;
  std::vector<UniqueFd> fds;
  const auto answer = AskFor(asked, {}, &fds);
  if (!answer.ok()) return answer.status();
  if (answer->error != 0 || fds.size() != 1) {
    return absl::UnavailableError(
        Concat("cannot watch system calls: ", answer->doing, ": ",
               strerror(answer->error), "; Linux 5.19 or later with ",
               "CONFIG_SECCOMP_FILTER is needed"));
  }
  return std::move(fds[0]);
}

absl::StatusOr<std::optional<Ended>> Sandbox::NextEnded() {
  if (!ended_.empty()) {
    const Ended ended = ended_.front();
    ended_.erase(ended_.begin());
    return ended;
  }
  Answer answer;
  ReceivedFds received;
  const ssize_t size = ReceivePacket(socket_.get(), &answer, sizeof(answer),
                                     received, MSG_DONTWAIT);
  if (size < 0 && errno == EAGAIN) return std::optional<Ended>();
  if (size != sizeof(answer)) return Gone();
  return EndedOf(answer);
}

void Sandbox::Kill(pid_t pid) { Signal(pid, SIGKILL); }

void Sandbox::Signal(pid_t pid, int signal) {
  Asked asked;
  asked.ask = Ask::kKill;
  asked.kill_one = {pid, signal};
  SendPacket(socket_.get(), &asked, sizeof(asked));
}

absl::Status Sandbox::KillAll() {
  Asked asked;
  asked.ask = Ask::kKillAll;
  const auto answer = AskFor(asked, {});
  ended_.clear();
  return answer.status();
}

absl::Status Sandbox::EndOrphans() {
  Asked asked;
  asked.ask = Ask::kEndOrphans;
  return AskFor(asked, {}).status();
}

absl::StatusOr<Sandbox::Population> Sandbox::Measure() {
  Asked asked;
  asked.ask = Ask::kMeasure;
  const auto answer = AskFor(asked, {});
  if (!answer.ok()) return answer.status();
  return Population{answer->value, answer->status, answer->bytes};
}

absl::StatusOr<UniqueFd> Sandbox::Connect(const struct Connect& connect) {
  Asked asked;
  asked.ask = Ask::kConnect;
  asked.connect = connect;
  return AskForSocket(asked, "connect to the server");
}

absl::StatusOr<UniqueFd> Sandbox::Listen(uint16_t port) {
  Asked asked;
  asked.ask = Ask::kListen;
  asked.connect = {};
  asked.connect.port = port;
  return AskForSocket(asked, "listen on the loopback");
}

absl::StatusOr<UniqueFd> Sandbox::AskForSocket(const Asked& asked,
                                               const char* what) {
  std::vector<UniqueFd> fds;
  const auto answer = AskFor(asked, {}, &fds);
  if (!answer.ok()) return answer.status();
  if (answer->error != 0 || fds.size() != 1) {
    return SystemTrouble(what, answer->error);
  }
  return std::move(fds[0]);
}

}  // namespace formfuzz::campaign
