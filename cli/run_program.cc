// SPDX-License-Identifier: Apache-2.0
// formfuzz run [options] -- PROGRAM [ARGS with @@]: fuzzes any program from
// outside. Every setting of the loop is a flag of its name; a file may hold
// them too, and flags come after it. Without --time, --runs and other rules it
// runs for a minute.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "campaign/loop/session/program_run.h"
#include "campaign/process/program/program_file.h"
#include "cli/text/program_text.h"
#include "cli/verb.h"
#include "framework/base/text.h"

namespace formfuzz::cli {
namespace {

using campaign::ConfigField;
using campaign::FieldKind;
using campaign::ProgramRunOptions;
using campaign::ProgramRunResult;
using campaign::Statistics;

constexpr uint64_t kDefaultTimeMs = 60'000;
constexpr double kFirstLineSeconds = 1;
constexpr double kLineSeconds = 5;

struct ProgramFlags {
  std::vector<std::pair<std::string_view, std::string>> fields;
  std::string config;
  std::string name;
  bool keep_going = false;
  bool json = false;
  int worker = -1;
};

class StatisticsLine {
 public:
  StatisticsLine() : terminal_(isatty(STDERR_FILENO) != 0) {}
  void Show(const Statistics& statistics) {
    if (terminal_) {
      std::fprintf(stderr, "\r\033[K%s", ProgressText(statistics).c_str());
    } else if (NumbersOf(statistics).seconds >= next_) {
      std::fprintf(stderr, "%s\n", ProgressText(statistics).c_str());
      next_ += kLineSeconds;
    }
  }
  void Clear() const {
    if (terminal_) std::fputs("\r\033[K", stderr);
  }

