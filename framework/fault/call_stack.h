// SPDX-License-Identifier: Apache-2.0
// Who called, for triggers that ask. A tenth of a microsecond a frame: only
// for armed points.
#ifndef FORMFUZZ_FRAMEWORK_FAULT_CALL_STACK_H_
#define FORMFUZZ_FRAMEWORK_FAULT_CALL_STACK_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

namespace formfuzz {

inline constexpr size_t kCallStackFramesMax = 48;  // the innermost ones

class CallStack {
 public:
  // Of whoever calls this, up to the frame that `end` lies in, where that is
  // further out on this very stack; null: all of it.
  explicit CallStack(const void* end = nullptr);

  // Equal for equal stacks of one process; means nothing in another.
  uint64_t digest() const;

  void* const* begin() const { return frames_; }
  void* const* end() const { return frames_ + count_; }

 private:
  void* frames_[kCallStackFramesMax];
  size_t count_ = 0;
};

// Remembers which return addresses lie in functions of which names.
class FunctionFinder {
 public:
  // Whether a function of that name, `Append` or `Journal::Append`, is on the
  // stack. Needs a symbol: not stripped, not inlined.
  bool IsBelow(std::string_view function, const CallStack& stack);

 private:
  bool IsIn(std::string_view function, void* address);

  std::map<std::pair<void*, const char*>, bool> known_;
};

// Whether a demangled symbol is that function, whatever its arguments.
bool IsFunctionNamed(std::string_view symbol, std::string_view function);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FAULT_CALL_STACK_H_
