// SPDX-License-Identifier: Apache-2.0
// What every function that stands in front of one of libc's does.
//
// A point's errors are those that its manual page lists, less those that tell
// of a wrong argument (EBADF, EFAULT, EINVAL, ENOTSOCK); the fault's parameter
// chooses one, the first being what is likeliest. Calls that were not made
// inside_component pass.
#ifndef FORMFUZZ_FRAMEWORK_FAULT_INJECT_CALL_H_
#define FORMFUZZ_FRAMEWORK_FAULT_INJECT_CALL_H_

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <initializer_list>

#include "framework/fault/component_scope.h"
#include "framework/fault/fault_point.h"

namespace formfuzz {

struct LibcPoint {
  const char* name;
  std::initializer_list<int> errors;
  FaultKinds kinds = CanDo(FaultKind::kDelay);

  int ErrorOf(FaultShown fault) const {
    return errors.begin()[fault.parameter() % errors.size()];
  }
};

// The fault of this call; errno is left alone.
inline FaultShown ShowAt(const LibcPoint& point) {
  if (!inside_component || fault_gate == nullptr) [[likely]]
    return {};
  const int before = errno;
  const FaultShown fault = ShowFault(
      point.name, point.kinds, static_cast<unsigned>(point.errors.size()));
  errno = before;
  return fault;
}

// `real()`, or `failed` with an errno.
template <class Result, class Real>
Result CallOrFail(const LibcPoint& point, Result failed, const Real& real) {
  const FaultShown fault = ShowAt(point);
  if (!fault) [[likely]]
    return real();
  errno = point.ErrorOf(fault);
  return failed;
}

// The same for what hands over `size` bytes, `real(size)`: a short transfer is
// of at least one byte, since none would mean the end.
template <class Real>
auto TransferOrFail(const LibcPoint& point, size_t size, const Real& real)
    -> decltype(real(size)) {
  const FaultShown fault = ShowAt(point);
  if (!fault) [[likely]]
    return real(size);
  if (fault.Is(FaultKind::kShort)) {
    return real(size < 2 ? size : std::max<size_t>(1, fault.short_of(size)));
  }
  errno = point.ErrorOf(fault);
  return -1;
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FAULT_INJECT_CALL_H_
