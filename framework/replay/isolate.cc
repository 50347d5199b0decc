// SPDX-License-Identifier: Apache-2.0
// fork() without exec: the child has the harness already.
#include "framework/replay/isolate.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "framework/base/text.h"
#include "framework/engine/death.h"

extern "C" __attribute__((weak)) int __lsan_do_recoverable_leak_check();
extern "C" __attribute__((weak)) void __sanitizer_symbolize_pc(
    void* address, const char* format, char* out, size_t out_size);

namespace formfuzz {

struct Isolation::Slot {
  static constexpr size_t kStoryMax = 16 << 10;
  static constexpr size_t kReproducerMax = 64 << 10;
  static constexpr size_t kInputsMax = 1 << 20;

  char kind[32];
  char signature[24];
  char story[kStoryMax];
  char reproducer[kReproducerMax];
  bool saved;                    // by the sink that is next
  bool ended;                    // the child came to its end
  size_t played;                 // inputs of a pass that ended
  uint64_t digests[kInputsMax];  // pages that are not used cost nothing
};

namespace {

void CopyTo(char* out, size_t size, const std::string& text) {
  const size_t length = std::min(size - 1, text.size());
  std::memcpy(out, text.data(), length);
  out[length] = '\0';
}

// The first finding counts; the rest follows from it. Passes it on to
// `next`, if there is one.
class SlotSink final : public FindingSink {
 public:
  SlotSink(Isolation::Slot& slot, FindingSink* next)
      : slot_(slot), next_(next) {}
  bool Record(const Finding& finding) override {
    if (slot_.kind[0] != '\0') return true;
    CopyTo(slot_.story, sizeof slot_.story, StoryOf(finding));
    if (finding.reproducer.size() < sizeof slot_.reproducer) {
      CopyTo(slot_.reproducer, sizeof slot_.reproducer, finding.reproducer);
    }
    CopyTo(slot_.signature, sizeof slot_.signature, SignatureOf(finding));
    CopyTo(slot_.kind, sizeof slot_.kind,
           std::string(NameOf(finding.verdict.kind)));
    return slot_.saved = next_ == nullptr || next_->Record(finding);
  }

 private:
  Isolation::Slot& slot_;
  FindingSink* next_;
};

std::string EndingName(int status) {
  if (!WIFSIGNALED(status)) return Concat("exit code ", WEXITSTATUS(status));
  const char* name = sigabbrev_np(WTERMSIG(status));
  return Concat("SIG", name != nullptr ? name : "nal");
}

void Silence() {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
}

bool PlayWatched(Session& session, FindingSink& sink, Bytes input) {
  BeginWatchedRun();
  const Verdict& verdict = session.Execute(input);
  EndWatchedRun();
  if (verdict.passed()) return true;
  sink.Record(session.MakeFinding(verdict));
  return false;
}

void CheckLeaks(Session& session, FindingSink& sink) {
  if (__lsan_do_recoverable_leak_check == nullptr) return;
  if (__lsan_do_recoverable_leak_check() == 0) return;
  // With its stack already, unless the report was not printed.
  sink.Record(
      session.MakeFinding({VerdictKind::kLeaked, "LeakSanitizer",
                           "memory is lost", session.scenario().steps.size()}));
}

}  // namespace

Isolation::Isolation(const Recipe& recipe, uint64_t timeout_s)
    : recipe_(recipe), timeout_s_(timeout_s) {
  void* memory = mmap(nullptr, sizeof(Slot), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  FORMFUZZ_CHECK(memory != MAP_FAILED, "no memory to share with a child");
  slot_ = static_cast<Slot*>(memory);
}

Isolation::~Isolation() { munmap(slot_, sizeof(Slot)); }

bool Isolation::InChild(bool quiet,
                        absl::FunctionRef<void(Session&, FindingSink&)> body) {
  slot_->kind[0] = slot_->signature[0] = slot_->story[0] = '\0';
  slot_->reproducer[0] = '\0';
  slot_->saved = slot_->ended = false;
  slot_->played = 0;
  ending_.clear();
  std::fflush(nullptr);
  const pid_t child = fork();
  FORMFUZZ_CHECK(child >= 0, "cannot fork a child to play an input in");
  if (child == 0) {
    if (quiet) Silence();
    Session session(recipe_, {});
    SlotSink sink(*slot_, next_);
    WatchForDeath(session, sink, timeout_s_);
    body(session, sink);
    std::fflush(nullptr);
    slot_->ended = true;
    _exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (slot_->ended && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return true;
  }
  if (slot_->kind[0] == '\0') TellSilentEnd(status);
  return false;
}

void Isolation::TellSilentEnd(int status) {
  const bool broken =
      WIFEXITED(status) && WEXITSTATUS(status) == kHarnessBrokenExit;
  const std::string kind(
      NameOf(broken ? VerdictKind::kHarnessBroken : VerdictKind::kCrashed));
  CopyTo(slot_->kind, sizeof slot_->kind, kind);
  CopyTo(slot_->signature, sizeof slot_->signature, "unnamed");
  if (!broken) ending_ = EndingName(status);
  CopyTo(slot_->story, sizeof slot_->story,
         WIFSIGNALED(status)
             ? Concat(kind, ": killed by signal ", WTERMSIG(status), "\n")
             : Concat(kind, ": exit code ", WEXITSTATUS(status), "\n"));
}

IsolatedResult Isolation::Take() const {
  return {slot_->kind, slot_->signature,  slot_->story,
          ending_,     slot_->reproducer, slot_->saved};
}

IsolatedResult Isolation::Play(Bytes input, bool quiet) {
  InChild(quiet, [&](Session& session, FindingSink& sink) {
    if (PlayWatched(session, sink, input)) CheckLeaks(session, sink);
  });
  return Take();
}

IsolatedResult Isolation::PlayInto(Bytes input, FindingSink& sink) {
  next_ = &sink;
  IsolatedResult result = Play(input, false);
  next_ = nullptr;
  return result;
}

void Isolation::Call(FindingSink& sink,
                     absl::FunctionRef<void(Session&, FindingSink&)> body) {
  next_ = &sink;
  InChild(true, body);
  next_ = nullptr;
}

void Isolation::ShareSymbolizer() {
  if (__sanitizer_symbolize_pc == nullptr) return;
  char unused[64];
  __sanitizer_symbolize_pc(__builtin_return_address(0), "%f", unused,
                           sizeof unused);
}

Isolation::Pass Isolation::PlayAll(const std::vector<std::string>& inputs,
                                   const std::vector<size_t>& order,
                                   bool quiet) {
  FORMFUZZ_CHECK(order.size() <= Slot::kInputsMax,
                 "more than a million inputs to play in one pass");
  InChild(quiet, [&](Session& session, FindingSink& sink) {
    for (const size_t index : order) {
      if (!PlayWatched(session, sink, AsBytes(inputs[index]))) return;
      slot_->digests[slot_->played++] = DigestOf(session.trace());
    }
    CheckLeaks(session, sink);
  });
  Pass pass;
  pass.digests.assign(slot_->digests, slot_->digests + slot_->played);
  pass.result = Take();
  pass.failed_at = slot_->played;
  return pass;
}

}  // namespace formfuzz
