// SPDX-License-Identifier: Apache-2.0
// Calls the target's replay binary, the project's build, and the test.

#include "campaign/reproduce/reproduction.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "campaign/process/child.h"
#include "campaign/process/work_folder.h"
#include "framework/base/file.h"

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

constexpr size_t kTextMax = 1 << 20;
constexpr size_t kWhyMax = 400;  // bytes of a reason
constexpr size_t kCandidatesMax = 3000;
constexpr uint64_t kMinimiseSeconds = 30;
// The certificate, and the last candidate, come after that.
constexpr uint64_t kMinimiseDeadlineMs = 90'000;
constexpr uint64_t kTestDeadlineMs = 60'000;
constexpr int kTestFailed = 1;  // GoogleTest's exit code

std::string NameOf(const Finding& finding) {
  return absl::StrCat(finding.kind, "-", finding.signature);
}

// The first error is what helps; a build says a lot before it.
std::string WhyIn(std::string text) {
  const size_t error = text.find("error:");
  if (error != std::string::npos) {
    const size_t line = text.rfind('\n', error) + 1;
    text = text.substr(line, text.find('\n', error) - line);
  }
  if (text.size() > kWhyMax) text.resize(kWhyMax);
  return std::string(absl::StripAsciiWhitespace(text));
}

// What hangs would do so for every candidate; a run of tasks that goes round
// and round is told at once.
bool IsWorthMinimising(const Finding& finding) {
  return finding.kind != "hung" || finding.validator == "NoLivelock";
}

void Minimise(const Target& target, const std::string& folder) {
  const MinimiseOptions options{.input = FindingInput(folder),
                                .out = FindingMinimized(folder),
                                .reproducer = FindingReproducer(folder),
                                .certificate = FindingCertificate(folder),
                                .runs_max = kCandidatesMax,
                                .seconds = kMinimiseSeconds};
  auto run = RunToEnd(MinimiseCommand(target, options), Child::Output::kResult,
                      kTextMax, kMinimiseDeadlineMs);
  std::error_code ignored;
  if (!run.ok() || !run->ending.ok()) {
    fs::remove(FindingMinimized(folder), ignored);
    return;
  }
  WriteFileAtomically(FindingMinimizedTrace(folder), run->output).IgnoreError();
}

// "" when the test fails as the finding did.
std::string RunTest(const Target& target, const Finding& finding) {
  auto run = RunToEnd(
      {.arguments = {target.reproducer}, .environment = {}, .folder = ""},
      Child::Output::kPiped, kTextMax, kTestDeadlineMs);
  if (!run.ok()) return std::string(run.status().message());
  if (run->ending.ok()) return "it passes";
  const bool same = run->output.find(NameOf(finding)) != std::string::npos;
  if (run->ending.code == kTestFailed && same) return "";
  return absl::StrCat("it fails in another way (", ToString(run->ending), ")");
}

std::string Why(const Project& project, const std::string& preset,
                const Target& target, const Finding& finding) {
  auto source = ReadFile(FindingReproducer(finding.folder), kTextMax);
  if (!source.ok()) return "the target wrote none";
  if (target.reproducer.empty()) {
    return "to compile it, GoogleTest is needed";
  }
  const absl::Status written =
      WriteFileAtomically(target.ReproducerSource(), *source);
  if (!written.ok()) return std::string(written.message());
  const absl::Status built =
      project.Build(preset, {target.name + "_reproducer"});
  if (!built.ok()) {
    return absl::StrCat("it does not compile: ",
                        WhyIn(std::string(built.message())));
  }
  return RunTest(target, finding);
}

void Note(const Finding& finding) {
  const std::string path = FindingDescription(finding.folder);
  auto text = ReadFile(path, kTextMax);
  if (!text.ok()) return;
  auto json = nlohmann::ordered_json::parse(*text, nullptr, false);
  if (!json.is_object()) return;
  json["reproducer"] = finding.reproducer;
  if (!finding.certificate.empty()) json["certificate"] = finding.certificate;
  using Json = nlohmann::ordered_json;
  WriteFileAtomically(
      path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n")
      .IgnoreError();
}

}  // namespace

Command MinimiseCommand(const Target& target, const MinimiseOptions& options) {
  Command command{.arguments = {target.replay, "--tmin", options.input, "--out",
                                options.out},
                  .environment = {},
                  .folder = ""};
  const auto add = [&](const char* name, const std::string& value) {
    command.arguments.insert(command.arguments.end(), {name, value});
  };
  if (!options.reproducer.empty()) add("--reproducer", options.reproducer);
  if (!options.certificate.empty()) add("--certificate", options.certificate);
  if (options.runs_max != 0) add("--runs-max", absl::StrCat(options.runs_max));
  if (options.seconds != 0) add("--seconds", absl::StrCat(options.seconds));
  return command;
}

Finding Reproduce(const Project& project, const std::string& preset,
                  const Target& target, const Finding& finding) {
  std::error_code ignored;
  const bool is_new = !fs::exists(FindingMinimized(finding.folder), ignored);
  if (is_new && IsWorthMinimising(finding)) Minimise(target, finding.folder);
  return Verify(project, preset, target, finding);
}

Finding Verify(const Project& project, const std::string& preset,
               const Target& target, const Finding& finding) {
  Finding noted = finding;
  const std::string why = Why(project, preset, target, finding);
  noted.reproducer =
      why.empty() ? kVerified : absl::StrCat("not verified: ", why);
  auto certificate = ReadFile(FindingCertificate(finding.folder), kTextMax);
  if (certificate.ok()) noted.certificate = *std::move(certificate);
  Note(noted);
  return noted;
}

}  // namespace formfuzz::campaign
