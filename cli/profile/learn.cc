// SPDX-License-Identifier: Apache-2.0
// formfuzz profile [options] -- COMMAND: drives a program until it shows no
// new system call, and writes its profile and the runs that show it.

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "campaign/syscalls/learn/corpus.h"
#include "campaign/syscalls/learn/learner.h"
#include "campaign/syscalls/profile/profile_json.h"
#include "campaign/syscalls/report/profile_text.h"
#include "cli/profile/learn_options.h"
#include "cli/profile/profile_verbs.h"
#include "cli/profile/rendering.h"
#include "framework/base/clock.h"
#include "framework/base/text.h"

namespace formfuzz::cli {
namespace {

using campaign::LearnOptions;
using campaign::LearnProgress;

constexpr double kLineSeconds = 5;
constexpr uint64_t kMs = 1'000'000;

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

absl::Status Write(const RenderingFlags& rendering,
                   const std::vector<campaign::Trial>& trials,
                   const campaign::Profile& profile, const Written& written) {
  absl::Status done = campaign::SaveTrials(written.corpus, trials);
  if (done.ok()) done = campaign::WriteProfile(written.profile, profile);
  if (done.ok() && !written.rendered.empty()) {
    done = WriteRendering(rendering, profile, written.rendered);
  }
  return done;
}

// What was learnt took minutes: where it cannot be kept as asked, for want of
// space or rights, it is kept elsewhere. The status tells of both.
absl::Status WriteSomewhere(const RenderingFlags& rendering,
                            const std::vector<campaign::Trial>& trials,
                            const campaign::Profile& profile,
                            const Written& written) {
  absl::Status done = Write(rendering, trials, profile, written);
  if (done.ok()) return done;
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path folder =
      fs::temp_directory_path(error) / Concat("formfuzz-profile-", getpid());
  fs::create_directories(folder, error);
  Written elsewhere;
  elsewhere.profile = folder / fs::path(written.profile).filename();
  elsewhere.corpus = folder / fs::path(written.corpus).filename();
  if (!Write(rendering, trials, profile, elsewhere).ok()) return done;
  return absl::Status(done.code(),
                      Concat(std::string(done.message()),
                             "; what was learnt is kept: ", elsewhere.profile));
}

int Learn(const Context& context, const LearnFlags& flags) {
  const auto options = OptionsOf(context, flags);
  if (!options.ok()) return Fail(options.status());
  const auto written = WrittenBy(flags, *options);
  if (!written.ok()) return Fail(written.status());
  if (auto can = CanWrite(written->profile); !can.ok()) return Fail(can);
  // Before anything is written: it may be in the same place.
  absl::StatusOr<campaign::Profile> base = campaign::Profile();
  if (!flags.base.empty()) base = campaign::ReadProfile(flags.base);
  if (!base.ok()) return Fail(base.status());
  auto learner = campaign::Learner::Make(*options);
  if (!learner.ok()) return Fail(learner.status());
  std::fprintf(stderr, "formfuzz: %s: %s\n", options->command[0].c_str(),
               (*learner)->words_known().c_str());
  ProgressLine line;
  absl::Status done = (*learner)->Learn(
      [&line](const LearnProgress& now) { return line.Show(now); });
  const uint64_t until = MonotonicNs() + campaign::AfterMs(*options) * kMs;
  const auto left_ms = [until] {
    const uint64_t now = MonotonicNs();
    return now < until ? (until - now) / kMs : 0;
  };
  // Most of it is for what may add to the profile.
  if (done.ok()) done = (*learner)->Minimise(left_ms() * 2 / 7);
  if (done.ok()) (*learner)->MoveSignals(left_ms() * 2 / 5);
  if (done.ok() && flags.stacks) (*learner)->LookAtStacks(left_ms() / 2);
  if (!done.ok()) return Fail(done);
  absl::StatusOr<campaign::Needs> needs = campaign::Needs();
  if (!flags.no_denials) needs = (*learner)->TryWithout(left_ms());
  ProgressLine::Clear();
  if (!needs.ok()) return Fail(needs.status());
  campaign::Profile profile = ProfileOf(**learner, *needs, options->command);
  if (const auto reached = (*learner)->LookAtCode(); reached.ok()) {
    AddReached(*reached, profile);
  } else {
    profile.notes.push_back(
        Concat("its code could not be read, so no call is called reachable or "
               "unreachable: ",
               std::string(reached.status().message())));
  }
  profile.corpus = std::filesystem::path(written->corpus).filename().string();
  done =
      WriteSomewhere(flags.rendering, (*learner)->trials(), profile, *written);
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

}  // namespace

void AddProfileLearn(CLI::App* profile, const Context* context,
                     int* exit_code) {
  auto flags = std::make_shared<LearnFlags>();
  AddLearnFlags(profile, *flags);
  profile->callback([=] {
    if (profile->get_subcommands().empty()) {
      *exit_code = Learn(*context, *flags);
    }
  });
}

}  // namespace formfuzz::cli
