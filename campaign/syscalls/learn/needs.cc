// SPDX-License-Identifier: Apache-2.0
// Which calls a program can do without: each fails once with each error, in
// the smallest run that makes it, and how that run ends is compared.

#include <sys/syscall.h>

#include <cerrno>
#include <map>
#include <set>
#include <span>
#include <string>

#include "campaign/process/child.h"
#include "campaign/syscalls/learn/learner.h"
#include "campaign/syscalls/names/arch.h"
#include "framework/base/clock.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// Ways in which a filter, an old kernel, a full machine and a signal refuse.
constexpr int kErrors[] = {ENOSYS, EPERM, ENOMEM, EINTR};

// What other file systems, networks and descriptors answer: who calls is
// likely to have another way.
std::span<const int> ErrorsOfElsewhere(uint32_t number) {
  static constexpr int kAcross[] = {EXDEV, EMLINK};
  static constexpr int kCopies[] = {EXDEV, EOPNOTSUPP, EINVAL};
  static constexpr int kUnsupported[] = {EOPNOTSUPP, EINVAL};
  static constexpr int kThere[] = {EEXIST};
  static constexpr int kNetwork[] = {EAFNOSUPPORT, EADDRINUSE, ECONNREFUSED};
  static constexpr int kMapped[] = {ENODEV};
  static constexpr int kTerminals[] = {ENOTTY, EOPNOTSUPP};
  switch (number) {
#ifdef SYS_rename
    case SYS_rename:
    case SYS_link:
#endif
    case SYS_renameat:
    case SYS_renameat2:
    case SYS_linkat:
      return kAcross;
    case SYS_copy_file_range:
    case SYS_sendfile:
    case SYS_splice:
      return kCopies;
    case SYS_fallocate:
    case SYS_fsync:
    case SYS_fdatasync:
    case SYS_ftruncate:
    case SYS_fchmod:
    case SYS_fchmodat:
    case SYS_utimensat:
      return kUnsupported;
#ifdef SYS_mkdir
    case SYS_mkdir:
#endif
    case SYS_mkdirat:
      return kThere;
    case SYS_socket:
    case SYS_bind:
    case SYS_connect:
      return kNetwork;
    case SYS_mmap:
      return kMapped;
    case SYS_ioctl:
      return kTerminals;
    default:
      return {};
  }
}

using CallNumbers = std::set<uint32_t>;

CallNumbers NumbersIn(std::span<const Note> notes) {
  CallNumbers numbers;
  for (const Note& note : notes) numbers.insert(note.call.number);
  return numbers;
}

// What cannot fail, or ends the process that it would tell.
bool IsBeyondRefusal(uint32_t number) {
  return number == SYS_exit || number == SYS_exit_group ||
         number == SYS_rt_sigreturn || number == SYS_restart_syscall;
}

}  // namespace

struct Learner::Outcome {
  ExitKind kind = ExitKind::kExited;
  int code = 0;
  int signal = 0;
  std::string output;  // what serves writes the time of day, so not of that
  bool reached = false;
  uint32_t answered = 0;
  CallNumbers calls;

  bool SameEnd(const Outcome& other) const {
    return kind == other.kind && code == other.code && signal == other.signal &&
           output == other.output && reached == other.reached &&
           answered == other.answered;
  }
};

struct Learner::Tried {
  Need need = Need::kUnknown;
  bool cut = false;  // before the call had failed in each way
};

absl::StatusOr<Learner::Outcome> Learner::OutcomeOf(const Trial& trial) {
  const auto look = LookAt(trial);
  if (!look.ok()) return look.status();
  ++numbers_.runs;
  const Execution& execution = look->execution;
  Outcome outcome{
      execution.kind,        execution.code,
      execution.signal,      service_ ? "" : std::string(execution.output),
      execution.reached,     execution.answered,
      NumbersIn(look->notes)};
  Take(look->notes, trial);
  TakeResults(*look, trial);
  return outcome;
}

