// SPDX-License-Identifier: Apache-2.0
// Runs a program for a while and prints its executions a second:
//   executors_rate KIND BATCH SECONDS PROGRAM [ARGUMENT...]
// KIND is a kind of executor, or posix_spawn for the plain way without a
// sandbox, one CPU in any case. The input is "hello". All run in the locale
// that LANG names, else in C: what a program reads for another one costs more
// than starting it.

#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "campaign/process/executor.h"
#include "framework/base/clock.h"

namespace formfuzz::campaign {
namespace {

constexpr int kClockEvery = 32;  // runs between two looks at the clock

void StayOnThisCpu() {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(sched_getcpu()), &set);
  sched_setaffinity(0, sizeof(set), &set);
}

std::string Locale() {
  const char* set = getenv("LANG");
  return set == nullptr ? "C" : set;
}

// Calls `run` (which says how many runs it made) for so long; runs a second.
template <class Run>
double RateOf(double seconds, Run run) {
  const uint64_t start_ns = MonotonicNs();
  uint64_t runs = 0;
  uint64_t passed_ns = 0;
  while (static_cast<double>(passed_ns) < seconds * 1e9) {
    for (int i = 0; i < kClockEvery; ++i) runs += run();
    passed_ns = MonotonicNs() - start_ns;
  }
  return static_cast<double>(runs) * 1e9 / static_cast<double>(passed_ns);
}

double RateOfPosixSpawn(double seconds, char** words) {
  StayOnThisCpu();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  std::string locale = "LANG=" + Locale();
  char* const environment[] = {locale.data(), nullptr};
  return RateOf(seconds, [&]() -> uint64_t {
    pid_t pid = -1;
    if (posix_spawn(&pid, words[0], &actions, nullptr, words, environment) !=
        0) {
      perror(words[0]);
      exit(1);
    }
    waitpid(pid, nullptr, 0);
    return 1;
  });
}

ExecutorKind KindOf(const std::string& name) {
  for (const ExecutorKind kind : {ExecutorKind::kSpawn, ExecutorKind::kZygote,
                                  ExecutorKind::kAfl, ExecutorKind::kRuntime}) {
    if (NameOf(kind) == name) return kind;
  }
  return ExecutorKind::kAuto;
}

double RateOfExecutor(const ExecutorOptions& options, double seconds,
                      size_t batch) {
  auto executor = MakeExecutor(options);
  if (!executor.ok()) {
    fprintf(stderr, "%s\n", executor.status().ToString().c_str());
    exit(1);
  }
  const std::vector<Bytes> inputs(batch, AsBytes("hello"));
  std::vector<Execution> executions(batch);
  return RateOf(seconds, [&]() -> uint64_t {
    const auto ran = (*executor)->RunBatch(inputs, executions);
    if (ran.ok()) return *ran;
    fprintf(stderr, "%s\n", ran.status().ToString().c_str());
    exit(1);
  });
}

int Main(int argc, char** argv) {
  if (argc < 5) {
    fprintf(stderr, "usage: executors_rate KIND BATCH SECONDS PROGRAM...\n");
    return 2;
  }
  const std::string kind = argv[1];
  const double seconds = atof(argv[3]);
  double rate = 0;
  if (kind == "posix_spawn") {
    rate = RateOfPosixSpawn(seconds, argv + 4);
  } else {
    ExecutorOptions options;
    options.command.assign(argv + 4, argv + argc);
    options.kind = KindOf(kind);
    options.environment = {{"LANG", Locale()}};
    rate = RateOfExecutor(options, seconds, static_cast<size_t>(atoi(argv[2])));
  }
  printf("%.0f\n", rate);
  return 0;
}

}  // namespace
}  // namespace formfuzz::campaign

int main(int argc, char** argv) { return formfuzz::campaign::Main(argc, argv); }
