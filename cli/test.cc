// SPDX-License-Identifier: Apache-2.0
// formfuzz test: builds everything with sanitizers and runs all tests, other
// builds (gcc, TSan) among them, so that one summary of CTest's is the end.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "campaign/process/child.h"
#include "cli/verb.h"

namespace formfuzz::cli {
namespace {

constexpr int kTestsFailed = 8;  // ctest's exit code for it

struct TestFlags {
  std::string preset = "fuzz";
  std::string only;
  int jobs = 0;  // 0: one a processor
};

// As a person would at a terminal: what it prints is seen as it comes.
absl::StatusOr<campaign::Ending> RunInSight(
    const campaign::Project& project, std::vector<std::string> arguments) {
  std::fflush(stdout);
  auto run = campaign::RunToEnd({.arguments = std::move(arguments),
                                 .environment = {},
                                 .folder = project.root()},
                                campaign::Child::Output::kOurs, 0);
  if (!run.ok()) return run.status();
  return run->ending;
}

std::vector<std::string> CtestCommand(const campaign::Project& project,
                                      const TestFlags& flags) {
  const int processors =
      std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::vector<std::string> command = {
      "ctest",
      "--test-dir",
      project.BuildFolder(flags.preset),
      "--output-on-failure",
      "--no-tests=error",
      absl::StrCat("-j", flags.jobs > 0 ? flags.jobs : processors)};
  if (!flags.only.empty()) {
    command.push_back("-R");
    command.push_back(flags.only);
  }
  return command;
}

int Test(const Context& context, const TestFlags& flags) {
  auto project = OpenProject(context);
  if (!project.ok()) return Fail(project.status());
  std::vector<std::string> definitions;
  if (project->root() == context.home) {
    definitions = {"-DFORMFUZZ_BUILD_TESTS=ON", "-DFORMFUZZ_TEST_VARIANTS=ON",
                   "-DFORMFUZZ_SANITIZE_ALL=ON", "-DFORMFUZZ_PRECOMPILE=ON",
                   "-DFORMFUZZ_BUILD_BENCHMARKS=ON"};  // they are to build
  }
  const absl::Status configured = project->Configure(flags.preset, definitions);
  if (!configured.ok()) return Fail(configured);
  auto built = RunInSight(
      *project, {"cmake", "--build", project->BuildFolder(flags.preset)});
  if (!built.ok()) return Fail(built.status());
  if (!built->ok()) {
    return Fail(absl::UnavailableError("the build failed; see above"));
  }
  auto tested = RunInSight(*project, CtestCommand(*project, flags));
  if (!tested.ok()) return Fail(tested.status());
  if (tested->ok()) return kNothingFound;
  return tested->code == kTestsFailed ? kFound : kEnvironment;
}

}  // namespace

void AddTest(CLI::App* app, const Context* context, int* exit_code) {
  auto flags = std::make_shared<TestFlags>();
  CLI::App* verb = app->add_subcommand("test", "Build and run all tests");
  verb->add_option("--preset", flags->preset, "How to build");
  verb->add_option("--only", flags->only, "Tests whose names match this");
  verb->add_option("--jobs", flags->jobs, "Tests at the same time");
  verb->callback([=] { *exit_code = Test(*context, *flags); });
}

}  // namespace formfuzz::cli
