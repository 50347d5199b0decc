// SPDX-License-Identifier: Apache-2.0
// What driving finds in programs that it was not made for, beside what strace
// sees in runs of the same plan. A row a program; ends with 1 if strace saw a
// call that driving has missed, or the floor was not reached.
//   recall_bench [SECONDS [PROGRAM...]]

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "campaign/process/executor.h"
#include "campaign/syscalls/drive/trial.h"
#include "campaign/syscalls/drive/words.h"
#include "campaign/syscalls/learn/learner.h"
#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/names/call_names.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

using Names = std::set<std::string>;

constexpr uint64_t kIdleMs = 10'000;
constexpr uint64_t kTracedMs = 5000;  // of a run that strace slows
constexpr uint64_t kTraceBytesMax = 4 << 20;
constexpr size_t kTracedRuns = 150;
// The plan's runs are many, and each kind stands together: every so many.
constexpr size_t kPlanStride = 7;

// The floor: what strace saw in one run for each flag of the help, once.
struct Subject {
  std::string_view path;
  size_t floor;
};
constexpr Subject kSubjects[] = {
    {"/bin/ls", 32},       {"/usr/bin/sort", 33}, {"/bin/grep", 24},
    {"/bin/cp", 36},       {"/bin/tar", 38},      {"/bin/gzip", 27},
    {"/usr/bin/find", 33}, {"/bin/sed", 29},      {"/bin/date", 22},
    {"/usr/bin/du", 26},   {"/usr/bin/stat", 26}, {"/usr/bin/wc", 24}};

[[noreturn]] void Die(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  std::exit(3);
}

// "[pid 12] openat(AT_FDCWD, ...": the name, if a call is known by it.
std::string CallIn(std::string_view line) {
  if (line.starts_with("[pid")) {
    line.remove_prefix(std::min(line.size(), line.find("] ") + 2));
  }
  const std::string_view name = line.substr(0, line.find('('));
  if (name.size() == line.size()) return "";
  const bool known = NumberOfCall(NativeArch(), name).has_value();
  return known ? std::string(name) : "";
}

std::unique_ptr<Executor> Executing(std::vector<std::string> command,
                                    uint64_t wall_ms) {
  ExecutorOptions options;
  options.command = std::move(command);
  options.kind = ExecutorKind::kSpawn;
  options.environment = UsualVariables();
  options.limits.wall_ms = wall_ms;
  options.limits.output_bytes = kTraceBytesMax;
  auto made = MakeExecutor(options);
  if (!made.ok()) Die(made.status());
  return *std::move(made);
}

// Of the very runs that the learner's plan begins with, some.
Names SeenByStrace(const std::string& path) {
  const auto asking = Executing({path}, kAskMs);
  Driver driver(GatherWords(*asking, path, {path}), LearnOptions().seed);
  const auto traced = Executing({"strace", "-f", "-qq", path}, kTracedMs);
  Names names;
  for (size_t i = 0; i < kTracedRuns; ++i) {
    Trial trial = driver.Next();
    for (size_t j = 1; j < kPlanStride; ++j) trial = driver.Next();
    // Conditions are of the first process, which is strace here.
    trial.conditions = {};
    Execution execution;
    if (!traced->Run(trial.Input(), execution).ok()) continue;
    std::string_view rest = execution.errors;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size() - 1);
      std::string name = CallIn(rest.substr(0, end));
      if (!name.empty()) names.insert(std::move(name));
      rest.remove_prefix(end + 1);
    }
  }
  return names;
}

Names Learn(const std::string& path, uint64_t seconds,
            CampaignNumbers& numbers) {
  LearnOptions options;
  options.command = {path};
  options.time_ms = seconds * 1000;
  options.idle_ms = kIdleMs;
  auto learner = Learner::Make(options);
  if (!learner.ok()) Die(learner.status());
  if (auto done = (*learner)->Learn(nullptr); !done.ok()) Die(done);
  numbers = (*learner)->numbers();
  // Made before the program is there; strace counts it as well.
  Names names = {"execve"};
  for (const auto& [key, discovery] : (*learner)->discoveries().items()) {
    const int number = static_cast<int>(key.number);
    names.insert(NameOfCall(ArchOfCall(key.arch, number), number));
  }
  return names;
}

bool PrintRow(const Subject& subject, uint64_t seconds) {
  CampaignNumbers numbers;
  const std::string path(subject.path);
  const Names found = Learn(path, seconds, numbers);
  const Names traced = SeenByStrace(path);
  std::string missed;
  for (const std::string& name : traced) {
    if (!found.contains(name)) missed += Concat(" ", name);
  }
  std::printf("| %s | %zu | %zu | %zu | %.0f | %llu |%s |\n", path.c_str(),
              subject.floor, found.size(), traced.size(), numbers.seconds,
              static_cast<unsigned long long>(numbers.runs),
              missed.empty() ? " none" : missed.c_str());
  std::fflush(stdout);
  return missed.empty() && found.size() >= subject.floor;
}

}  // namespace
}  // namespace formfuzz::campaign

int main(int argc, char** argv) {
  using namespace formfuzz::campaign;
  const uint64_t seconds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 60;
  std::vector<Subject> subjects(std::begin(kSubjects), std::end(kSubjects));
  if (argc > 2) subjects.clear();
  for (int i = 2; i < argc; ++i) {
    const auto known =
        std::ranges::find(kSubjects, std::string_view(argv[i]), &Subject::path);
    subjects.push_back(known != std::end(kSubjects) ? *known
                                                    : Subject{argv[i], 0});
  }
  std::puts("| program | floor | found | strace | s | runs | missed |");
  std::puts("|---|---|---|---|---|---|---|");
  bool good = true;
  for (const Subject& subject : subjects) {
    good = PrintRow(subject, seconds) && good;
  }
  return good ? 0 : 1;
}
