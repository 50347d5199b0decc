// SPDX-License-Identifier: Apache-2.0
// Places where a component can be made to fail, written into the component.
//
//   absl::Status Journal::Append(std::string_view record) {
//     FORMFUZZ_FAULT_SCOPE("journal.append");
//     if (FORMFUZZ_FAULT("journal.write")) return absl::UnavailableError("…");
//     …
//
// The name must be a literal. A point says which kinds it can do besides
// kError, FORMFUZZ_FAULT("net.send", FaultKind::kDrop, FaultKind::kDelay); one
// that cannot do what is asked for shows kError. A harness lists the points
// that it wants in .Faults(…); others never fire. Unless FORMFUZZ_FUZZING is
// set, a point is a constant false and a scope is nothing: this header then
// defines a few types and no code.
//
// Outside of a scenario a point costs one load and one branch; within one it is
// counted, and may fire, on the threads that play the scenario's steps and on
// those that tasks start in it, and on no other.
#ifndef FORMFUZZ_FRAMEWORK_FAULT_FAULT_POINT_H_
#define FORMFUZZ_FRAMEWORK_FAULT_FAULT_POINT_H_

#include <cstddef>
#include <cstdint>

namespace formfuzz {

// What a point is to do.
enum class FaultKind : uint8_t {
  kError,       // the operation fails and has done nothing
  kAfterwards,  // the operation is done, and yet reported as failed
  kException,   // FaultThrown is thrown instead
  kDelay,       // the operation is done, `parameter` ms of the scenario later
  kShort,       // a part is read or written: short_of(), a torn write
  kCorrupt,     // it is done with one bit changed
  kDuplicate,   // it is done twice
  kDrop,        // it is not done, and yet reported as done
};
inline constexpr size_t kFaultKinds = 8;

using FaultKinds = uint8_t;  // bit i: the i-th kind

// kError is always among them.
template <class... Kinds>
constexpr FaultKinds CanDo(Kinds... kinds) {
  return static_cast<FaultKinds>((1u | ... | (1u << static_cast<int>(kinds))));
}

// What to do now: as usual, unless true.
class FaultShown {
 public:
  constexpr FaultShown() = default;
  constexpr FaultShown(FaultKind kind, uint16_t parameter)
      : shown_(true), kind_(kind), parameter_(parameter) {}

  constexpr explicit operator bool() const { return shown_; }
  constexpr bool Is(FaultKind kind) const { return shown_ && kind_ == kind; }
  constexpr FaultKind kind() const { return kind_; }
  constexpr uint16_t parameter() const { return parameter_; }

  // Of a transfer of `size`: how much of it is done; less than `size`.
  constexpr size_t short_of(size_t size) const {
    return static_cast<size_t>((uint64_t{size} * parameter_) >> 16);
  }
  // Changes one bit of `data`, chosen by the parameter.
  template <class Byte>
  void Corrupt(Byte* data, size_t size) const {
    static_assert(sizeof(Byte) == 1);
    if (size == 0) return;
    const size_t bit = parameter_ % (size * 8);
    data[bit / 8] = static_cast<Byte>(static_cast<unsigned>(data[bit / 8]) ^
                                      (1u << bit % 8));
  }

 private:
  bool shown_ = false;
  FaultKind kind_ = FaultKind::kError;
  uint16_t parameter_ = 0;
};

// What stands behind the points of a thread while faults are armed.
class FaultGate {
 public:
  // Counts a hit of the point. `variants`: how many parameters differ.
  virtual FaultShown Show(const char* point, FaultKinds kinds,
                          unsigned variants) = 0;
  virtual void EnterScope(const char* scope) = 0;
  virtual void LeaveScope(const char* scope) = 0;
  // What was shown may throw: exceptions are then no finding.
  virtual void NoteThrown() = 0;

 protected:
  ~FaultGate() = default;
};

// Null on threads that play no scenario.
constinit inline thread_local FaultGate* fault_gate = nullptr;

inline FaultShown ShowFault(const char* point, FaultKinds kinds,
                            unsigned variants = 1) {
  FaultGate* const gate = fault_gate;
  if (gate == nullptr) [[likely]]
    return {};
  return gate->Show(point, kinds, variants);
}

// Faults that are "below" the name fire only while one of these stands.
class FaultScope {
 public:
  explicit FaultScope(const char* name) : name_(name), gate_(fault_gate) {
    if (gate_ != nullptr) gate_->EnterScope(name_);
  }
  ~FaultScope() {
    if (gate_ != nullptr) gate_->LeaveScope(name_);
  }
  FaultScope(const FaultScope&) = delete;
  FaultScope& operator=(const FaultScope&) = delete;

 private:
  const char* name_;
  FaultGate* gate_;
};

}  // namespace formfuzz

#if defined(FORMFUZZ_FUZZING) && FORMFUZZ_FUZZING
#define FORMFUZZ_FAULT(name, ...) \
  (::formfuzz::ShowFault((name), ::formfuzz::CanDo(__VA_ARGS__)))
#define FORMFUZZ_FAULT_SCOPE_AT(name, line) \
  const ::formfuzz::FaultScope formfuzz_fault_scope_##line(name)
#define FORMFUZZ_FAULT_SCOPE_LINE(name, line) \
  FORMFUZZ_FAULT_SCOPE_AT(name, line)
#define FORMFUZZ_FAULT_SCOPE(name) FORMFUZZ_FAULT_SCOPE_LINE(name, __LINE__)
#else
#define FORMFUZZ_FAULT(name, ...) (::formfuzz::FaultShown())
#define FORMFUZZ_FAULT_SCOPE(name) static_assert(true)
#endif

#endif  // FORMFUZZ_FRAMEWORK_FAULT_FAULT_POINT_H_
