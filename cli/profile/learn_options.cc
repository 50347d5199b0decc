// SPDX-License-Identifier: Apache-2.0
// From words to options, checked before anything runs.

#include "cli/profile/learn_options.h"

#include <csignal>
#include <cstring>
#include <filesystem>

#include "campaign/loop/config/config.h"
#include "campaign/loop/triage/program_finding.h"
#include "campaign/syscalls/drive/words.h"
#include "campaign/syscalls/learn/corpus.h"
#include "campaign/syscalls/watch/call_stack.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::cli {
namespace {

using campaign::LearnOptions;

constexpr char kRunTimeout[] = "500ms";
constexpr char kServiceRunTimeout[] = "10s";

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

absl::Status CheckStacks(const LearnFlags& flags) {
  if (!flags.stacks) return absl::OkStatus();
  if (flags.no_results) {
    return absl::InvalidArgumentError(
        "--stacks are read while calls are traced: leave out --no-results");
  }
  if (campaign::CanLookAtStacks()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "--stacks: this program was built without libdw: apt-get install "
      "libdw-dev, and build it anew");
}

std::string OutOf(const LearnFlags& flags, const LearnOptions& options) {
  if (!flags.out.empty()) return flags.out;
  return std::filesystem::path(options.command[0]).filename().string() +
         ".json";
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
  if (status.ok()) status = CheckStacks(flags);
  if (!status.ok()) return status;
  return options;
}

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

absl::Status CanWrite(const std::string& path) {
  const std::filesystem::path folder =
      std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  const std::string probe = path + ".probe";
  absl::Status written = WriteFileAtomically(probe, "");
  std::filesystem::remove(probe, error);
  if (written.ok()) return written;
  return absl::UnavailableError(
      Concat(std::string(written.message()),
             ": nothing was run, as the profile could not be kept; name a "
             "place that can be written with --out"));
}

void AddLearnFlags(CLI::App* profile, LearnFlags& flags) {
  profile->add_option("--time", flags.time, "At most so long")
      ->type_name("DURATION")
      ->capture_default_str();
  profile
      ->add_option("--idle-stop", flags.idle_stop,
                   "Stop after so long without anything new, thrice that while "
                   "there is a plan")
      ->type_name("DURATION")
      ->capture_default_str();
  profile
      ->add_option("--run-timeout", flags.run_timeout,
                   "Of one run; else 500ms, or 10s of what serves")
      ->type_name("DURATION");
  AddServiceFlags(profile, flags);
  profile->add_option("--runs", flags.runs, "At most so many runs");
  profile->add_option("--seed", flags.seed, "Of what chance decides");
  profile->add_option("--out", flags.out, "The profile; else PROGRAM.json")
      ->type_name("FILE");
  profile
      ->add_option("--base", flags.base,
                   "A profile in use: say what it lacks, and allows in vain")
      ->type_name("PROFILE");
  profile
      ->add_option("--program-corpus", flags.program_corpus,
                   "Runs of your own: *.args, and files to read")
      ->type_name("DIR");
  AddRenderingFlags(profile, flags.rendering)
      ->description("Also write OUT in this form, with its name as extension");
  profile->add_flag("--no-denials", flags.no_denials,
                    "Do not try which calls the program can do without");
  profile->add_flag("--stacks", flags.stacks,
                    "Also keep who called: `show --why` prints the stack");
  profile->add_flag("--no-results", flags.no_results,
                    "Do not trace what calls come to");
  profile->add_flag("--unsafe-host", flags.unsafe_host,
                    "Run it on the host as it is: it may delete your files");
}

}  // namespace formfuzz::cli
