// SPDX-License-Identifier: Apache-2.0
// Writing and reading the findings of programs.
#include "campaign/loop/triage/program_finding.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "campaign/loop/config/server_address.h"
#include "campaign/loop/triage/reproduce_script.h"
#include "campaign/process/child.h"
#include "campaign/process/session/sanitizer_options.h"
#include "campaign/process/work_folder.h"
#include "campaign/run/findings.h"
#include "framework/base/digest.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;
constexpr size_t kDescriptionMax = 1 << 20;
constexpr size_t kTraceMax = 1 << 16;
constexpr uint64_t kScriptGraceMs = 3000;
constexpr char kUnfinished[] = "unfinished";
constexpr char kWorker[] = "worker";  // who was at it

int StatusOf(const Failure& failure) {
  if (failure.hung) return kHungStatus;
  if (failure.signal != 0) return 128 + failure.signal;
  return failure.code != 0 ? failure.code : -1;
}

ExecutorKind KindOf(std::string_view name) {
  for (const ExecutorKind kind : {ExecutorKind::kSpawn, ExecutorKind::kZygote,
                                  ExecutorKind::kAfl, ExecutorKind::kRuntime}) {
    if (NameOf(kind) == name) return kind;
  }
  return ExecutorKind::kAuto;
}

bool SwitchIn(const Json& json, const char* name) {
  return json.contains(name) && json[name].is_boolean() &&
         json[name].get<bool>();
}

uint64_t NumberIn(const Json& json, const char* name, uint64_t otherwise) {
  return json.contains(name) && json[name].is_number_unsigned()
             ? json[name].get<uint64_t>()
             : otherwise;
}

void ReadSettings(const Json& json, LoopConfig* config) {
  config->typed = SwitchIn(json, "typed");
  config->unsafe_host = SwitchIn(json, "unsafe_host");
  if (json.contains("server") && json["server"].is_string()) {
    config->server = json["server"].get<std::string>();
  }
  config->timeout_ms = NumberIn(json, "timeout_ms", config->timeout_ms);
  config->memory_mb = NumberIn(json, "memory_mb", config->memory_mb);
  if (json.contains("executor") && json["executor"].is_string()) {
    config->executor = json["executor"].get<std::string>();
  }
  if (!json.contains("crash_exits")) return;
  for (const Json& code : json["crash_exits"]) {
    if (code.is_number_integer()) config->crash_exits.push_back(code);
  }
}

// What program.json says; anything but an object: nothing.
Json DescriptionOf(const std::string& finding) {
  const auto text = ReadFile(FindingProgram(finding), kDescriptionMax);
  return text.ok() ? Json::parse(*text, nullptr, false) : Json();
}

std::string Printed(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool IsUnfinished(const std::string& finding) {
  const Json json = DescriptionOf(finding);
  return json.is_object() && SwitchIn(json, kUnfinished);
}

std::string TraceOf(const Failure& failure) {
  return Concat(failure.message, "\n\nstdout\n",
                std::string_view(failure.output).substr(0, kTraceMax),
                "\n\nstderr\n",
                std::string_view(failure.errors).substr(0, kTraceMax), "\n");
}

}  // namespace

std::string ProgramPath(const std::string& name) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (name.find('/') != std::string::npos) {
    const fs::path path = fs::absolute(name, error).lexically_normal();
    return fs::exists(path, error) ? path.string() : name;
  }
  const char* const set = std::getenv("PATH");
  std::string_view folders = set == nullptr ? "/usr/bin:/bin" : set;
  while (!folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    folders.remove_prefix(std::min(folder.size() + 1, folders.size()));
    const std::string path = Concat(folder, "/", name);
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return name;
}

ExecutorOptions OptionsFor(const ProgramTarget& target,
                           const LoopConfig& config) {
  ExecutorOptions options;
  options.command = target.command;
  options.kind = KindOf(config.executor);
  options.limits.wall_ms = config.timeout_ms;
  options.limits.memory_bytes = config.memory_mb << 20;
  options.isolation.unsafe_host = config.unsafe_host;
  options.crash_rules.exit_codes = config.crash_exits;
  options.repeatable = config.seed != 0;
  const auto server = ParseServerAddress(config.server);
  if (server.ok()) {
    options.kind = ExecutorKind::kServer;
    options.server = *server;
  }
  return options;
}

