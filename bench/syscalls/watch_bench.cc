// SPDX-License-Identifier: Apache-2.0
// What watching system calls costs, beside the same runs without: in turns, so
// that a busy machine slows all alike; the medians of the rounds are printed.
//   watch_bench [ROUNDS]

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "campaign/process/child.h"
#include "campaign/process/executor.h"
#include "campaign/syscalls/calls/call_set.h"
#include "campaign/syscalls/drive/trial.h"
#include "campaign/syscalls/watch/call_watch.h"
#include "framework/base/clock.h"

namespace formfuzz::campaign {
namespace {

constexpr int kRuns = 300;
constexpr int kRoundsDefault = 5;

// A program in one executor, watched or not, until its filter has grown.
class Subject {
 public:
  Subject(std::vector<std::string> command, ExecutorKind kind, bool watched,
          bool grows)
      : kind_(kind), grows_(grows), watch_(known_) {
    watch_.ForgoSites();
    watch_.ForgoMarks();
    ExecutorOptions options;
    options.command = std::move(command);
    options.kind = kind;
    options.environment = UsualVariables();
    options.limits.wall_ms = 20'000;
    if (watched) options.watcher = &watch_;
    auto made = MakeExecutor(options);
    if (!made.ok()) {
      std::fprintf(stderr, "%s\n",
                   std::string(made.status().message()).c_str());
      std::exit(3);
    }
    executor_ = *std::move(made);
    for (int i = 0; i < 3; ++i) Run();
  }

  void Run() {
    watch_.BeginRun(kind_ == ExecutorKind::kZygote
                        ? CallWatch::Begins::kBeforeFork
                        : CallWatch::Begins::kInMain);
    Execution execution;
    if (!executor_->Run({}, execution).ok()) std::exit(3);
    for (const Note& note : watch_.notes()) {
      if (grows_) known_.Add(note.call);
    }
  }

  double RunsPerSecond(int runs) {
    const uint64_t begin = MonotonicNs();
    for (int i = 0; i < runs; ++i) Run();
    return runs * 1e9 / static_cast<double>(MonotonicNs() - begin);
  }
  uint64_t answers() const { return watch_.answers(); }

 private:
  ExecutorKind kind_;
  bool grows_;
  CallSet known_;
  CallWatch watch_;
  std::unique_ptr<Executor> executor_;
};

double Median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

struct Row {
  const char* name;
  std::function<double()> rate;
  std::vector<double> rates = {};
};

double StraceRate() {
  const uint64_t begin = MonotonicNs();
  constexpr int kTimes = 10;
  for (int i = 0; i < kTimes; ++i) {
    Command command;
    command.arguments = {"strace", "-f", "-o", "/dev/null", "/bin/ls"};
    command.environment = UsualVariables();
    if (!RunToEnd(command, Child::Output::kErrors, 4096).ok()) return 0;
  }
  return kTimes * 1e9 / static_cast<double>(MonotonicNs() - begin);
}

void PrintStarts(int rounds) {
  using Kind = ExecutorKind;
  Subject ls_plain({"/bin/ls"}, Kind::kSpawn, false, false);
  Subject ls_watched({"/bin/ls"}, Kind::kSpawn, true, true);
  Subject ls_zygote({"/bin/ls"}, Kind::kZygote, true, true);
  Subject true_plain({"/bin/true"}, Kind::kSpawn, false, false);
  Subject true_watched({"/bin/true"}, Kind::kSpawn, true, true);
  Subject true_zygote({"/bin/true"}, Kind::kZygote, true, true);
  const auto of = [](Subject& subject, int runs) {
    return [&subject, runs] { return subject.RunsPerSecond(runs); };
  };
  std::vector<Row> rows = {
      {"true, vfork and exec", of(true_plain, kRuns)},
      {"true, exec, watched", of(true_watched, kRuns)},
      {"true, zygote, watched", of(true_zygote, 4 * kRuns)},
      {"ls, vfork and exec", of(ls_plain, kRuns)},
      {"ls, exec, watched", of(ls_watched, kRuns)},
      {"ls, zygote, watched", of(ls_zygote, 4 * kRuns)},
      {"ls, strace -f", StraceRate}};
  for (int round = 0; round < rounds; ++round) {
    for (Row& row : rows) row.rates.push_back(row.rate());
  }
  for (const Row& row : rows) {
    std::printf("%-24s %8.0f runs/s\n", row.name, Median(row.rates));
  }
  std::printf("exec, watched / vfork and exec: true %.2f, ls %.2f\n",
              Median(rows[1].rates) / Median(rows[0].rates),
              Median(rows[4].rates) / Median(rows[3].rates));
  std::printf("zygote / strace -f on ls: %.0f\n",
              Median(rows[5].rates) / std::max(1e-9, Median(rows[6].rates)));
}

void PrintCalls(int rounds) {
  const std::vector<std::string> dd = {"/bin/dd",      "if=/dev/zero",
                                       "of=/dev/null", "bs=1",
                                       "count=20000",  "status=none"};
  Subject plain(dd, ExecutorKind::kSpawn, false, false);
  Subject grown(dd, ExecutorKind::kSpawn, true, true);
  Subject asked(dd, ExecutorKind::kSpawn, true, false);
  std::vector<double> native;
  std::vector<double> known;
  std::vector<double> all;
  const uint64_t before = asked.answers();
  for (int round = 0; round < rounds; ++round) {
    native.push_back(1e9 / plain.RunsPerSecond(5));
    known.push_back(1e9 / grown.RunsPerSecond(5));
    all.push_back(1e9 / asked.RunsPerSecond(1));
  }
  const double calls = static_cast<double>(asked.answers() - before) / rounds;
  std::printf("dd of 40,000 calls, all known / native: %.2f\n",
              Median(known) / Median(native));
  std::printf("one question: %.2f us\n",
              (Median(all) - Median(native)) / calls / 1000);
}

}  // namespace
}  // namespace formfuzz::campaign

int main(int argc, char** argv) {
  const int rounds =
      argc > 1 ? std::atoi(argv[1]) : formfuzz::campaign::kRoundsDefault;
  formfuzz::campaign::PrintStarts(rounds);
  formfuzz::campaign::PrintCalls(rounds);
}
