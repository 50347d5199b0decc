// SPDX-License-Identifier: Apache-2.0
// formfuzz run TARGET: builds the target, fuzzes it, tells what was found.
// Without --time and --runs it runs for a minute. stdout carries the summary,
// or with --json one object and nothing else; the rest goes to stderr.

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "campaign/process/work_folder.h"
#include "campaign/project/strategy.h"
#include "campaign/reproduce/reproduction.h"
#include "campaign/run/corpus_import.h"
#include "campaign/run/fault_run.h"
#include "campaign/run/target_run.h"
#include "cli/text/fault_text.h"
#include "cli/text/number_text.h"
#include "cli/text/run_text.h"
#include "cli/verb.h"

namespace formfuzz::cli {
namespace {

using campaign::RunNumbers;
using campaign::RunOptions;
using campaign::RunResult;

constexpr uint64_t kDefaultTimeMs = 60'000;
// Where there is no terminal: the first line soon, and then now and then.
constexpr double kFirstLineSeconds = 1;
constexpr double kLineSeconds = 5;
constexpr int kJobsMax = 256;
// Of one run: each takes seconds, and the first ones are looked at first.
constexpr size_t kReproducedMax = 5;

struct RunFlags {
  std::string target;
  std::string time;
  std::string preset = "fuzz";
  std::string strategy;
  std::string faults;
  uint64_t runs = 0;
  uint64_t seed = 0;
  int jobs = 1;
  bool keep_going = false;
  bool no_reproducer = false;
  bool json = false;
};

// One line: rewritten on a terminal, now and then a new one elsewhere.
class ProgressLine {
 public:
  ProgressLine() : terminal_(isatty(STDERR_FILENO) != 0) {}

  void Show(const RunNumbers& numbers) {
    const std::string text = ProgressText(numbers);
    if (terminal_) {
      std::fprintf(stderr, "\r\033[K%s", text.c_str());
      shown_ = true;
    } else if (numbers.seconds >= next_) {
      std::fprintf(stderr, "%s\n", text.c_str());
      next_ += kLineSeconds;
    }
  }
  void Clear() const {
    if (shown_) std::fputs("\r\033[K", stderr);
  }

