// SPDX-License-Identifier: Apache-2.0
// The unwinder walks the stack, Abseil names what is on it.
#include "framework/fault/call_stack.h"

#include <unwind.h>

#include "absl/debugging/symbolize.h"
#include "framework/base/digest.h"

namespace formfuzz {
namespace {

bool IsPartOfName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_';
}

struct Walk {
  void** frames;
  size_t count;
  uintptr_t end;  // frames of callers lie above those of whom they call
};

_Unwind_Reason_Code OnFrame(_Unwind_Context* context, void* argument) {
  Walk& walk = *static_cast<Walk*>(argument);
  const uintptr_t frame = _Unwind_GetCFA(context);
  // On another stack the end is never met, or was before the beginning.
  if (walk.count == 0 && frame > walk.end) walk.end = UINTPTR_MAX;
  const auto address = static_cast<uintptr_t>(_Unwind_GetIP(context));
  if (address == 0 || frame > walk.end || walk.count == kCallStackFramesMax) {
    return _URC_END_OF_STACK;
  }
  walk.frames[walk.count++] = reinterpret_cast<void*>(address);
  return _URC_NO_REASON;
}

}  // namespace

CallStack::CallStack(const void* end) {
  Walk walk{frames_, 0,
            end == nullptr ? UINTPTR_MAX : reinterpret_cast<uintptr_t>(end)};
  _Unwind_Backtrace(OnFrame, &walk);
  count_ = walk.count;
}

uint64_t CallStack::digest() const {
  uint64_t digest = count_;
  for (void* const frame : *this) {
    digest = Mix(digest, reinterpret_cast<uintptr_t>(frame));
  }
  return digest;
}

bool IsFunctionNamed(std::string_view symbol, std::string_view function) {
  size_t at = symbol.find(function);
  for (; at != symbol.npos; at = symbol.find(function, at + 1)) {
    const size_t end = at + function.size();
    const bool begins = at == 0 || !IsPartOfName(symbol[at - 1]);
    const bool ends = end == symbol.size() || symbol[end] == '(' ||
                      symbol[end] == '<' || symbol[end] == '[';
    if (begins && ends) return true;
  }
  return false;
}

bool FunctionFinder::IsIn(std::string_view function, void* address) {
  const auto key = std::make_pair(address, function.data());
  const auto known = known_.find(key);
  if (known != known_.end()) return known->second;
  char symbol[512];
  // A return address is one past the call.
  void* const call = static_cast<char*>(address) - 1;
  const bool is_in = absl::Symbolize(call, symbol, sizeof symbol) &&
                     IsFunctionNamed(symbol, function);
  known_.emplace(key, is_in);
  return is_in;
}

bool FunctionFinder::IsBelow(std::string_view function,
                             const CallStack& stack) {
  for (void* const frame : stack) {
    if (IsIn(function, frame)) return true;
  }
  return false;
}

}  // namespace formfuzz