 private:
  bool terminal_;
  double next_ = kFirstLineSeconds;
};

absl::Status ReadConfig(const ProgramFlags& flags,
                        campaign::LoopConfig* config) {
  if (!flags.config.empty()) {
    const absl::Status status = ReadConfigFile(flags.config, *config);
    if (!status.ok()) return status;
  }
  for (const auto& [name, text] : flags.fields) {
    const absl::Status status = SetField(*config, name, text);
    if (status.ok()) continue;
    return absl::InvalidArgumentError(
        Concat("--", name, ": ", std::string(status.message())));
  }
  if (flags.keep_going) config->findings_max = 0;
  const bool ends = config->time_ms != 0 || config->runs_max != 0 ||
                    config->idle_ms != 0 || config->residual > 0;
  if (!ends) config->time_ms = kDefaultTimeMs;
  return Validate(*config);
}

absl::StatusOr<ProgramRunOptions> OptionsOf(const Context& context,
                                            const ProgramFlags& flags) {
  namespace fs = std::filesystem;
  std::error_code error;
  const std::string root = context.project_root.empty()
                               ? fs::current_path(error).string()
                               : context.project_root;
  const std::vector<std::string>& command = context.engine_flags;
  const std::string name = flags.name.empty()
                               ? fs::path(command[0]).filename().string()
                               : flags.name;
  ProgramRunOptions options{.target = {.name = name, .command = command},
                            .config = {},
                            .work = campaign::WorkFolder(root, name),
                            .worker = flags.worker};
  options.target.command[0] = campaign::ProgramPath(command[0]);
  const absl::Status status = ReadConfig(flags, &options.config);
  if (!status.ok()) return status;
  return options;
}

// How this program starts one of several workers: as it was started itself.
std::vector<std::string> WorkerWords(const Context& context,
                                     const ProgramFlags& flags,
                                     const ProgramRunOptions& options) {
  std::vector<std::string> words = {"/proc/self/exe"};
  if (!context.project_root.empty()) {
    words.insert(words.end(), {"--project", context.project_root});
  }
  words.insert(words.end(), {"run", "--worker", campaign::kWorkerNumberMark,
                             "--name", options.target.name});
  if (!flags.config.empty()) {
    words.insert(words.end(), {"--config", flags.config});
  }
  for (const auto& [name, text] : flags.fields) {
    if (name == "runs") continue;
    words.push_back(Concat("--", name, "=", text));
  }
  if (flags.keep_going) words.push_back("--keep-going");
  words.push_back("--");
  words.insert(words.end(), options.target.command.begin(),
               options.target.command.end());
  return words;
}

int CodeOf(const ProgramRunResult& result) {
  if (!result.trouble.ok()) {
    Fail(result.trouble);
    return kEnvironment;
  }
  return result.findings.empty() ? kNothingFound : kFound;
}

int RunAsWorker(const ProgramRunOptions& options) {
  const std::string numbers = options.work.live_stats(options.worker);
  const auto result =
      campaign::RunProgram(options, [&](const Statistics& statistics) {
        campaign::WriteStatistics(numbers, statistics).IgnoreError();
      });
  return result.ok() ? CodeOf(*result) : Fail(result.status());
}

// What is there only if the program is no longer what it was.
std::string NoteOfChange(const std::string& program,
                         const campaign::FileVersion& before) {
  const campaign::FileVersion now = campaign::VersionOf(program);
  if (now == before) return "";
  if (now == campaign::FileVersion()) {
    return Concat(program,
                  " was removed meanwhile: what was run is what was there");
  }
  return Concat(program,
                " was replaced meanwhile: what was run is the one before, the "
                "new one, or both in turn; run it again to be sure");
}

absl::StatusOr<ProgramRunResult> RunWith(const Context& context,
                                         const ProgramFlags& flags,
                                         const ProgramRunOptions& options,
                                         const campaign::ProgramWatcher& show) {
  const std::string& program = options.target.command[0];
  const campaign::FileVersion before = campaign::VersionOf(program);
  auto result = options.config.jobs == 1
                    ? campaign::RunProgram(options, show)
                    : campaign::RunWorkers(
                          options, WorkerWords(context, flags, options), show);
  const std::string note = NoteOfChange(program, before);
  if (result.ok() && !note.empty()) result->notes.push_back(note);
  return result;
}

int RunProgramVerb(const Context& context, const ProgramFlags& flags) {
  auto options = OptionsOf(context, flags);
  if (!options.ok()) return Fail(options.status());
  if (flags.worker >= 0) return RunAsWorker(*options);
  StatisticsLine line;
  const auto show = [&](const Statistics& now) { line.Show(now); };
  const auto result = RunWith(context, flags, *options, show);
  line.Clear();
  if (!result.ok()) return Fail(result.status());
  const std::string summary = ProgramSummaryText(context, *options, *result);
  std::fputs(summary.c_str(), flags.json ? stderr : stdout);
  if (flags.json) std::fputs(ProgramJson(*options, *result).c_str(), stdout);
  return CodeOf(*result);
}

void AddField(CLI::App* verb, const ConfigField& field,
              const std::shared_ptr<ProgramFlags>& flags) {
  const std::string flag = Concat("--", field.name);
  const std::string help(field.help);
  const std::string_view name = field.name;
  if (field.kind == FieldKind::kSwitch) {
    const std::string both = Concat(flag, ",!--no-", field.name);
    verb->add_flag_function(
        both,
        [flags, name](std::int64_t count) {
          flags->fields.emplace_back(name, count > 0 ? "true" : "false");
        },
        help);
    return;
  }
  verb->add_option_function<std::vector<std::string>>(
          flag,
          [flags, name](const std::vector<std::string>& texts) {
            for (const auto& text : texts) {
              flags->fields.emplace_back(name, text);
            }
          },
          help)
      ->type_name(field.kind == FieldKind::kNumber ? "NUMBER" : "TEXT")
      ->expected(1)
      ->take_all();
}

// Below the help of `run`, whose own flags are those for targets.
std::string ProgramFlagsText() {
  std::string text =
      "With a program behind a bare --, run [options] -- PROGRAM [@@]:\n";
  for (const ConfigField& field : campaign::ConfigFields()) {
    std::string flag = Concat("  --", field.name);
    flag.resize(std::max<size_t>(flag.size() + 1, 24), ' ');
    text += Concat(flag, field.help, "\n");
  }
  return text +
         "Switches are turned off by --no-NAME; --config FILE reads "
         "them from TOML.";
}

}  // namespace

void AddRunProgram(CLI::App* app, const Context* context, int* exit_code) {
  auto flags = std::make_shared<ProgramFlags>();
  CLI::App* verb = app->add_subcommand(
      kRunProgramVerb, "Fuzz any program: run [options] -- PROGRAM [@@]");
  app->get_subcommand("run")->footer(ProgramFlagsText());
  verb->group("");  // reached by `run` with a program behind a bare --
  verb->add_option("--config", flags->config, "Settings from a TOML file");
  verb->add_option("--name", flags->name, "Of the work folder");
  verb->add_option("--worker", flags->worker)->group("");
  verb->add_flag("--keep-going", flags->keep_going, "Go on after a finding");
  verb->add_flag("--json", flags->json, "The summary as JSON on stdout");
  for (const ConfigField& field : campaign::ConfigFields()) {
    AddField(verb, field, flags);
  }
  verb->callback([=] { *exit_code = RunProgramVerb(*context, *flags); });
}

}  // namespace formfuzz::cli
