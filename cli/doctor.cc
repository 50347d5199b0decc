// SPDX-License-Identifier: Apache-2.0
// formfuzz doctor: looks at the machine and says, line by line, what is right,
// what costs speed or comfort, and what must change before fuzzing works.
// Ends with 3 when anything must.

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "campaign/process/child.h"
#include "campaign/process/sandbox/sandbox.h"
#include "cli/verb.h"
#include "framework/base/file.h"

namespace formfuzz::cli {
namespace {

namespace fs = std::filesystem;
using campaign::Child;

constexpr uint64_t kDeadlineMs = 30'000;
constexpr size_t kSaidMax = 1 << 16;
constexpr char kCompiler[] = "clang++-19";
// Above this, ASan's fixed shadow may collide with a library's place.
constexpr int kRandomBitsMax = 28;

enum class Grade { kOk, kWarn, kFail };

struct Diagnosis {
  Grade grade;
  std::string what;
  std::string advice;  // "" when there is nothing to do
};

// Output and success of a short command.
struct Said {
  bool ok;
  std::string text;
};

Said Ask(std::vector<std::string> arguments) {
  auto run = campaign::RunToEnd(
      {.arguments = std::move(arguments), .environment = {}, .folder = ""},
      Child::Output::kPiped, kSaidMax, kDeadlineMs);
  if (!run.ok()) return {false, std::string(run.status().message())};
  return {run->ending.ok(),
          std::string(absl::StripAsciiWhitespace(run->output))};
}

std::string FirstLine(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

// A line of /proc or /sys: "" where this kernel has no such thing. Such files
// say that they are empty, so that they are read as streams.
std::string KernelSays(const char* path) {
  std::FILE* file = std::fopen(path, "r");
  if (file == nullptr) return "";
  char line[256] = "";
  const char* got = std::fgets(line, sizeof(line), file);
  std::fclose(file);
  return got == nullptr ? "" : std::string(absl::StripAsciiWhitespace(line));
}

Diagnosis Tool(const char* name, Grade if_missing, const char* package) {
  const Said said = Ask({name, "--version"});
  if (said.ok) {
    return {Grade::kOk, absl::StrCat(name, ": ", FirstLine(said.text)), ""};
  }
  return {if_missing, absl::StrCat(name, " is missing"),
          absl::StrCat("apt-get install ", package)};
}

// The one question that matters: does an instrumented program build, start and
// pass its leak check here?
Diagnosis Sanitizers() {
  std::error_code error;
  const fs::path folder = fs::temp_directory_path(error) /
                          absl::StrCat("formfuzz-doctor-", getpid());
  fs::create_directories(folder, error);
  const std::string source = (folder / "probe.cc").string();
  const std::string program = (folder / "probe").string();
  const absl::Status written = WriteFileAtomically(
      source,
      "#include <cstddef>\n#include <cstdint>\n"
      "extern \"C\" int LLVMFuzzerTestOneInput(const uint8_t*, size_t) {\n"
      "  return 0;\n}\n");
  Diagnosis diagnosis = {Grade::kOk, "libFuzzer with ASan and UBSan works", ""};
  const Said built = Ask({kCompiler, "-fsanitize=fuzzer,address,undefined",
                          source, "-o", program});
  if (!written.ok() || !built.ok) {
    diagnosis = {Grade::kFail, "cannot build with libFuzzer and ASan",
                 "apt-get install clang-19 libclang-rt-19-dev"};
  } else if (const Said ran = Ask({program, "-runs=10"}); !ran.ok) {
    diagnosis = {
        Grade::kFail,
        absl::StrCat("a program with ASan does not run: ", FirstLine(ran.text)),
        "sysctl vm.mmap_rnd_bits=28, and allow ptrace (LeakSanitizer "
        "needs it) in this container"};
  }
  fs::remove_all(folder, error);
  return diagnosis;
}

Diagnosis AddressRandomness() {
  int bits = 0;
  const std::string text = KernelSays("/proc/sys/vm/mmap_rnd_bits");
  if (!absl::SimpleAtoi(text, &bits) || bits <= kRandomBitsMax) {
    return {Grade::kOk, "address randomness suits ASan", ""};
  }
  return {Grade::kWarn, absl::StrCat("vm.mmap_rnd_bits is ", bits),
          "if ASan dies at start: sysctl vm.mmap_rnd_bits=28"};
}

Diagnosis Ptrace() {
  int scope = 0;
  const std::string text = KernelSays("/proc/sys/kernel/yama/ptrace_scope");
  if (!absl::SimpleAtoi(text, &scope) || scope < 2) {
    return {Grade::kOk, "ptrace is allowed (leak detection needs it)", ""};
  }
  return {Grade::kWarn, absl::StrCat("kernel.yama.ptrace_scope is ", scope),
          "leaks may go unseen: sysctl kernel.yama.ptrace_scope=1"};
}

Diagnosis CorePattern() {
  const std::string pattern = KernelSays("/proc/sys/kernel/core_pattern");
  if (pattern.empty() || pattern[0] != '|') {
    return {Grade::kOk, "crashes are not piped to another program", ""};
  }
  return {Grade::kWarn, absl::StrCat("core_pattern is ", pattern),
          "crashes are slow, and AFL++ refuses: "
          "echo core >/proc/sys/kernel/core_pattern"};
}

Diagnosis Governor() {
  const std::string governor =
      KernelSays("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  if (governor.empty() || governor == "performance") {
    return {Grade::kOk, "the processor runs at full speed", ""};
  }
  return {Grade::kWarn, absl::StrCat("the CPU governor is ", governor),
          "measured speeds will vary: cpupower frequency-set -g performance"};
}

// Of programs that are not targets; the messages say what can be done.
Diagnosis Sandboxes() {
  const auto sandbox = campaign::Sandbox::Make({.disk_bytes = 1 << 20});
  if (!sandbox.ok()) {
    return {Grade::kWarn, std::string(sandbox.status().message()),
            "containers: --privileged; users: sysctl "
            "kernel.unprivileged_userns_clone=1"};
  }
  const sock_filter allow[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  if (const auto guarded = (*sandbox)->Guard(allow); !guarded.ok()) {
    return {Grade::kWarn, std::string(guarded.status().message()),
            "without that, run -- PROGRAM works, and profile does not"};
  }
  return {Grade::kOk, "programs run, and are profiled, in sandboxes", ""};
}

Diagnosis DiskSpace(const std::string& folder) {
  constexpr uintmax_t kGib = uintmax_t{1} << 30;
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (error) return {Grade::kFail, "cannot read " + folder, error.message()};
  const std::string what =
      absl::StrCat(space.available / kGib, " GiB free in ", folder);
  if (space.available < kGib) return {Grade::kFail, what, "make room"};
  if (space.available < 5 * kGib) {
    return {Grade::kWarn, what, "a build and a corpus may want 5 GiB"};
  }
  return {Grade::kOk, what, ""};
}

std::vector<std::string> Listed(const std::string& file) {
  std::vector<std::string> names;
  auto text = ReadFile(file, kSaidMax);
  if (!text.ok()) return names;
  for (const absl::string_view line : absl::StrSplit(*text, '\n')) {
    if (!line.empty() && line[0] != '#') names.emplace_back(line);
  }
  return names;
}

Diagnosis Packages(const Context& context, const char* list, Grade if_missing) {
  std::vector<std::string> missing;
  for (const std::string& name :
       Listed(absl::StrCat(context.home, "/ci/packages/", list, ".txt"))) {
    const Said said =
        Ask({"dpkg-query", "-W", "-f", "${db:Status-Abbrev}", name});
    // The second letter is what is so; the first, what is wanted (held: h).
    const bool installed =
        said.ok && said.text.size() > 1 && said.text[1] == 'i';
    if (!installed) missing.push_back(name);
  }
  if (missing.empty()) {
    return {Grade::kOk, absl::StrCat("packages to ", list), ""};
  }
  return {if_missing, absl::StrCat("packages to ", list, " are missing"),
          absl::StrCat("apt-get install --no-install-recommends ",
                       absl::StrJoin(missing, " "))};
}

void Print(const Diagnosis& diagnosis) {
  const char* grade = diagnosis.grade == Grade::kOk     ? "ok  "
                      : diagnosis.grade == Grade::kWarn ? "warn"
                                                        : "FAIL";
  std::printf("%s  %s\n", grade, diagnosis.what.c_str());
  if (!diagnosis.advice.empty()) {
    std::printf("      %s\n", diagnosis.advice.c_str());
  }
}

int Examine(const Context& context) {
  auto project = OpenProject(context);
  const std::string folder = project.ok() ? project->root() : ".";
  std::vector<Diagnosis> found = {
      Tool(kCompiler, Grade::kFail, "clang-19"),
      Tool("cmake", Grade::kFail, "cmake"),
      Tool("ninja", Grade::kFail, "ninja-build"),
      Tool("llvm-symbolizer-19", Grade::kWarn, "llvm-19"),
      Sanitizers(),
      AddressRandomness(),
      Ptrace(),
      CorePattern(),
      Governor(),
      Sandboxes(),
      DiskSpace(folder)};
  if (!context.home.empty()) {
    found.push_back(Packages(context, "build", Grade::kFail));
    found.push_back(Packages(context, "test", Grade::kWarn));
  }
  bool healthy = true;
  for (const Diagnosis& diagnosis : found) {
    Print(diagnosis);
    healthy = healthy && diagnosis.grade != Grade::kFail;
  }
  return healthy ? kNothingFound : kEnvironment;
}

}  // namespace

void AddDoctor(CLI::App* app, const Context* context, int* exit_code) {
  CLI::App* verb = app->add_subcommand("doctor", "Examine this machine");
  verb->callback([=] { *exit_code = Examine(*context); });
}

}  // namespace formfuzz::cli
