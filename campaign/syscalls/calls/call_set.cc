// SPDX-License-Identifier: Apache-2.0
// A filter as a list of instructions. Calls that are known by number alone
// come first: the kernel remembers for each number whether it passes without
// a look at arguments, and then runs no filter at all.

#include "campaign/syscalls/calls/call_set.h"

#include <linux/seccomp.h>

#include <cstddef>

#include "campaign/process/wire/keyrings.h"
#include "campaign/syscalls/names/arch.h"

namespace formfuzz::campaign {
namespace {

constexpr uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
constexpr uint16_t kEqual = BPF_JMP | BPF_JEQ | BPF_K;
constexpr uint16_t kAtLeast = BPF_JMP | BPF_JGE | BPF_K;
constexpr uint16_t kAbove = BPF_JMP | BPF_JGT | BPF_K;
constexpr uint16_t kJump = BPF_JMP | BPF_JA;
constexpr uint16_t kMask = BPF_ALU | BPF_AND | BPF_K;
constexpr uint16_t kReturn = BPF_RET | BPF_K;
constexpr uint32_t kAsk = 0x7fc00000;  // SECCOMP_RET_USER_NOTIF
// Leaves room for the end of the filter.
constexpr size_t kInstructionsMax = BPF_MAXINSNS - 64;

uint32_t Low(uint64_t value) { return static_cast<uint32_t>(value); }
uint32_t High(uint64_t value) { return static_cast<uint32_t>(value >> 32); }

class Writer {
 public:
  void Add(uint16_t code, uint32_t k, uint8_t yes = 0, uint8_t no = 0) {
    code_.push_back({code, yes, no, k});
  }
  size_t size() const { return code_.size(); }

  // Passes over the next `count` instructions unless the half of the argument,
  // masked, has the value.
  void SkipUnless(size_t offset, uint32_t mask, uint32_t value, size_t count) {
    Add(kLoad, static_cast<uint32_t>(offset));
    if (mask != ~uint32_t{0}) Add(kMask, mask);
    Add(kEqual, value, 0, static_cast<uint8_t>(count));
  }

  // Where jumps to the end are mended once it is known.
  void JumpToEnd() {
    ends_.push_back(size());
    Add(kJump, 0);
  }
  void EndHere() {
    for (const size_t at : ends_) {
      code_[at].k = static_cast<uint32_t>(size() - at - 1);
    }
  }

  std::vector<sock_filter> Take() { return std::move(code_); }

