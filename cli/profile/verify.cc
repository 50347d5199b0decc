// SPDX-License-Identifier: Apache-2.0
// formfuzz profile verify PROFILE: replays its runs, and new ones, with
// everything refused that it does not allow. Exit code 1 if a saved run met a
// refusal.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "campaign/syscalls/learn/corpus.h"
#include "campaign/syscalls/learn/verify.h"
#include "campaign/syscalls/profile/profile_json.h"
#include "campaign/syscalls/report/profile_text.h"
#include "cli/profile/profile_verbs.h"
#include "framework/base/text.h"

namespace formfuzz::cli {
namespace {

// Runs of what serves are long.
constexpr uint64_t kServiceRunMs = 10'000;
constexpr uint64_t kServiceHeldOutMax = 50;

struct VerifyFlags {
  std::string path;
  std::string corpus;
  campaign::VerifyOptions options;
};

void Print(const campaign::Denial& denial) {
  std::printf("refused: %s", denial.name.c_str());
  const auto* rule =
      campaign::ClassRuleOf(static_cast<uint32_t>(denial.number));
  for (size_t i = 0; rule != nullptr && i < rule->count; ++i) {
    std::printf("%s arg%d = 0x%llx", i == 0 ? "" : ",",
                rule->arguments[i].index,
                static_cast<unsigned long long>(denial.values[i]));
  }
  std::printf(", %llu times%s\n  %s\n",
              static_cast<unsigned long long>(denial.times),
              denial.held_out ? ", by a run made up anew" : "",
              campaign::CommandText(denial.evidence).c_str());
  if (!denial.evidence.circumstances.empty()) {
    std::printf("  %s\n", denial.evidence.circumstances.c_str());
  }
  std::printf("  at %s\n", campaign::CallSiteText(denial.evidence).c_str());
}

int Print(const campaign::Verdict& verdict, bool serves) {
  for (const auto& denial : verdict.denials) Print(denial);
  for (const std::string& name : verdict.widened) {
    std::printf("%s was allowed whatever its arguments are\n", name.c_str());
  }
  const auto refuted = std::ranges::count_if(
      verdict.denials, [](const auto& denial) { return !denial.held_out; });
  std::printf("%llu runs, %zu calls refused, %zu of these to saved runs%s\n",
              static_cast<unsigned long long>(verdict.runs),
              verdict.denials.size(), static_cast<size_t>(refuted),
              verdict.denials.empty() ? ": the profile holds" : "");
  if (serves) {
    std::printf("it was reached in %llu runs, and answered %llu requests\n",
                static_cast<unsigned long long>(verdict.reached_runs),
                static_cast<unsigned long long>(verdict.answers));
  }
  if (serves && verdict.reached_runs == 0) return kFound;
  return refuted == 0 ? kNothingFound : kFound;
}

// Where the profile says, which outlives its renaming; else beside it.
std::string CorpusOf(const VerifyFlags& flags,
                     const campaign::Profile& profile) {
  namespace fs = std::filesystem;
  if (!flags.corpus.empty()) return flags.corpus;
  std::error_code ignored;
  const fs::path said = fs::path(flags.path).parent_path() / profile.corpus;
  if (!profile.corpus.empty() && fs::is_directory(said, ignored)) {
    return said.string();
  }
  return campaign::CorpusFolderOf(flags.path);
}

int VerifyProfile(const VerifyFlags& flags) {
  const auto profile = campaign::ReadProfile(flags.path);
  if (!profile.ok()) return Fail(profile.status());
  const std::string corpus = CorpusOf(flags, *profile);
  const auto trials = campaign::ReadTrials(corpus);
  if (!trials.ok()) return Fail(trials.status());
  campaign::VerifyOptions options = flags.options;
  if (!profile->service.at.empty()) {
    options.run_ms = kServiceRunMs;
    options.held_out = std::min(options.held_out, kServiceHeldOutMax);
  }
  const auto verdict = Verify(*profile, *trials, options);
  if (!verdict.ok()) return Fail(verdict.status());
  if (verdict->runs == 0) {
    return Fail(absl::InvalidArgumentError(
        Concat("nothing was verified: ", corpus, " holds no run that could be ",
               "repeated, and --held-out made up none")));
  }
  return Print(*verdict, !profile->service.at.empty());
}

}  // namespace

void AddProfileVerify(CLI::App* profile, const Context* /*context*/,
                      int* exit_code) {
  auto flags = std::make_shared<VerifyFlags>();
  CLI::App* verb = profile->add_subcommand(
      "verify", "Replay its runs with everything else refused");
  verb->add_option("PROFILE", flags->path, "The profile")->required();
  verb->add_option("--corpus", flags->corpus, "Its runs, if not beside it")
      ->type_name("DIR");
  verb->add_flag("--arguments", flags->options.by_arguments,
                 "Refuse arguments that it does not allow, too");
  verb->add_option("--rounds", flags->options.rounds, "Of the saved runs")
      ->capture_default_str();
  verb->add_option("--held-out", flags->options.held_out,
                   "Runs that are made up anew")
      ->capture_default_str();
  verb->add_flag_callback(
      "--no-stops", [flags] { flags->options.stops = false; },
      "Never stop and continue a run");
  verb->add_flag("--unsafe-host", flags->options.unsafe_host,
                 "Run it on the host as it is");
  verb->callback([=] { *exit_code = VerifyProfile(*flags); });
}

}  // namespace formfuzz::cli