absl::StatusOr<std::string> FindingWriter::Write(const SortedFailure& sorted) {
  const Failure& failure = sorted.failure;
  const std::string script = ScriptFor(sorted);
  formfuzz::Finding finding;
  finding.target = target_.name;
  finding.verdict = {
      .kind = failure.hung ? VerdictKind::kHung : VerdictKind::kCrashed,
      .validator = failure.what,
      .message = failure.message,
      .step = 0};
  finding.frames = failure.frames;
  // Without frames, what else tells defects apart goes into the signature.
  if (failure.frames.empty() && !failure.hung) {
    finding.step_name = failure.said;
    finding.outcome = failure.edges == 0 ? "" : ToHex(failure.edges);
  }
  std::error_code ignored;
  const std::string path = Concat(folder_, "/", FolderNameOf(finding));
  const std::string replaces = sorted.replaces == fresh_ ? fresh_ : "";
  const bool there = path != replaces && std::filesystem::exists(path, ignored);
  if (there && !IsUnfinished(path)) {
    return Put(finding, replaces);  // gives it the time of now
  }
  finding.input = std::string(AsText(sorted.input));
  finding.scenario = form_.Text(sorted.input);
  finding.trace = TraceOf(failure);
  finding.report = failure.errors;
  const bool reproduces = Reproduces(script, sorted.input);
  finding.attachments = {
      {"reproduce.sh", script},
      {"program.json", Describe(sorted, reproduces)},
      {"first_input", std::string(AsText(sorted.first_input))}};
  fresh_ = path;
  if (!there) return Put(finding, replaces);
  auto written = Put(finding, path);
  if (written.ok() && !replaces.empty()) {
    std::filesystem::remove_all(replaces, ignored);
  }
  return written;
}

std::vector<FindingWriter::Left> FindingWriter::Unfinished() const {
  std::vector<Left> all;
  std::error_code error;
  const auto workers = static_cast<uint64_t>(std::max(1, config_.jobs));
  for (const auto& entry :
       std::filesystem::directory_iterator(folder_, error)) {
    const std::string finding = entry.path().string();
    const Json json = DescriptionOf(finding);
    if (!json.is_object() || !SwitchIn(json, kUnfinished) ||
        NumberIn(json, kWorker, 0) % workers != worker_ ||
        SwitchIn(json, "typed") != config_.typed ||
        json.value("command", Json()) != Json(target_.command)) {
      continue;
    }
    auto input = ReadFile(FindingInput(finding), config_.input_bytes_max);
    if (input.ok()) all.push_back({finding, *std::move(input)});
  }
  std::sort(all.begin(), all.end(), [](const Left& one, const Left& other) {
    return one.folder < other.folder;
  });
  return all;
}

absl::Status FindingWriter::Settle(const Left& left) const {
  Json json = DescriptionOf(left.folder);
  if (left.folder == fresh_ || !json.is_object()) return absl::OkStatus();
  json[kUnfinished] = false;
  return WriteFileAtomically(FindingProgram(left.folder), Printed(json));
}

absl::StatusOr<std::string> FindingWriter::Put(const formfuzz::Finding& finding,
                                               const std::string& replaces) {
  std::error_code ignored;
  const std::string path = Concat(folder_, "/", FolderNameOf(finding));
  if (path != replaces) {
    auto written = WriteFinding(finding, folder_);
    if (written.ok() && !replaces.empty()) {
      std::filesystem::remove_all(replaces, ignored);
    }
    return written;
  }
  // Whole at every moment: made aside, and swapped.
  const std::string aside = Concat(folder_, "/.smaller.new.", getpid());
  std::filesystem::remove_all(aside, ignored);
  const auto made = WriteFinding(finding, aside);
  if (!made.ok()) return made;
  const int swapped = renameat2(AT_FDCWD, made->c_str(), AT_FDCWD, path.c_str(),
                                RENAME_EXCHANGE);
  const int error = errno;
  std::filesystem::remove_all(aside, ignored);
  // Another worker, which made the same smaller, has moved it away.
  if (swapped != 0 && error == ENOENT) return WriteFinding(finding, folder_);
  if (swapped != 0) {
    return absl::UnavailableError(
        Concat("cannot replace ", path, ": ", std::strerror(error)));
  }
  return path;
}

