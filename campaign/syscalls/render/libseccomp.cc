// SPDX-License-Identifier: Apache-2.0
// What libseccomp compiles: its pseudo code and the filter itself. It writes to
// descriptors alone, hence the files in memory. Each architecture has a filter
// of its own until they are joined, so that rules stay with theirs.

#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/render/expressible.h"
#include "campaign/syscalls/render/render.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// Below this a chain of comparisons is shorter than a tree of them.
constexpr uint32_t kBinaryTree = 2;

uint32_t ActionNumber(Decision verdict) {
  switch (verdict.action) {
    case Action::kAllow:
      return SCMP_ACT_ALLOW;
    case Action::kLog:
      return SCMP_ACT_LOG;
    case Action::kErrno:
      return SCMP_ACT_ERRNO(static_cast<uint32_t>(verdict.code));
    case Action::kTrap:
      return SCMP_ACT_TRAP;
    case Action::kTrace:
      return SCMP_ACT_TRACE(static_cast<uint32_t>(verdict.code));
    case Action::kNotify:
      return SCMP_ACT_NOTIFY;
    case Action::kKillThread:
      return SCMP_ACT_KILL_THREAD;
    case Action::kKillProcess:
      return SCMP_ACT_KILL_PROCESS;
  }
  return SCMP_ACT_KILL_PROCESS;
}

scmp_arg_cmp ArgumentOf(const Condition& condition) {
  constexpr scmp_compare kCompares[] = {SCMP_CMP_EQ, SCMP_CMP_NE, SCMP_CMP_LT,
                                        SCMP_CMP_LE, SCMP_CMP_GT, SCMP_CMP_GE};
  const auto index = static_cast<unsigned>(condition.argument);
  if (condition.mask != kWholeWord) {
    return {index, SCMP_CMP_MASKED_EQ, condition.mask, condition.value};
  }
  return {index, kCompares[static_cast<size_t>(condition.compare)],
          condition.value, 0};
}

// libseccomp takes the numbers of this machine, also for filters of others, and
// looks up by name what they are there: its own number for what this machine
// has not. Nothing where it has no name for a call of another machine.
std::optional<int> NativeNumber(const Rule& rule) {
  if (rule.arch == NativeArch()) return rule.number;
  if (!LibseccompKnows(rule.arch, rule.number)) return std::nullopt;
  return seccomp_syscall_resolve_name(
      NameOfCall(rule.arch, rule.number).c_str());
}

// Owns a filter of libseccomp's.
class Filter {
 public:
  explicit Filter(Decision otherwise)
      : context_(seccomp_init(ActionNumber(otherwise))) {}
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;
  ~Filter() {
    if (context_ != nullptr) seccomp_release(context_);
  }

  // 0, or the negative errno of the first call that failed.
  int Begin(Arch arch) {
    if (context_ == nullptr) return -ENOMEM;
    int result = seccomp_attr_set(context_, SCMP_FLTATR_ACT_BADARCH,
                                  SCMP_ACT_KILL_PROCESS);
    if (result == 0 && arch != NativeArch()) {
      result = seccomp_arch_remove(context_, NativeArch());
      if (result == 0) result = seccomp_arch_add(context_, arch);
    }
    if (result != 0) return result;
    return seccomp_attr_set(context_, SCMP_FLTATR_CTL_OPTIMIZE, kBinaryTree);
  }

  int Add(const Rule& rule) {
    const uint32_t action = ActionNumber(rule.verdict);
    const int number = NativeNumber(rule).value_or(__NR_SCMP_ERROR);
    if (rule.any_of.empty()) {
      return seccomp_rule_add_array(context_, action, number, 0, nullptr);
    }
    for (const Clause& clause : rule.any_of) {
      std::vector<scmp_arg_cmp> arguments;
      for (const Condition& one : clause) arguments.push_back(ArgumentOf(one));
      const int result = seccomp_rule_add_array(
          context_, action, number, static_cast<unsigned>(arguments.size()),
          arguments.data());
      // That a rule is there already is no failure.
      if (result != 0 && result != -EEXIST) return result;
    }
    return 0;
  }

  int Join(Filter* other) {
    const int result = seccomp_merge(context_, other->context_);
    if (result == 0) other->context_ = nullptr;  // it went into this one
    return result;
  }

