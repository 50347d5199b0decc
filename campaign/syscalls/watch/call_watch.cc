// SPDX-License-Identifier: Apache-2.0
// Questions and answers, as seccomp_unotify(2) has them.

#include "campaign/syscalls/watch/call_watch.h"

#include <linux/seccomp.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "campaign/process/wire/keyrings.h"
#include "campaign/syscalls/names/arch.h"

namespace formfuzz::campaign {
namespace {

// Linux 6.6: who asks is switched to without a detour. Older kernels refuse,
// which costs time alone.
constexpr unsigned long kSetFlags = SECCOMP_IOW(4, uint64_t);
constexpr uint64_t kSyncWakeUp = 1;

bool IsLoader(const std::string& module) {
  const size_t slash = module.rfind('/') + 1;
  return module.compare(slash, 3, "ld-") == 0 ||
         module.compare(slash, 3, "ld.") == 0;
}

}  // namespace

std::span<const sock_filter> CallWatch::Filter(const OwnCode& own) {
  filter_ = known_.Filter(own);
  in_force_ = known_.version();
  return filter_;
}

void CallWatch::Listen(UniqueFd listener, const uint32_t* stage) {
  listener_ = std::move(listener);
  shared_stage_ = stage;
  ioctl(listener_.get(), kSetFlags, kSyncWakeUp);
  server_ = 0;
}

void CallWatch::BeginRun(Begins begins) {
  counting_ = begins != Begins::kBeforeFork;
  by_module_ = begins == Begins::kUnmarked;
  stage_ = begins == Begins::kInMain ? Stage::kMain : Stage::kLoader;
  traced_ = false;
  notes_.clear();
  index_.clear();
  modules_.Clear();
}

void CallWatch::TakeMark(const Call& call) {
  switch (static_cast<PhaseMark>(call.arguments[0])) {
    case PhaseMark::kServer:
      server_ = call.process;
      break;
    case PhaseMark::kStartUp:
      counting_ = true;
      stage_ = std::max(stage_, Stage::kStartUp);
      break;
    case PhaseMark::kOurs:
      counting_ = false;
      break;
    case PhaseMark::kMain:
      counting_ = true;
      stage_ = Stage::kMain;
      break;
    case PhaseMark::kReady:
      if (counting_) MoveToStartUp();
      break;
  }
}

// What was made in main so far was preparation.
void CallWatch::MoveToStartUp() {
  if (by_module_) return;  // it is not known there what comes after
  index_.clear();
  std::vector<Note> notes;
  notes.swap(notes_);
  for (Note& note : notes) {
    if (note.stage == Stage::kMain) note.stage = Stage::kStartUp;
    const Key key{note.stage, note.call.arch, note.call.number,
                  ClassOf(note.call)};
    const auto [found, fresh] = index_.try_emplace(key, notes_.size());
    if (fresh) {
      notes_.push_back(std::move(note));
    } else {
      notes_[found->second].times += note.times;
    }
  }
}

void CallWatch::LookAtStage() {
  const auto mark = static_cast<PhaseMark>(
      *static_cast<const volatile uint32_t*>(shared_stage_));
  counting_ = mark == PhaseMark::kStartUp || mark == PhaseMark::kMain;
  stage_ = mark == PhaseMark::kMain ? Stage::kMain : Stage::kStartUp;
}

// False where the call is not the program's.
bool CallWatch::Notice(const Call& call) {
  if (!counting_ || call.process == server_) return false;
  if (tracer_ != nullptr && !traced_) {
    traced_ = true;
    tracer_->Follow(call.process);
  }
  CallSite site;
  if (by_module_) {
    site = modules_.SiteOf(call.process, call.instruction);
    stage_ = IsLoader(site.module) ? Stage::kLoader : Stage::kMain;
  }
  const Key key{stage_, call.arch, call.number, ClassOf(call)};
  const auto [found, fresh] = index_.try_emplace(key, notes_.size());
  if (!fresh) {
    ++notes_[found->second].times;
    return true;
  }
  if (notes_.size() >= kNotesMax) {
    index_.erase(found);
    return true;
  }
  Note note{call, stage_, 1, std::move(site)};
  if (sites_ && !by_module_)
    note.site = modules_.SiteOf(call.process, call.instruction);
  notes_.push_back(std::move(note));
  return true;
}

int CallWatch::ErrorFor(const Call& call) const {
  const auto found = errors_.find(call.number);
  return found != errors_.end() ? found->second : refusal_;
}

void CallWatch::Answer() {
  seccomp_notif asked{};
  if (ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) return;
  ++answers_;
  Call call;
  call.arch = asked.data.arch;
  call.number = static_cast<uint32_t>(asked.data.nr);
  std::copy_n(asked.data.args, kCallArguments, call.arguments.begin());
  call.instruction = asked.data.instruction_pointer;
  call.process = static_cast<pid_t>(asked.pid);
  seccomp_notif_resp answer{};
  answer.id = asked.id;
  if (call.number == kPhaseCall) {
    TakeMark(call);
    answer.error = -ENOSYS;
  } else {
    if (shared_stage_ != nullptr) LookAtStage();
    const bool keyring = IsKeyringCall(call.arch, call.number);
    // Those that are asked about though they are known.
    const bool always =
        keyring || call.arch != NativeArch() || call.number > kPhaseCall;
    const bool news = !always || !known_.Knows(call);
    if (news && Notice(call)) answer.error = -ErrorFor(call);
    if (keyring && answer.error == 0) answer.error = -ENOSYS;
  }
  if (answer.error == 0) answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

}  // namespace formfuzz::campaign
