// SPDX-License-Identifier: Apache-2.0
// fork, exec and wait.

#include "campaign/process/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "framework/base/clock.h"

namespace formfuzz::campaign {
namespace {

// How long a look at the child waits for output before it looks at the clock.
constexpr int kPollMs = 20;
constexpr int kExecFailed = 127;  // as a shell says it

volatile std::sig_atomic_t interrupted = 0;

void RememberInterrupt(int) { interrupted = 1; }

void PointAt(int fd, int target) {
  if (fd >= 0) dup2(fd, target);
}

void RedirectOutput(Child::Output output, int pipe_end) {
  const int nowhere = open("/dev/null", O_RDWR);
  PointAt(nowhere, STDIN_FILENO);
  if (output == Child::Output::kOurs) return;
  const bool drop = output == Child::Output::kErrors;
  PointAt(drop ? nowhere : pipe_end, STDOUT_FILENO);
  if (output != Child::Output::kResult) PointAt(pipe_end, STDERR_FILENO);
}

[[noreturn]] void Become(const Command& command, char* const* words) {
  for (const auto& [name, value] : command.environment) {
    setenv(name.c_str(), value.c_str(), 1);
  }
  if (!command.folder.empty() && chdir(command.folder.c_str()) != 0) {
    dprintf(STDERR_FILENO, "cannot enter %s: %s\n", command.folder.c_str(),
            strerror(errno));
    _exit(kExecFailed);
  }
  if (command.fixed_addresses) personality(ADDR_NO_RANDOMIZE);
  execvp(words[0], words);
  dprintf(STDERR_FILENO, "cannot run %s: %s\n", words[0], strerror(errno));
  _exit(kExecFailed);
}

[[noreturn]] void RunChild(const Command& command, Child::Output output,
                           int pipe_end, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kExecFailed);  // it died before we asked
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  RedirectOutput(output, pipe_end);
  std::vector<char*> words;
  for (const std::string& word : command.arguments) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  Become(command, words.data());
}

Ending EndingOf(int status) {
  Ending ending;
  if (WIFSIGNALED(status)) {
    ending.signal = WTERMSIG(status);
  } else {
    ending.code = WEXITSTATUS(status);
  }
  return ending;
}

void KeepLast(size_t size_max, std::string* text) {
  if (text->size() > size_max) text->erase(0, text->size() - size_max);
}

bool IsPlain(const std::string& word) {
  return !word.empty() && word.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789_-+=./,:@%") == std::string::npos;
}

}  // namespace

std::string ToString(const Ending& ending) {
  if (ending.deadline_passed) return "killed at its deadline";
  if (ending.signal == 0) return absl::StrCat("exit code ", ending.code);
  return absl::StrCat("killed by signal ", ending.signal, " (",
                      strsignal(ending.signal), ")");
}

absl::StatusOr<std::unique_ptr<Child>> Child::Start(const Command& command,
                                                    Output output) {
  int ends[2] = {-1, -1};
  if (output != Output::kOurs && pipe2(ends, O_CLOEXEC) != 0) {
    return absl::InternalError(absl::StrCat(
        "no pipe for ", command.arguments[0], ": ", strerror(errno)));
  }
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) RunChild(command, output, ends[1], parent);
  if (ends[1] >= 0) close(ends[1]);
  if (pid < 0) {
    const std::string why = strerror(errno);
    if (ends[0] >= 0) close(ends[0]);
    return absl::InternalError(
        absl::StrCat("cannot start ", command.arguments[0], ": ", why));
  }
  setpgid(pid, pid);  // also here: whoever is first
  if (ends[0] >= 0) fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return std::unique_ptr<Child>(new Child(pid, ends[0]));
}

Child::~Child() {
  if (!TryWait().has_value()) {
    Signal(SIGKILL);
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  if (output_fd_ >= 0) close(output_fd_);
}

bool Child::ReadInto(std::string* out) {
  char buffer[1 << 14];
  while (output_fd_ >= 0) {
    const ssize_t size = read(output_fd_, buffer, sizeof(buffer));
    if (size == 0) return false;
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    out->append(buffer, static_cast<size_t>(size));
  }
  return false;
}

std::optional<Ending> Child::TryWait() {
  if (ending_.has_value()) return ending_;
  siginfo_t ended{};
  if (waitid(P_PID, static_cast<id_t>(pid_), &ended,
             WEXITED | WNOHANG | WNOWAIT) != 0 ||
      ended.si_pid != pid_) {
    return std::nullopt;
  }
  // As long as it was not waited for, nobody else has the number.
  kill(-pid_, SIGKILL);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  ending_ = EndingOf(status);
  return ending_;
}

void Child::Signal(int signal) {
  if (!ending_.has_value()) kill(-pid_, signal);
}

absl::StatusOr<Captured> RunToEnd(const Command& command, Child::Output output,
                                  size_t output_max, uint64_t deadline_ms) {
  auto child = Child::Start(command, output);
  if (!child.ok()) return child.status();
  const uint64_t start_ns = MonotonicNs();
  Captured captured;
  bool open = true;
  while (true) {
    const std::optional<Ending> ending = (*child)->TryWait();
    open = open && (*child)->ReadInto(&captured.output);
    KeepLast(output_max, &captured.output);
    if (ending.has_value()) {
      const bool late = captured.ending.deadline_passed;
      captured.ending = *ending;
      captured.ending.deadline_passed = late;
      return captured;
    }
    const uint64_t passed_ms = (MonotonicNs() - start_ns) / 1'000'000;
    if (Interrupted() ||
        (deadline_ms != kNoDeadlineMs && passed_ms >= deadline_ms)) {
      captured.ending.deadline_passed = true;
      (*child)->Signal(SIGKILL);
    }
    pollfd waiting{open ? (*child)->output_fd() : -1, POLLIN, 0};
    poll(&waiting, 1, kPollMs);
  }
}

std::string ShellWords(const std::vector<std::string>& arguments) {
  std::string text;
  for (const std::string& word : arguments) {
    if (!text.empty()) text += ' ';
    if (IsPlain(word)) {
      text += word;
      continue;
    }
    text += '\'';
    for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
    text += '\'';
  }
  return text;
}

bool Interrupted() { return interrupted != 0; }

void CatchInterrupts() {
  struct sigaction action = {};
  action.sa_handler = RememberInterrupt;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace formfuzz::campaign