absl::StatusOr<Learner::Tried> Learner::TryWithoutCall(uint32_t number,
                                                       const Trial& trial,
                                                       uint64_t until_ns) {
  const auto usual = OutcomeOf(trial);
  if (!usual.ok()) return usual.status();
  const auto again = OutcomeOf(trial);
  if (!again.ok()) return again.status();
  if (!usual->SameEnd(*again)) return Tried{};
  Need need = Need::kNotSeenNeeded;
  for (const int error : kErrors) {
    if (MonotonicNs() >= until_ns || Interrupted()) {
      // Not seen needed by those that were tried, which says nothing.
      const bool known = need == Need::kNeeded;
      return Tried{known ? need : Need::kUnknown, /*cut=*/true};
    }
    Trial without = trial;
    without.refused = {{number, error}};
    const auto outcome = OutcomeOf(without);
    if (!outcome.ok()) return outcome.status();
    if (outcome->SameEnd(*usual)) {
      if (outcome->calls != usual->calls && need == Need::kNotSeenNeeded) {
        need = Need::kTolerated;
      }
    } else if (error == ENOSYS || error == EPERM) {
      // What a filter may answer; others say how far the program copes.
      need = Need::kNeeded;
    }
    if (outcome->kind == ExitKind::kTimedOut) break;  // tries for ever
  }
  return Tried{need};
}

// What the program does then is learnt; what it needs is known.
absl::Status Learner::TryElsewhere(uint32_t number, const Trial& trial) {
  const auto try_with = [&](int error) {
    Trial without = trial;
    without.refused = {{number, error}};
    return OutcomeOf(without).status();
  };
  for (const int error : ErrorsOfElsewhere(number)) {
    if (absl::Status tried = try_with(error); !tried.ok()) return tried;
  }
  return try_with(EAGAIN);
}

// Of so many calls: how many were made to fail, and how many as elsewhere.
void Learner::NoteUntried(size_t calls, size_t failed, size_t elsewhere) {
  if (elsewhere == calls) return;
  const std::string fail = Concat(" of ", calls, " calls fail");
  std::string what = Concat(calls - elsewhere, fail);
  if (failed < calls) {
    what = Concat(calls - failed, fail, ", and ", calls - elsewhere);
  }
  NoteNoTime(Concat("make ", what,
                    " as on other file systems and networks, so that what the "
                    "program does then is not known"));
}

absl::StatusOr<std::map<std::pair<uint32_t, uint32_t>, Need>>
Learner::TryWithout(uint64_t time_ms) {
  const uint64_t until = MonotonicNs() + time_ms * 1'000'000;
  std::map<std::pair<uint32_t, uint32_t>, size_t> first;
  for (const auto& [key, discovery] : discoveries_.items()) {
    first.try_emplace({key.arch, key.number}, discovery.trial);
  }
  std::erase_if(first, [](const auto& one) {
    const auto& [arch, number] = one.first;
    return arch != AuditArch(NativeArch()) || IsBeyondRefusal(number);
  });
  std::map<std::pair<uint32_t, uint32_t>, Need> needs;
  const auto goes_on = [until] {
    return MonotonicNs() < until && !Interrupted();
  };
  size_t failed = 0;
  for (const auto& [call, index] : first) {
    if (!goes_on()) break;
    const Trial trial = Smallest(call.first, call.second, index);
    const auto tried = TryWithoutCall(call.second, trial, until);
    if (!tried.ok()) return tried.status();
    needs[call] = tried->need;
    if (!tried->cut) ++failed;
  }
  size_t elsewhere = 0;
  for (const auto& [call, index] : first) {
    if (!goes_on()) break;
    const Trial trial = Smallest(call.first, call.second, index);
    if (absl::Status tried = TryElsewhere(call.second, trial); !tried.ok()) {
      return tried;
    }
    ++elsewhere;
  }
  NoteUntried(first.size(), failed, elsewhere);
  return needs;
}

}  // namespace formfuzz::campaign