std::string FindingWriter::ScriptFor(const SortedFailure& sorted) {
  ScriptedRun run;
  run.command = target_.command;
  run.environment.assign(std::begin(kSanitizerOptions),
                         std::end(kSanitizerOptions));
  form_.Fill(sorted.input, run.input);
  run.bytes_beside = form_.plain();
  run.timeout_ms = config_.timeout_ms;
  run.server = config_.server;
  run.bomb = sorted.failure.what == kTooManyProcesses;
  run.status = StatusOf(sorted.failure);
  run.about = Concat(target_.name, ": ", sorted.failure.message);
  return ReproduceScript(run);
}

bool FindingWriter::Reproduces(const std::string& script, Bytes input) {
  std::string tried = Concat(script, AsText(input));
  if (tried != tried_) reproduced_ = Try(script, input);
  tried_ = std::move(tried);
  return reproduced_;
}

bool FindingWriter::Try(const std::string& script, Bytes input) {
  ExecutorOptions options = OptionsFor(target_, config_);
  options.command = {"/bin/sh", "reproduce.sh"};
  options.kind = ExecutorKind::kSpawn;
  options.limits.wall_ms = config_.timeout_ms + kScriptGraceMs;
  auto executor = MakeExecutor(options);
  if (!executor.ok()) return false;
  ProgramInput run;
  run.files = {{"reproduce.sh", script}, {"input", std::string(AsText(input))}};
  run.stdin_kind = StdinKind::kNothing;
  // A person's shell has none of these.
  for (const auto& [name, value] : kSanitizerOptions) {
    run.removed_variables.push_back(name);
  }
  Execution execution;
  return (*executor)->Run(run, execution).ok() &&
         execution.kind == ExitKind::kExited && execution.code == 0;
}

std::string FindingWriter::Describe(const SortedFailure& sorted,
                                    bool reproduces) const {
  Json json;
  json["schema_version"] = kSchemaVersion;
  json["command"] = target_.command;
  json["typed"] = config_.typed;
  json["executor"] = config_.executor;
  json["server"] = config_.server;
  json["timeout_ms"] = config_.timeout_ms;
  json["memory_mb"] = config_.memory_mb;
  json["unsafe_host"] = config_.unsafe_host;
  json["crash_exits"] = config_.crash_exits;
  json["repeats"] = sorted.repeats;
  json[kUnfinished] = sorted.unfinished;
  json[kWorker] = worker_;
  json["script_reproduces"] = reproduces;
  json["first_input_bytes"] = sorted.first_input.size();
  json["likeness"] = ToHex(sorted.failure.Likeness());
  return Printed(json);
}

absl::StatusOr<FoundProgram> ReadFoundProgram(const std::string& finding) {
  const std::string path = FindingProgram(finding);
  const auto text = ReadFile(path, kDescriptionMax);
  if (!text.ok()) return text.status();
  const Json json = Json::parse(*text, nullptr, false);
  const auto wrong = absl::InvalidArgumentError(
      Concat(path, " is not what a run of a program has written"));
  if (!json.is_object() || !json.contains("command")) return wrong;
  const Json& command = json["command"];
  if (!command.is_array() || command.empty()) return wrong;
  FoundProgram found;
  for (const Json& word : command) {
    if (!word.is_string()) return wrong;
    found.target.command.push_back(word.get<std::string>());
  }
  found.target.name = ReadFinding(finding).target;
  ReadSettings(json, &found.config);
  return found;
}

}  // namespace formfuzz::campaign
