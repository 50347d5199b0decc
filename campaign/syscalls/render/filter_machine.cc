// SPDX-License-Identifier: Apache-2.0
// The machine: an accumulator, an index, sixteen words of memory.

#include "campaign/syscalls/render/filter_machine.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <array>
#include <cstring>
#include <optional>

#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

class Machine {
 public:
  Machine(std::string_view filter, const seccomp_data& call)
      : filter_(filter), call_(call) {}

  absl::StatusOr<Decision> Run() {
    const size_t size = filter_.size() / sizeof(sock_filter);
    for (size_t at = 0; at < size; ++at) {
      sock_filter code;
      std::memcpy(&code, filter_.data() + at * sizeof(code), sizeof(code));
      const auto jump = Step(code);
      if (returned_) return VerdictOf(*returned_);
      if (!jump) {
        return absl::InvalidArgumentError(
            Concat("instruction ", at, " is none of a filter"));
      }
      at += *jump;
    }
    return absl::InvalidArgumentError("the filter does not return");
  }

 private:
  // How many instructions to pass over; nothing if it is not known.
  std::optional<size_t> Step(const sock_filter& code) {
    switch (BPF_CLASS(code.code)) {
      case BPF_LD:
        return Load(code, &accumulator_);
      case BPF_LDX:
        return Load(code, &index_);
      case BPF_ST:
        return Store(code.k, accumulator_);
      case BPF_STX:
        return Store(code.k, index_);
      case BPF_ALU:
        return Calculate(code);
      case BPF_JMP:
        return Jump(code);
      case BPF_MISC:
        (BPF_MISCOP(code.code) == BPF_TAX ? index_ : accumulator_) =
            BPF_MISCOP(code.code) == BPF_TAX ? accumulator_ : index_;
        return 0;
      case BPF_RET:
        returned_ = BPF_RVAL(code.code) == BPF_A ? accumulator_ : code.k;
        return 0;
      default:
        return std::nullopt;
    }
  }

  std::optional<size_t> Load(const sock_filter& code, uint32_t* target) {
    switch (BPF_MODE(code.code)) {
      case BPF_ABS:
        if (code.k > sizeof(call_) - sizeof(*target) || code.k % 4 != 0) {
          return std::nullopt;
        }
        std::memcpy(target, reinterpret_cast<const char*>(&call_) + code.k,
                    sizeof(*target));
        return 0;
      case BPF_IMM:
        *target = code.k;
        return 0;
      case BPF_MEM:
        if (code.k >= memory_.size()) return std::nullopt;
        *target = memory_[code.k];
        return 0;
      case BPF_LEN:
        *target = sizeof(call_);
        return 0;
      default:
        return std::nullopt;
    }
  }

  std::optional<size_t> Store(uint32_t place, uint32_t value) {
    if (place >= memory_.size()) return std::nullopt;
    memory_[place] = value;
    return 0;
  }

  uint32_t Source(const sock_filter& code) const {
    return BPF_SRC(code.code) == BPF_X ? index_ : code.k;
  }

  std::optional<size_t> Calculate(const sock_filter& code) {
    constexpr uint32_t kWordBits = 32;
    const uint32_t source = Source(code);
    uint32_t& a = accumulator_;
    switch (BPF_OP(code.code)) {
      case BPF_ADD:
        a += source;
        return 0;
      case BPF_SUB:
        a -= source;
        return 0;
      case BPF_AND:
        a &= source;
        return 0;
      case BPF_OR:
        a |= source;
        return 0;
      case BPF_XOR:
        a ^= source;
        return 0;
      case BPF_LSH:
        a = source < kWordBits ? a << source : 0;
        return 0;
      case BPF_RSH:
        a = source < kWordBits ? a >> source : 0;
        return 0;
      case BPF_NEG:
        a = 0 - a;
        return 0;
      default:
        return std::nullopt;  // what no compiler of filters makes
    }
  }

  std::optional<size_t> Jump(const sock_filter& code) const {
    const uint32_t source = Source(code);
    bool holds = false;
    switch (BPF_OP(code.code)) {
      case BPF_JA:
        return code.k;
      case BPF_JEQ:
        holds = accumulator_ == source;
        break;
      case BPF_JGT:
        holds = accumulator_ > source;
        break;
      case BPF_JGE:
        holds = accumulator_ >= source;
        break;
      case BPF_JSET:
        holds = (accumulator_ & source) != 0;
        break;
      default:
        return std::nullopt;
    }
    return holds ? code.jt : code.jf;
  }

  static absl::StatusOr<Decision> VerdictOf(uint32_t returned) {
    const int code = static_cast<int>(returned & SECCOMP_RET_DATA);
    switch (returned & SECCOMP_RET_ACTION_FULL) {
      case SECCOMP_RET_ALLOW:
        return Decision{Action::kAllow, 0};
      case SECCOMP_RET_LOG:
        return Decision{Action::kLog, 0};
      case SECCOMP_RET_ERRNO:
        return Decision{Action::kErrno, code};
      case SECCOMP_RET_TRAP:
        return Decision{Action::kTrap, 0};
      case SECCOMP_RET_TRACE:
        return Decision{Action::kTrace, code};
      case SECCOMP_RET_USER_NOTIF:
        return Decision{Action::kNotify, 0};
      case SECCOMP_RET_KILL_THREAD:
        return Decision{Action::kKillThread, 0};
      default:  // the kernel's way with what it does not know
        return Decision{Action::kKillProcess, 0};
    }
  }

  std::string_view filter_;
  const seccomp_data& call_;
  uint32_t accumulator_ = 0;
  uint32_t index_ = 0;
  std::array<uint32_t, BPF_MEMWORDS> memory_ = {};
  std::optional<uint32_t> returned_;
};

}  // namespace

absl::StatusOr<Decision> RunFilter(std::string_view filter, Arch arch,
                                   int number, const CallArguments& arguments,
                                   uint64_t instruction_pointer) {
  if (filter.empty() || filter.size() % sizeof(sock_filter) != 0) {
    return absl::InvalidArgumentError("not a whole number of instructions");
  }
  seccomp_data call = {};
  call.nr = number;
  call.arch = AuditArch(arch);
  call.instruction_pointer = instruction_pointer;
  for (size_t i = 0; i < arguments.size(); ++i) call.args[i] = arguments[i];
  return Machine(filter, call).Run();
}

}  // namespace formfuzz::campaign
