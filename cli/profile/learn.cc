// SPDX-License-Identifier: Apache-2.0
// formfuzz profile [options] -- COMMAND: drives a program until it shows no
// new system call, and writes its profile and the runs that show it.

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include "campaign/loop/config/config.h"
#include "campaign/loop/triage/program_finding.h"
#include "campaign/syscalls/learn/corpus.h"
#include "campaign/syscalls/learn/learner.h"
#include "campaign/syscalls/learn/words.h"
#include "campaign/syscalls/profile/profile_json.h"
#include "campaign/syscalls/report/profile_text.h"
#include "cli/profile/profile_verbs.h"
#include "cli/profile/rendering.h"
#include "framework/base/text.h"

namespace formfuzz::cli {
namespace {

using campaign::LearnOptions;
using campaign::LearnProgress;

constexpr double kLineSeconds = 5;
constexpr uint64_t kMinimiseMsMax = 10'000;
constexpr uint64_t kDenialsMsMax = 15'000;
// Runs of what serves are ten times as long, and more.
constexpr uint64_t kServiceMsMax = 60'000;
constexpr char kRunTimeout[] = "500ms";
constexpr char kServiceRunTimeout[] = "10s";

struct LearnFlags {
  std::string time = "300s";
  std::string idle_stop = "10s";
  std::string run_timeout;
  uint64_t runs = 0;
  uint64_t seed = 1;
  std::string out;
  std::string base;
  std::string program_corpus;
  std::string port;
  std::string peer;
  std::string requests;
  std::string stop_signal = "TERM";
  RenderingFlags rendering;
  bool no_denials = false;
  bool no_results = false;
  bool unsafe_host = false;
};

class ProgressLine {
 public:
  bool Show(const LearnProgress& now) {
    const bool terminal = isatty(STDERR_FILENO) != 0;
    if (!terminal && now.seconds < next_) return true;
    next_ = now.seconds + kLineSeconds;
    std::fprintf(stderr,
                 "%s%.0f s  %llu runs  %llu calls  %llu with arguments and "
                 "phase  %.2g chance of another a run%s",
                 terminal ? "\r\033[K" : "", now.seconds,
                 static_cast<unsigned long long>(now.runs),
                 static_cast<unsigned long long>(now.calls),
                 static_cast<unsigned long long>(now.items), now.residual,
                 terminal ? "" : "\n");
    return true;
  }
  static void Clear() {
    if (isatty(STDERR_FILENO) != 0) std::fputs("\r\033[K", stderr);
  }

