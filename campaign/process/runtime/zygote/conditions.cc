// SPDX-License-Identifier: Apache-2.0
// Reads "L7=3;S15@2000;": limit 7 to 3, signal 15 after 2000 microseconds.

#include "campaign/process/runtime/zygote/conditions.h"

#include <sys/resource.h>
#include <time.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

#include "campaign/process/runtime/environment.h"
#include "campaign/process/runtime/own_calls.h"
#include "campaign/process/wire/fork_messages.h"

namespace formfuzz::campaign {
namespace {

char conditions[256] = "";

void SetLimit(int resource, uint64_t value) {
  const rlimit limit{value, value};
  OwnCall(SYS_prlimit64, 0, resource, &limit, nullptr);
}

void SendLater(int signal, uint64_t after_us) {
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = signal;
  int timer = 0;
  if (OwnCall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer) != 0) return;
  itimerspec when{};
  when.it_value.tv_sec = static_cast<time_t>(after_us / 1'000'000);
  when.it_value.tv_nsec = static_cast<long>(after_us % 1'000'000) * 1000 + 1;
  OwnCall(SYS_timer_settime, timer, 0, &when, nullptr);
}

}  // namespace

void TakeConditions() {
  conditions[0] = '\0';
  const char* value = getenv(kConditionsVariable);
  if (value == nullptr) return;
  if (strlen(value) < sizeof(conditions)) strcpy(conditions, value);
  TakeOut(kConditionsVariable);
}

bool HasConditions() { return conditions[0] != '\0'; }

void ApplyConditions() {
  for (char* at = conditions; *at == 'L' || *at == 'S';) {
    const bool is_limit = *at == 'L';
    const int what = static_cast<int>(strtol(at + 1, &at, 10));
    if (*at == '\0') return;
    const uint64_t value = strtoull(at + 1, &at, 10);
    if (is_limit) {
      SetLimit(what, value);
    } else {
      SendLater(what, value);
    }
    if (*at == ';') ++at;
  }
}

}  // namespace formfuzz::campaign
