// SPDX-License-Identifier: Apache-2.0
// The child is the process whose death is watched for as long as it lives; the
// timer for hangs, which a child does not inherit, is set in it anew.
#include "framework/engine/fork/forked_play.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>

#include "framework/base/check.h"
#include "framework/base/text.h"
#include "framework/engine/death.h"

namespace formfuzz {
namespace {

// Text of which a story keeps no more.
constexpr size_t kRuleBytesMax = 256;
constexpr size_t kMessageBytesMax = 16 << 10;

template <size_t kMax>
struct SharedText {
  size_t size;
  char text[kMax];

  void Set(const std::string& from) {
    size = std::min(from.size(), kMax);
    std::memcpy(text, from.data(), size);
  }
  std::string Get() const { return {text, size}; }
};

// Keeps the timer's signal from this process, in which nothing happens, and
// gives the timer to a child.
class AlarmForChild {
 public:
  AlarmForChild() {
    getitimer(ITIMER_REAL, &timer_);
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    sigprocmask(SIG_BLOCK, &alarm, &before_);
  }
  ~AlarmForChild() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  AlarmForChild(const AlarmForChild&) = delete;
  AlarmForChild& operator=(const AlarmForChild&) = delete;

  void TakeOver() const {
    setitimer(ITIMER_REAL, &timer_, nullptr);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  itimerval timer_{};
  sigset_t before_{};
};

// As the child ended, without another word: what there was to say is said.
[[noreturn]] void EndAs(int status) {
  DeathIsRecorded();
  if (WIFSIGNALED(status)) {
    std::signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
  }
  _exit(WEXITSTATUS(status));
}

}  // namespace

// Followed by the engine's counters of states, and those of edges.
struct ForkedPlay::Slot {
  bool whole;  // the child came to its end
  VerdictKind kind;
  size_t step;
  SharedText<kRuleBytesMax> rule;
  SharedText<kMessageBytesMax> message;
  Remains remains;
  StateCoverage::Seen seen;

  uint8_t* counters() { return reinterpret_cast<uint8_t*>(this + 1); }
};

ForkedPlay::ForkedPlay(Judge& judge, StateCoverage& coverage)
    : judge_(judge),
      coverage_(coverage),
      mapped_(sizeof(Slot) + coverage.counters().size() +
              coverage.edges().size()) {
  void* const memory = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  FORMFUZZ_CHECK(memory != MAP_FAILED, "no memory to share with a child");
  slot_ = static_cast<Slot*>(memory);
}

ForkedPlay::~ForkedPlay() { munmap(slot_, mapped_); }

const Verdict& ForkedPlay::Play(absl::FunctionRef<const Verdict&()> play) {
  slot_->whole = false;
  std::fflush(nullptr);
  const AlarmForChild alarm;
  const pid_t child = fork();
  if (child < 0) {
    verdict_ = {VerdictKind::kEnvironmentFailed, "fork",
                Concat("no child to play in: ", std::strerror(errno)), 0};
    return verdict_;
  }
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    WatchThisProcess();
    alarm.TakeOver();
    PlayInChild(play);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!slot_->whole) EndAs(status);
  Adopt();
  return verdict_;
}

void ForkedPlay::PlayInChild(absl::FunctionRef<const Verdict&()> play) {
  const Verdict& verdict = play();
  EndWatchedRun();
  slot_->kind = verdict.kind;
  slot_->step = verdict.step;
  slot_->rule.Set(verdict.validator);
  slot_->message.Set(verdict.message);
  judge_.Leave(slot_->remains);
  slot_->seen = coverage_.seen();
  uint8_t* const edges =
      std::ranges::copy(coverage_.counters(), slot_->counters()).out;
  std::ranges::copy(coverage_.edges(), edges);
  std::fflush(nullptr);
  slot_->whole = true;
  _exit(0);
}

void ForkedPlay::Adopt() {
  verdict_ = {slot_->kind, slot_->rule.Get(), slot_->message.Get(),
              slot_->step};
  judge_.Adopt(slot_->remains);
  coverage_.Adopt(slot_->seen);
  const uint8_t* const counters = slot_->counters();
  const std::span<uint8_t> states = coverage_.counters();
  const std::span<uint8_t> edges = coverage_.edges();
  std::copy_n(counters, states.size(), states.begin());
  std::copy_n(counters + states.size(), edges.size(), edges.begin());
}

}  // namespace formfuzz
