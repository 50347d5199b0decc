// SPDX-License-Identifier: Apache-2.0
// Files, words and environment; descriptors are in run_descriptors.cc.

#include "campaign/process/session/run_io.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "campaign/process/session/sanitizer_options.h"
#include "campaign/process/wire/fork_messages.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr std::string_view kPlaceholder = "@@";

// Replaces every `@@`; whether there was one.
bool ReplacePlaceholder(const std::string& path, std::string& word) {
  size_t at = word.find(kPlaceholder);
  const bool found = at != word.npos;
  for (; at != word.npos; at = word.find(kPlaceholder, at + path.size())) {
    word.replace(at, kPlaceholder.size(), path);
  }
  return found;
}

const char* FindSymbolizer() {
  for (const char* path :
       {"/usr/bin/llvm-symbolizer", "/usr/bin/llvm-symbolizer-19"}) {
    if (access(path, X_OK) == 0) return path;
  }
  return nullptr;
}

// As the library in the program reads it: "L7=3;S15@2000;".
std::string TextOf(const Conditions& conditions) {
  std::string text;
  for (const auto& [limit, value] : conditions.limits) {
    text += Concat("L", limit, "=", value, ";");
  }
  for (const auto& [signal, after_us] : conditions.signals) {
    text += Concat("S", signal, "@", after_us, ";");
  }
  return text;
}

}  // namespace

void SetVariable(const std::string& name, const std::string& value,
                 std::vector<std::string>& environment) {
  const std::string start = name + "=";
  for (std::string& variable : environment) {
    if (variable.compare(0, start.size(), start) != 0) continue;
    variable = start + value;
    return;
  }
  environment.push_back(start + value);
}

std::vector<std::string> BaseEnvironment(const ExecutorOptions& options,
                                         const Sandbox& sandbox) {
  std::vector<std::string> environment = {
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "LANG=C.UTF-8", "TERM=dumb"};
  SetVariable("HOME", sandbox.work_path(), environment);
  for (const auto& [name, value] : kSanitizerOptions) {
    SetVariable(name, value, environment);
  }
  if (const char* symbolizer = FindSymbolizer()) {
    for (const char* name : {"ASAN_SYMBOLIZER_PATH", "MSAN_SYMBOLIZER_PATH"}) {
      SetVariable(name, symbolizer, environment);
    }
  }
  for (const auto& [name, value] : options.environment) {
    SetVariable(name, value, environment);
  }
  return environment;
}

RunIo::RunIo(const ExecutorOptions& options, const std::string& program,
             Sandbox& sandbox)
    : options_(options),
      sandbox_(sandbox),
      environment_(BaseEnvironment(options, sandbox)),
      words_(options.command),
      output_(OutputCapture::Keeps::kBeginning, options.limits.output_bytes),
      errors_(OutputCapture::Keeps::kEnd, options.limits.output_bytes) {
  const std::string file = Concat(sandbox.scratch_path(), "/", kInputFile);
  for (size_t i = 1; i < words_.size(); ++i) {
    uses_file_ = ReplacePlaceholder(file, words_[i]) || uses_file_;
  }
  words_[0] = program;
}

void RunIo::AskForMarks(int library_fd) {
  marking_library_ = library_fd;
  usual_words_ = 0;
  SetVariable(kMarksVariable, "1", environment_);
  SetVariable("LD_PRELOAD", kLibraryPath, environment_);
}

absl::Status RunIo::Prepare(const ProgramInput& input) {
  Begin();
  absl::Status done = PrepareFiles(input);
  if (done.ok()) done = PrepareWords(input);
  if (done.ok()) done = PrepareStdin(input);
  if (done.ok()) done = PrepareStdout(input.stdout_kind);
  if (done.ok()) done = PrepareStderr();
  if (done.ok() && marking_library_ >= 0) Give(marking_library_, kLibraryFd);
  NoteDescriptors();
  return done;
}