  scmp_filter_ctx context() const { return context_; }

 private:
  scmp_filter_ctx context_;
};

absl::Status Failed(std::string_view what, int result) {
  return absl::InternalError(
      Concat("libseccomp, ", what, ": ", std::strerror(-result)));
}

// Those that libseccomp can be told; of the others `lost` tells.
std::vector<Rule> Named(const std::vector<Rule>& rules,
                        std::vector<std::string>* lost) {
  std::vector<Rule> named;
  for (const Rule& rule : rules) {
    if (NativeNumber(rule).has_value()) {
      named.push_back(rule);
    } else {
      lost->push_back(Concat(CallText(rule), ": libseccomp has no name for ",
                             "this call of another architecture, so that the ",
                             "default decides"));
    }
  }
  return named;
}

absl::Status Fill(Arch arch, const std::vector<Rule>& rules, Decision otherwise,
                  Filter* filter) {
  if (const int result = filter->Begin(arch); result != 0) {
    return Failed("a filter for " + NameOfArch(arch), result);
  }
  for (const Rule& rule : rules) {
    // What is as the default would be refused as a rule.
    if (rule.arch != arch || rule.verdict == otherwise) continue;
    if (const int result = filter->Add(rule); result != 0) {
      return Failed(
          Concat("a rule for ", CallText(rule), ": ", ToString(rule.any_of)),
          result);
    }
  }
  return absl::OkStatus();
}

using Export = int (*)(scmp_filter_ctx, int);

absl::StatusOr<std::string> Exported(scmp_filter_ctx context, Export write) {
  const int file = memfd_create("filter", MFD_CLOEXEC);
  if (file < 0) return Failed("a file in memory", -errno);
  const int result = write(context, file);
  std::string text;
  char buffer[4096];
  if (result == 0 && lseek(file, 0, SEEK_SET) == 0) {
    for (ssize_t got; (got = read(file, buffer, sizeof(buffer))) > 0;) {
      text.append(buffer, static_cast<size_t>(got));
    }
  }
  close(file);
  if (result != 0) return Failed("writing the filter", result);
  return text;
}

// Of alternatives that are more than equalities libseccomp 2.5 tries the first
// that begins to hold, and not the next one where it goes on to fail.
void TellOfAlternatives(const Rule& rule, std::vector<std::string>* lost) {
  if (rule.any_of.size() < 2) return;
  for (const Clause& clause : rule.any_of) {
    for (const Condition& one : clause) {
      if (one.compare == Compare::kEqual) continue;
      lost->push_back(
          Concat(CallText(rule), ": libseccomp may refuse what only a later ",
                 "alternative lets through, because of ", ToString(one)));
      return;
    }
  }
}

absl::StatusOr<Rendering> Compiled(const Policy& policy, Export write) {
  Rendering rendering;
  const std::vector<Rule> rules = Named(
      Expressible(policy, {.one_condition_an_argument = true}, &rendering.lost),
      &rendering.lost);
  for (const Rule& rule : rules) TellOfAlternatives(rule, &rendering.lost);
  std::vector<Arch> arches = policy.arches;
  if (arches.empty()) arches.push_back(NativeArch());
  Filter whole(policy.otherwise);
  absl::Status status = Fill(arches[0], rules, policy.otherwise, &whole);
  for (size_t i = 1; status.ok() && i < arches.size(); ++i) {
    Filter part(policy.otherwise);
    status = Fill(arches[i], rules, policy.otherwise, &part);
    if (!status.ok()) break;
    const int result = whole.Join(&part);
    if (result != 0) status = Failed("joining architectures", result);
  }
  if (!status.ok()) return status;
  auto text = Exported(whole.context(), write);
  if (!text.ok()) return text.status();
  rendering.text = *std::move(text);
  return rendering;
}

}  // namespace

absl::StatusOr<Rendering> RenderPfc(const Policy& policy) {
  return Compiled(policy, [](scmp_filter_ctx context, int file) {
    return seccomp_export_pfc(context, file);
  });
}

absl::StatusOr<Rendering> RenderBpf(const Policy& policy) {
  return Compiled(policy, [](scmp_filter_ctx context, int file) {
    return seccomp_export_bpf(context, file);
  });
}

}  // namespace formfuzz::campaign
