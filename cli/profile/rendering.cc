// SPDX-License-Identifier: Apache-2.0
// From flags to a view of a profile, and to the text that is written.

#include "cli/profile/rendering.h"

#include <cstdio>
#include <filesystem>
#include <vector>

#include "absl/strings/str_split.h"
#include "campaign/syscalls/policy/policy.h"
#include "campaign/syscalls/profile/profile_json.h"
#include "campaign/syscalls/render/render.h"
#include "campaign/syscalls/report/html_report.h"
#include "cli/profile/profile_file.h"
#include "framework/base/text.h"

namespace formfuzz::cli {
namespace {

constexpr char kHtml[] = "html";

absl::StatusOr<uint8_t> PhasesOf(const std::string& text) {
  uint8_t phases = 0;
  for (const auto word : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    uint8_t phase = 0;
    if (word == "loader") phase = campaign::kLoaderPhase;
    if (word == "startup") phase = campaign::kStartupPhase;
    if (word == "main") phase = campaign::kMainPhase;
    if (phase == 0) {
      return absl::InvalidArgumentError(Concat(
          "--phase ", text, ": want of loader, startup and main, by commas"));
    }
    phases |= phase;
  }
  return phases == 0 ? campaign::kAllPhases : phases;
}

absl::StatusOr<campaign::View> ViewOf(const RenderingFlags& flags) {
  using campaign::Level;
  using campaign::Runtime;
  campaign::View view;
  view.level = flags.level == "args"    ? Level::kArguments
               : flags.level == "errno" ? Level::kErrno
                                        : Level::kNames;
  view.runtime = flags.runtime == "runc"   ? Runtime::kRunc
                 : flags.runtime == "crun" ? Runtime::kCrun
                                           : Runtime::kNone;
  const auto phases = PhasesOf(flags.phases);
  if (!phases.ok()) return phases.status();
  view.phases = *phases;
  const auto otherwise = campaign::DecisionOfText(flags.default_action);
  if (!otherwise) {
    return absl::InvalidArgumentError(
        Concat("--default-action ", flags.default_action,
               ": want an error such as ENOSYS, or kill, trap, log or notify"));
  }
  view.otherwise = *otherwise;
  return view;
}

absl::StatusOr<campaign::Rendering> Rendered(const RenderingFlags& flags,
                                             const campaign::Profile& profile) {
  if (flags.format == kHtml) {
    return campaign::Rendering{campaign::HtmlReport(profile), {}};
  }
  const auto format = campaign::FormatOfName(flags.format);
  if (*format == campaign::Format::kNative) {
    return campaign::Rendering{campaign::ProfileJson(profile), {}};
  }
  const auto view = ViewOf(flags);
  if (!view.ok()) return view.status();
  campaign::RenderOptions options{.name = flags.name};
  if (*format == campaign::Format::kSystemdGroups) {
    options.groups = &HostSystemdGroups();
  }
  return campaign::Render(*format, campaign::PolicyOf(profile, *view), options);
}

}  // namespace

CLI::Option* AddRenderingFlags(CLI::App* verb, RenderingFlags& flags) {
  verb->add_option("--level", flags.level,
                   "names: calls; errno: those that only ever failed as "
                   "unsupported are refused likewise; args: with arguments")
      ->check(CLI::IsMember({"names", "errno", "args"}))
      ->capture_default_str();
  verb->add_option("--phase", flags.phases,
                   "Only calls of loader, startup or main; several by commas");
  verb->add_option("--default-action", flags.default_action,
                   "For all other calls: an error, kill, trap, log or notify")
      ->capture_default_str();
  verb->add_option("--runtime", flags.runtime,
                   "Whose own calls to allow besides: runc, crun or none")
      ->check(CLI::IsMember({"runc", "crun", "none"}))
      ->capture_default_str();
  verb->add_option("--name", flags.name, "Of the profile; else the program's");
  std::vector<std::string> formats = campaign::FormatNames();
  formats.push_back(kHtml);
  return verb->add_option("--format", flags.format, "The form")
      ->check(CLI::IsMember(formats));
}

absl::Status WriteRendering(RenderingFlags flags,
                            const campaign::Profile& profile,
                            const std::string& out) {
  if (flags.name.empty() && !profile.command.empty()) {
    flags.name = std::filesystem::path(profile.command[0]).stem().string();
  }
  const auto rendering = Rendered(flags, profile);
  if (!rendering.ok()) return rendering.status();
  for (const std::string& line : rendering->lost) {
    std::fprintf(stderr, "formfuzz: %s: %s\n", flags.format.c_str(),
                 line.c_str());
  }
  return WriteOut(out, rendering->text);
}

}  // namespace formfuzz::cli