 private:
  double next_ = 1;
};

int SignalOf(const std::string& name) {
  const std::string bare = name.starts_with("SIG") ? name.substr(3) : name;
  for (int signal = 1; signal < NSIG; ++signal) {
    const char* known = sigabbrev_np(signal);
    if (known != nullptr && bare == known) return signal;
  }
  return 0;
}

absl::Status TakeService(const LearnFlags& flags, LearnOptions& options) {
  if (flags.port.empty()) {
    if (flags.peer.empty() && flags.requests.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "--peer and --requests visit a program that serves: where does it "
        "listen? --port 8080, --port 53/udp, --port /fuzz/work/server.sock");
  }
  options.service.at = flags.port;
  options.service.peer = campaign::SplitWords(flags.peer);
  options.service.stop_signal = SignalOf(flags.stop_signal);
  options.requests = flags.requests;
  if (options.service.stop_signal != 0) return absl::OkStatus();
  return absl::InvalidArgumentError(Concat("--stop-signal ", flags.stop_signal,
                                           ": want a name such as TERM"));
}

absl::StatusOr<LearnOptions> OptionsOf(const Context& context,
                                       const LearnFlags& flags) {
  LearnOptions options;
  options.command = context.engine_flags;
  if (options.command.empty()) {
    return absl::InvalidArgumentError(
        "which program? formfuzz profile [options] -- PROGRAM [ARGUMENTS]");
  }
  options.command[0] = campaign::ProgramPath(options.command[0]);
  options.runs_max = flags.runs;
  options.seed = flags.seed;
  options.unsafe_host = flags.unsafe_host;
  options.results = !flags.no_results;
  options.program_corpus = flags.program_corpus;
  absl::Status status = campaign::ParseDuration(flags.time, &options.time_ms);
  if (status.ok()) {
    status = campaign::ParseDuration(flags.idle_stop, &options.idle_ms);
  }
  if (status.ok()) {
    const char* usual = flags.port.empty() ? kRunTimeout : kServiceRunTimeout;
    status = campaign::ParseDuration(
        flags.run_timeout.empty() ? usual : flags.run_timeout, &options.run_ms);
  }
  if (status.ok()) status = TakeService(flags, options);
  if (!status.ok()) return status;
  return options;
}

std::string OutOf(const LearnFlags& flags, const LearnOptions& options) {
  if (!flags.out.empty()) return flags.out;
  return std::filesystem::path(options.command[0]).filename().string() +
         ".json";
}

// What is written, and where.
struct Written {
  std::string profile = {};
  std::string corpus = {};
  std::string rendered = {};  // "": nothing is
};

absl::StatusOr<Written> WrittenBy(const LearnFlags& flags,
                                  const LearnOptions& options) {
  namespace fs = std::filesystem;
  Written written{.profile = OutOf(flags, options)};
  written.corpus = campaign::CorpusFolderOf(written.profile);
  const std::string& format = flags.rendering.format;
  if (format.empty()) return written;
  written.rendered = fs::path(written.profile).replace_extension(format);
  for (const std::string& taken : {written.profile, written.corpus}) {
    if (fs::path(written.rendered).lexically_normal() !=
        fs::path(taken).lexically_normal()) {
      continue;
    }
    return absl::InvalidArgumentError(
        Concat("--out ", written.profile, " --format ", format, ": ", taken,
               " would be written twice; want another name for --out, such as ",
               written.profile, ".json"));
  }
  return written;
}

// What a profile that is in use lacks, and what it allows in vain.
void CompareWithBase(const campaign::Profile& base,
                     const campaign::Profile& learnt) {
  const auto list = [](const char* what, const campaign::Profile& from,
                       const campaign::Profile& in) {
    std::string names;
    for (const auto& entry : from.entries) {
      const auto* other = campaign::Find(in, entry.arch, entry.number);
      const bool there = other != nullptr && other->allowed();
      if (entry.allowed() && !there) names += Concat(" ", entry.name);
    }
    std::printf("%s:%s\n", what, names.empty() ? " nothing" : names.c_str());
  };
  list("the base lacks", learnt, base);
  list("the base allows in vain", base, learnt);
}

int Learn(const Context& context, const LearnFlags& flags) {
  const auto options = OptionsOf(context, flags);
  if (!options.ok()) return Fail(options.status());
  const auto written = WrittenBy(flags, *options);
  if (!written.ok()) return Fail(written.status());
  // Before anything is written: it may be in the same place.
  absl::StatusOr<campaign::Profile> base = campaign::Profile();
  if (!flags.base.empty()) base = campaign::ReadProfile(flags.base);
  if (!base.ok()) return Fail(base.status());
  auto learner = campaign::Learner::Make(*options);
  if (!learner.ok()) return Fail(learner.status());
  ProgressLine line;
  absl::Status done = (*learner)->Learn(
      [&line](const LearnProgress& now) { return line.Show(now); });
  const bool serves = !flags.port.empty();
  if (done.ok()) {
    done = (*learner)->Minimise(serves ? kServiceMsMax : kMinimiseMsMax);
  }
  if (!done.ok()) return Fail(done);
  absl::StatusOr<campaign::Needs> needs = campaign::Needs();
  if (!flags.no_denials) {
    needs = (*learner)->TryWithout(serves ? kServiceMsMax : kDenialsMsMax);
  }
  ProgressLine::Clear();
  if (!needs.ok()) return Fail(needs.status());
  campaign::Profile profile = ProfileOf(**learner, *needs, options->command);
  if (const auto reached = (*learner)->LookAtCode()) {
    AddReached(*reached, profile);
  }
  profile.corpus = std::filesystem::path(written->corpus).filename().string();
  done = campaign::SaveTrials(written->corpus, (*learner)->trials());
  if (done.ok()) done = campaign::WriteProfile(written->profile, profile);
  if (done.ok() && !written->rendered.empty()) {
    done = WriteRendering(flags.rendering, profile, written->rendered);
  }
  if (!done.ok()) return Fail(done);
  if (!flags.base.empty()) CompareWithBase(*base, profile);
  std::fputs(campaign::ProfileText(profile).c_str(), stdout);
  std::printf("written: %s, and the runs that show it: %s/\n",
              written->profile.c_str(), written->corpus.c_str());
  if (!written->rendered.empty()) {
    std::printf("as %s: %s\n", flags.rendering.format.c_str(),
                written->rendered.c_str());
  }
  return kNothingFound;
}

void AddServiceFlags(CLI::App* profile, LearnFlags& flags) {
  profile
      ->add_option("--port", flags.port,
                   "It serves there: 6379, 53/udp, or a socket's path")
      ->type_name("ADDRESS");
  profile
      ->add_option("--peer", flags.peer,
                   "A command that visits what serves, beside it")
      ->type_name("COMMAND");
  profile
      ->add_option("--requests", flags.requests,
                   "What serves is sent: one file a connection")
      ->type_name("DIR");
  profile
      ->add_option("--stop-signal", flags.stop_signal,
                   "That ends what serves, in order")
      ->capture_default_str();
}

}  // namespace

void AddProfileLearn(CLI::App* profile, const Context* context,
                     int* exit_code) {
  auto flags = std::make_shared<LearnFlags>();
  profile->add_option("--time", flags->time, "At most so long")
      ->type_name("DURATION")
      ->capture_default_str();
  profile
      ->add_option("--idle-stop", flags->idle_stop,
                   "Stop after so long without anything new")
      ->type_name("DURATION")
      ->capture_default_str();
  profile
      ->add_option("--run-timeout", flags->run_timeout,
                   "Of one run; else 500ms, or 10s of what serves")
      ->type_name("DURATION");
  AddServiceFlags(profile, *flags);
  profile->add_option("--runs", flags->runs, "At most so many runs");
  profile->add_option("--seed", flags->seed, "Of what chance decides");
  profile->add_option("--out", flags->out, "The profile; else PROGRAM.json")
      ->type_name("FILE");
  profile
      ->add_option("--base", flags->base,
                   "A profile in use: say what it lacks, and allows in vain")
      ->type_name("PROFILE");
  profile
      ->add_option("--program-corpus", flags->program_corpus,
                   "Runs of your own: *.args, and files to read")
      ->type_name("DIR");
  AddRenderingFlags(profile, flags->rendering)
      ->description("Also write OUT in this form, with its name as extension");
  profile->add_flag("--no-denials", flags->no_denials,
                    "Do not try which calls the program can do without");
  profile->add_flag("--no-results", flags->no_results,
                    "Do not trace what calls come to");
  profile->add_flag("--unsafe-host", flags->unsafe_host,
                    "Run it on the host as it is: it may delete your files");
  profile->callback([=] {
    if (profile->get_subcommands().empty()) {
      *exit_code = Learn(*context, *flags);
    }
  });
}

}  // namespace formfuzz::cli
