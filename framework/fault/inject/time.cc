// SPDX-License-Identifier: Apache-2.0
// Clocks that cannot be read, and sleep that is interrupted.
#include <ctime>

#include "framework/fault/inject/call.h"
#include "framework/fault/injection.h"

namespace formfuzz {
namespace {

const LibcPoint kGetTime{"libc.clock_gettime", {EOVERFLOW, ENOTSUP, EPERM}};
const LibcPoint kSleep{"libc.nanosleep", {EINTR}};

constexpr std::string_view kNames[] = {"libc.clock_gettime", "libc.nanosleep"};
[[maybe_unused]] const bool added = AddInjectedPoints(kNames);

}  // namespace
}  // namespace formfuzz

extern "C" {

int __real_clock_gettime(clockid_t clock, timespec* now);
int __wrap_clock_gettime(clockid_t clock, timespec* now) {
  return formfuzz::CallOrFail(formfuzz::kGetTime, -1,
                              [=] { return __real_clock_gettime(clock, now); });
}
// An interrupted sleep has all of its time left.
int __real_nanosleep(const timespec* time, timespec* left);
int __wrap_nanosleep(const timespec* time, timespec* left) {
  if (left != nullptr) *left = *time;
  return formfuzz::CallOrFail(formfuzz::kSleep, -1,
                              [=] { return __real_nanosleep(time, left); });
}

}  // extern "C"