absl::Status RunIo::WriteFiles(const ProgramInput& input) {
  if (uses_file_) {
    absl::Status done =
        sandbox_.WriteScratchFile(kInputFile, AsText(input.bytes));
    if (!done.ok()) return done;
  }
  for (const InputFile& file : input.files) {
    absl::Status done = absl::OkStatus();
    if (file.path.empty() || file.path[0] == '/') {
      done = sandbox_.WriteScratchFile(file.path, file.content);  // refused
    } else {
      done = sandbox_.MakeWorkEntry(file);
    }
    if (!done.ok()) return done;
  }
  return absl::OkStatus();
}

// The folder is emptied only if the last run left something there: its inodes
// are counted before and after. The file that `@@` names is made anew.
absl::Status RunIo::PrepareFiles(const ProgramInput& input) {
  const uint64_t expected = uses_file_ ? 1 : 0;
  bool dirty = wipe_ || !sandbox_.ScratchHolds(left_inodes_) ||
               !sandbox_.ScratchIsAsMade();
  if (!dirty && !uses_file_ && input.files.empty()) return absl::OkStatus();
  wipe_ = !input.files.empty();
  left_inodes_ = expected;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (dirty) {
      absl::Status wiped = sandbox_.WipeScratch();
      if (!wiped.ok()) return wiped;
    }
    const absl::Status done = WriteFiles(input);
    if (done.ok() && (wipe_ || sandbox_.ScratchHolds(expected))) return done;
    // Something stands in the way, or the file had been moved elsewhere.
    if (dirty) return done;
    dirty = true;
  }
  return absl::OkStatus();
}

absl::Status RunIo::PrepareWords(const ProgramInput& input) {
  const bool as_always = input.environment.empty() &&
                         input.removed_variables.empty() &&
                         input.conditions.empty();
  if (input.arguments.empty() && as_always) {
    if (sandbox_.words_version() == usual_words_) return absl::OkStatus();
    absl::Status set = sandbox_.SetWords(words_, environment_);
    usual_words_ = set.ok() ? sandbox_.words_version() : 0;
    return set;
  }
  all_words_ = words_;
  all_words_.insert(all_words_.end(), input.arguments.begin(),
                    input.arguments.end());
  if (as_always) return sandbox_.SetWords(all_words_, environment_);
  std::vector<std::string> environment = environment_;
  for (const auto& [name, value] : input.environment) {
    SetVariable(name, value, environment);
  }
  for (const std::string& name : input.removed_variables) {
    const std::string start = name + "=";
    std::erase_if(environment, [&](const std::string& variable) {
      return variable.compare(0, start.size(), start) == 0;
    });
  }
  if (!input.conditions.empty()) {
    SetVariable(kConditionsVariable, TextOf(input.conditions), environment);
  }
  return sandbox_.SetWords(all_words_, environment);
}

absl::Status RunIo::PrepareLong(std::span<const std::string> environment) {
  Begin();
  long_lived_ = true;
  if (!errors_file_.ok()) {
    auto file = MemoryFile("formfuzz-stderr", 0);
    if (!file.ok()) return file.status();
    errors_file_ = *std::move(file);
  }
  // Appending, so that it can be emptied under the program's hands.
  absl::Status emptied = Rewrite(errors_file_.get(), {});
  if (!emptied.ok()) return emptied;
  fcntl(errors_file_.get(), F_SETFL, O_APPEND);
  absl::Status standard_input = StdinFromFile({});
  if (!standard_input.ok()) return standard_input;
  Give(nothing_.get(), STDOUT_FILENO);
  Give(errors_file_.get(), STDERR_FILENO);
  renewed_ = true;
  NoteDescriptors();
  return sandbox_.SetWords(words_, environment);
}

absl::Status RunIo::Renew(const ProgramInput& input) {
  if (uses_file_) return PrepareFiles(input);
  absl::Status done = Rewrite(stdin_file_.get(), input.bytes);
  lseek(stdin_reader_.get(), 0, SEEK_SET);
  return done;
}

}  // namespace formfuzz::campaign