 private:
  bool terminal_;
  bool shown_ = false;
  double next_ = kFirstLineSeconds;
};

absl::Status SetLimits(const RunFlags& flags, RunOptions* options) {
  options->runs_max = flags.runs;
  if (!flags.time.empty()) {
    auto time_ms = ParseDurationMs(flags.time);
    if (!time_ms.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--time ", time_ms.status().message()));
    }
    options->time_ms = *time_ms;
  } else if (flags.runs == 0) {
    options->time_ms = kDefaultTimeMs;
  }
  return absl::OkStatus();
}

absl::Status Import(const RunOptions& options) {
  auto migrated = campaign::MigrateCorpus(options.target, options.work);
  if (!migrated.ok()) return migrated.status();
  if (!migrated->empty()) {
    std::fprintf(stderr, "formfuzz: %s\n", migrated->c_str());
  }
  auto seeds = campaign::ImportSeeds(options.target, options.work);
  if (!seeds.ok()) return seeds.status();
  for (const std::string& skipped : seeds->skipped) {
    std::fprintf(stderr, "formfuzz: seed left out: %s\n", skipped.c_str());
  }
  return absl::OkStatus();
}

int ExitCode(const RunResult& result) {
  const bool component = std::any_of(
      result.findings.begin(), result.findings.end(),
      [](const auto& finding) { return finding.IsOfTheComponent(); });
  if (component || !result.unrepeated.empty() || !result.unsaved.empty()) {
    return kFound;
  }
  const bool broken = !result.findings.empty() ||
                      result.reason == RunResult::Reason::kEngineFailed;
  return broken ? kEnvironment : kNothingFound;
}

absl::StatusOr<RunOptions> Prepare(const Context& context,
                                   const RunFlags& flags) {
  auto project = OpenProject(context);
  if (!project.ok()) return project.status();
  auto target =
      BuildTarget(*project, flags.preset, flags.target, flags.faults.empty());
  if (!target.ok()) return target.status();
  RunOptions options{
      .target = *std::move(target),
      .work = campaign::WorkFolder(project->root(), flags.target),
      .jobs = flags.jobs,
      .seed = flags.seed,
      .keep_going = flags.keep_going,
      .strategy = flags.strategy,
      .flags = context.engine_flags};
  const absl::Status limits = SetLimits(flags, &options);
  if (!limits.ok()) return limits;
  const absl::Status known =
      campaign::CheckStrategy(options.target, flags.strategy);
  if (!known.ok()) return known;
  const absl::Status made = options.work.Create();
  if (!made.ok()) return made;
  const absl::Status imported = Import(options);
  if (!imported.ok()) return imported;
  return options;
}

// The findings of a broken harness are no findings of the component.
int RunEveryFault(const Context& context, const RunFlags& flags,
                  const RunOptions& options) {
  auto result = campaign::RunFaults(options);
  if (!result.ok()) return Fail(result.status());
  const std::string summary = FaultSummaryText(context, options, *result);
  std::fputs(summary.c_str(), flags.json ? stderr : stdout);
  if (flags.json) std::fputs(FaultJson(options, *result).c_str(), stdout);
  const bool component = std::any_of(
      result->findings.begin(), result->findings.end(),
      [](const auto& finding) { return finding.IsOfTheComponent(); });
  if (component || result->unrepeated > 0) return kFound;
  const bool broken = !result->findings.empty() || result->harness_broken > 0;
  return broken ? kEnvironment : kNothingFound;
}

// What was verified before is so still: a finding keeps its files.
void ReproduceFindings(const Context& context, const RunFlags& flags,
                       const RunOptions& options, RunResult* result) {
  auto project = OpenProject(context);
  if (!project.ok()) return;
  const size_t count = std::min(result->findings.size(), kReproducedMax);
  for (size_t i = 0; i < count && !campaign::Interrupted(); ++i) {
    campaign::Finding& finding = result->findings[i];
    if (!finding.IsOfTheComponent()) continue;
    if (finding.reproducer == campaign::kVerified) continue;
    std::fprintf(stderr, "formfuzz: reproducing %s\n",
                 ShortPath(finding.folder).c_str());
    finding =
        campaign::Reproduce(*project, flags.preset, options.target, finding);
  }
}

int Run(const Context& context, const RunFlags& flags) {
  RunOptions unused{.target = {},
                    .work = campaign::WorkFolder("", ""),
                    .strategy = {},
                    .flags = {}};
  const absl::Status limits = SetLimits(flags, &unused);
  if (!limits.ok()) return Fail(limits);
  auto options = Prepare(context, flags);
  if (!options.ok()) return Fail(options.status());
  if (!flags.faults.empty()) return RunEveryFault(context, flags, *options);
  ProgressLine line;
  campaign::TargetRun run(*options);
  auto result = run.Run([&](const RunNumbers& numbers) { line.Show(numbers); });
  line.Clear();
  if (!result.ok()) return Fail(result.status());
  if (!flags.no_reproducer) {
    ReproduceFindings(context, flags, *options, &*result);
  }
  const std::string summary = SummaryText(context, *options, *result);
  std::fputs(summary.c_str(), flags.json ? stderr : stdout);
  if (flags.json) std::fputs(RunJson(*options, *result).c_str(), stdout);
  return ExitCode(*result);
}

}  // namespace

void AddRun(CLI::App* app, const Context* context, int* exit_code) {
  auto flags = std::make_shared<RunFlags>();
  CLI::App* verb = app->add_subcommand(
      "run", "Fuzz a target; libFuzzer's own flags may follow a bare --");
  verb->add_option("TARGET", flags->target, "The target's name")->required();
  verb->add_option("--time", flags->time,
                   "Stop after so long: 60s, 5m, 2h (60s without --runs)");
  verb->add_option("--runs", flags->runs, "Stop after so many executions")
      ->check(CLI::PositiveNumber);
  verb->add_option("--jobs", flags->jobs, "Processes that share the corpus")
      ->check(CLI::Range(1, kJobsMax));
  verb->add_option("--seed", flags->seed, "Of the random choices; else any")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--strategy", flags->strategy, "Only this strategy");
  verb->add_option("--faults", flags->faults,
                   "exhaustive: each input of the corpus, with every call "
                   "that can fail failing in turn")
      ->check(CLI::IsMember({"exhaustive"}));
  verb->add_option("--preset", flags->preset, "fuzz, or fuzz-fast")
      ->check(CLI::IsMember({"fuzz", "fuzz-fast"}));
  verb->add_flag("--keep-going", flags->keep_going, "Go on after a finding");
  verb->add_flag("--no-reproducer", flags->no_reproducer,
                 "Leave findings as they are: neither minimise them nor "
                 "compile and run them as tests");
  verb->add_flag("--json", flags->json, "The summary as JSON on stdout");
  verb->callback([=] { *exit_code = Run(*context, *flags); });
}

}  // namespace formfuzz::cli