 private:
  std::vector<sock_filter> code_;
  std::vector<size_t> ends_;
};

size_t OffsetOf(const Condition& condition) {
  return offsetof(seccomp_data, args) +
         static_cast<size_t>(condition.argument) * sizeof(uint64_t);
}

size_t SizeOfHalf(uint32_t mask) {
  return mask == 0 ? 0 : mask == ~uint32_t{0} ? 2 : 3;
}

// With the RET at its end.
size_t SizeOf(const Clause& clause) {
  size_t size = 1;
  for (const Condition& condition : clause) {
    size += SizeOfHalf(Low(condition.mask)) + SizeOfHalf(High(condition.mask));
  }
  return size;
}

// All comparisons hold, or the clause is passed over.
void WriteClause(const Clause& clause, Writer& writer) {
  const size_t end = writer.size() + SizeOf(clause);
  const auto compare = [&](size_t offset, uint32_t mask, uint32_t value) {
    if (mask == 0) return;
    writer.SkipUnless(offset, mask, value,
                      end - writer.size() - SizeOfHalf(mask));
  };
  for (const Condition& condition : clause) {
    const size_t at = OffsetOf(condition);
    compare(at, Low(condition.mask), Low(condition.value));
    compare(at + 4, High(condition.mask), High(condition.value));
  }
  writer.Add(kReturn, SECCOMP_RET_ALLOW);
}

void WriteHead(Writer& writer) {
  writer.Add(kLoad, offsetof(seccomp_data, arch));
  writer.Add(kEqual, NativeArch(), 1, 0);
  writer.Add(kReturn, kAsk);
  writer.Add(kLoad, offsetof(seccomp_data, nr));
  writer.Add(kAtLeast, kPhaseCall, 0, 1);  // and all of x32
  writer.Add(kReturn, kAsk);
  for (const auto& [arch, first] : kKeyringNumbers) {
    if (arch != NativeArch()) continue;
    writer.Add(kAtLeast, first, 0, 2);
    writer.Add(kAtLeast, first + kKeyringCalls, 1, 0);
    writer.Add(kReturn, kAsk);
  }
}

// Lets pass what is called from where the upper half of the address is `high`
// and the lower one between `first` and `last`.
void AllowFrom(uint32_t high, uint32_t first, uint32_t last, Writer& writer) {
  constexpr size_t kAt = offsetof(seccomp_data, instruction_pointer);
  writer.Add(kLoad, kAt + 4);
  writer.Add(kEqual, high, 0, 4);
  writer.Add(kLoad, kAt);
  writer.Add(kAtLeast, first, 0, 2);
  writer.Add(kAbove, last, 1, 0);
  writer.Add(kReturn, SECCOMP_RET_ALLOW);
}

// Of all places that a loader picks, one in thousands has a border of 4 GiB in
// its midst: code of ours that was asked about there would wait for an answer
// that nobody is free to give.
void WriteEnd(const OwnCode& own, Writer& writer) {
  writer.EndHere();
  const uint32_t first = High(own.begin);
  const uint32_t last = High(own.end);
  if (own.end != 0 && first == last) {
    AllowFrom(first, Low(own.begin), Low(own.end), writer);
  } else if (own.end != 0) {
    AllowFrom(first, Low(own.begin), ~uint32_t{0}, writer);
    AllowFrom(last, 0, Low(own.end), writer);
  }
  writer.Add(kReturn, kAsk);
}

}  // namespace

void CallSet::AddNumber(uint32_t number) {
  Known& known = calls_[number];
  if (known.whatever) return;
  known.whatever = true;
  known.classes.clear();
  ++version_;
}

void CallSet::Remove(uint32_t number) {
  if (calls_.erase(number) != 0) ++version_;
}

bool CallSet::Add(const Call& call) {
  if (call.arch != NativeArch() || call.number >= kPhaseCall) return false;
  if (Knows(call)) return false;
  Known& known = calls_[call.number];
  if (!by_class_ || ClassRuleOf(call.number) == nullptr ||
      known.classes.size() >= kClassesMax) {
    AddNumber(call.number);
    return true;
  }
  known.classes.insert(ClassOf(call));
  ++version_;
  return true;
}

void CallSet::AddForeign(Arch arch, uint32_t number, const Clauses& clauses) {
  foreign_[{arch, number}] = clauses;
}

bool CallSet::Knows(const Call& call) const {
  const Arch arch = ArchOfCall(call.arch, static_cast<int>(call.number));
  if (arch != NativeArch()) {
    const auto found = foreign_.find({arch, call.number});
    return found != foreign_.end() && AnyHolds(found->second, call.arguments);
  }
  const auto found = calls_.find(call.number);
  if (found == calls_.end()) return false;
  const Known& known = found->second;
  return known.whatever || known.classes.contains(ClassOf(call)) ||
         (!known.clauses.empty() && AnyHolds(known.clauses, call.arguments));
}

Clauses CallSet::ClausesOf(uint32_t number, const Known& known) {
  Clauses clauses = known.clauses;
  for (const CallClass& values : known.classes) {
    const ClassRule& rule = *ClassRuleOf(number);
    Clause& clause = clauses.emplace_back();
    for (size_t i = 0; i < rule.count; ++i) {
      clause.push_back({rule.arguments[i].index, Compare::kEqual,
                        rule.arguments[i].mask, values[i]});
    }
  }
  return clauses;
}

bool CallSet::AddClauses(uint32_t number, const Clauses& clauses) {
  if (clauses.empty()) {
    AddNumber(number);
    return true;
  }
  for (const Clause& clause : clauses) {
    for (const Condition& condition : clause) {
      if (condition.compare != Compare::kEqual) return false;
    }
  }
  calls_[number].clauses = clauses;
  ++version_;
  return true;
}

std::vector<sock_filter> CallSet::Filter(const OwnCode& own) const {
  Writer writer;
  WriteHead(writer);
  for (const auto& [number, known] : calls_) {
    if (!known.whatever) continue;
    writer.Add(kEqual, number, 0, 1);
    writer.Add(kReturn, SECCOMP_RET_ALLOW);
  }
  for (const auto& [number, known] : calls_) {
    if (known.whatever) continue;
    const Clauses clauses = ClausesOf(number, known);
    size_t size = 1;
    for (const Clause& clause : clauses) size += SizeOf(clause);
    if (writer.size() + size + 2 > kInstructionsMax) break;  // asked about
    writer.Add(kEqual, number, 1, 0);
    writer.Add(kJump, static_cast<uint32_t>(size));
    for (const Clause& clause : clauses) WriteClause(clause, writer);
    writer.JumpToEnd();
  }
  WriteEnd(own, writer);
  return writer.Take();
}

}  // namespace formfuzz::campaign
