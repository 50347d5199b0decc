// SPDX-License-Identifier: Apache-2.0
// formfuzz seeds TARGET CAPTURE: scenarios made of captured packets, as text
// beside the target's other seeds. How the target takes a packet is said in
// capture.txt of its corpora folder, or by --step.

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/verb.h"
#include "framework/base/file.h"
#include "generators/network/capture.h"

namespace formfuzz::cli {
namespace {

struct SeedsFlags {
  std::string target;
  std::string capture;
  std::string step;
  std::string out;
  std::string preset = "fuzz";
  size_t packets_each = 6;  // no harness has shorter scenarios
};

constexpr size_t kTemplateMax = 1 << 16;

absl::StatusOr<CaptureTemplate> TemplateFor(const SeedsFlags& flags,
                                            const std::string& folder) {
  if (!flags.step.empty()) {
    return ParseCaptureTemplate(
        absl::StrCat("scenario ", flags.target, "\n", flags.step, "\n"));
  }
  const auto path = std::filesystem::path(folder).parent_path() / "capture.txt";
  auto text = ReadFile(path.string(), kTemplateMax);
  if (!text.ok()) {
    return absl::NotFoundError(absl::StrCat(
        flags.target, " does not say how it takes packets: name a step by ",
        "--step 'NAME FRAME', or write ", ShortPath(path.string())));
  }
  auto form = ParseCaptureTemplate(*text);
  if (form.ok()) return form;
  return absl::InvalidArgumentError(
      absl::StrCat(ShortPath(path.string()), ": ", form.status().message()));
}

absl::Status Write(const std::vector<std::string>& scenarios,
                   const SeedsFlags& flags, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string stem = std::filesystem::path(flags.capture).stem().string();
  for (size_t i = 0; i < scenarios.size(); ++i) {
    const std::string path =
        absl::StrCat(folder, "/", stem, "_", i + 1, ".txt");
    const absl::Status written = WriteFileAtomically(path, scenarios[i]);
    if (!written.ok()) return written;
  }
  std::printf("%zu seeds of %s in %s\n", scenarios.size(), flags.target.c_str(),
              ShortPath(folder).c_str());
  return absl::OkStatus();
}

absl::Status MakeSeeds(const Context& context, const SeedsFlags& flags) {
  auto project = OpenProject(context);
  if (!project.ok()) return project.status();
  auto capture = ReadCapture(flags.capture);
  if (!capture.ok()) return capture.status();
  if (!capture->damage.empty()) {
    std::fprintf(stderr, "formfuzz: %s ends after %zu packets: %s\n",
                 flags.capture.c_str(), capture->packets.size(),
                 capture->damage.c_str());
  }
  auto targets = AllTargets(*project, flags.preset);
  if (!targets.ok()) return targets.status();
  auto target = campaign::PickTarget(*targets, flags.target);
  if (!target.ok()) return target.status();
  if (target->seeds.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(flags.target, " has no folder for seeds: give it one"));
  }
  const std::string& folder = target->seeds.front();
  auto form = TemplateFor(flags, folder);
  if (!form.ok()) return form.status();
  const auto scenarios = ScenariosOf(*capture, *form, flags.packets_each);
  if (scenarios.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("none of the ", capture->packets.size(), " packets of ",
                     flags.capture, " has what ", flags.target, " takes"));
  }
  return Write(scenarios, flags, flags.out.empty() ? folder : flags.out);
}

int Seeds(const Context& context, const SeedsFlags& flags) {
  const absl::Status done = MakeSeeds(context, flags);
  return done.ok() ? kNothingFound : Fail(done);
}

}  // namespace

void AddSeeds(CLI::App* app, const Context* context, int* exit_code) {
  auto flags = std::make_shared<SeedsFlags>();
  CLI::App* verb = app->add_subcommand(
      "seeds", "Make seeds of captured packets (pcap or pcapng)");
  verb->add_option("TARGET", flags->target, "Whose seeds")->required();
  verb->add_option("CAPTURE", flags->capture, "What tcpdump or Wireshark wrote")
      ->required();
  verb->add_option("--step", flags->step,
                   "How a packet is taken: a step with FRAME, PACKET or "
                   "PAYLOAD in it");
  verb->add_option("--packets-each", flags->packets_each,
                   "Packets in one scenario (6)")
      ->check(CLI::Range(1, 64));
  verb->add_option("--out", flags->out, "Another folder than the seeds'");
  verb->add_option("--preset", flags->preset, "Which build to ask");
  verb->callback([=] { *exit_code = Seeds(*context, *flags); });
}

}  // namespace formfuzz::cli
