// SPDX-License-Identifier: Apache-2.0
// Time as the C library tells it: in a run with tasks every clock but those of
// processor time shows the scenario's time, and sleeping takes none.
#include <cerrno>

#include "framework/schedule/posix/real.h"
#include "framework/schedule/posix/run_or.h"
#include "framework/schedule/posix/time.h"

namespace formfuzz {
namespace {

constexpr YieldSite kSleep("thread.sleep");
constexpr uint64_t kUsPerMs = 1000;

int GetTime(Scheduler& scheduler, clockid_t clock, timespec* now) {
  if (clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID) {
    return __real_clock_gettime(clock, now);
  }
  *now = TimeOf(scheduler.NowMs());
  return 0;
}

int GetTimeOfDay(Scheduler& scheduler, timeval* now, void*) {
  const timespec time = TimeOf(scheduler.NowMs());
  *now = {time.tv_sec, time.tv_nsec / 1000};
  return 0;
}

time_t GetSeconds(Scheduler& scheduler, time_t* seconds) {
  const auto now = static_cast<time_t>(scheduler.NowMs() / 1000);
  if (seconds != nullptr) *seconds = now;
  return now;
}

int SleepFor(Scheduler& scheduler, uint64_t ms) {
  scheduler.SleepUntilMs(scheduler.NowMs() + ms, kSleep);
  return 0;
}

int Sleep(Scheduler& scheduler, const timespec* time, timespec*) {
  if (IsTime(*time) && time->tv_sec >= 0) {
    return SleepFor(scheduler, MsOf(*time));
  }
  errno = EINVAL;
  return -1;
}

int SleepBy(Scheduler& scheduler, clockid_t, int flags, const timespec* time,
            timespec*) {
  if (!IsTime(*time)) return EINVAL;
  if (flags != TIMER_ABSTIME) return SleepFor(scheduler, MsOf(*time));
  scheduler.SleepUntilMs(MsOf(*time), kSleep);
  return 0;
}

int SleepUs(Scheduler& scheduler, useconds_t us) {
  return SleepFor(scheduler, (us + kUsPerMs - 1) / kUsPerMs);
}

unsigned SleepSeconds(Scheduler& scheduler, unsigned seconds) {
  SleepFor(scheduler, uint64_t{seconds} * 1000);
  return 0;
}

}  // namespace

extern "C" {

int __wrap_clock_gettime(clockid_t clock, timespec* now) {
  return RunOr(GetTime, __real_clock_gettime, clock, now);
}
int __wrap_gettimeofday(timeval* now, void* zone) {
  return RunOr(GetTimeOfDay, __real_gettimeofday, now, zone);
}
time_t __wrap_time(time_t* seconds) {
  return RunOr(GetSeconds, __real_time, seconds);
}
int __wrap_nanosleep(const timespec* time, timespec* left) {
  return RunOr(Sleep, __real_nanosleep, time, left);
}
int __wrap_clock_nanosleep(clockid_t clock, int flags, const timespec* time,
                           timespec* left) {
  return RunOr(SleepBy, __real_clock_nanosleep, clock, flags, time, left);
}
int __wrap_usleep(useconds_t us) { return RunOr(SleepUs, __real_usleep, us); }
unsigned __wrap_sleep(unsigned seconds) {
  return RunOr(SleepSeconds, __real_sleep, seconds);
}

}  // extern "C"
}  // namespace formfuzz
