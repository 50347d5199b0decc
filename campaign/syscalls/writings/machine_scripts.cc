// SPDX-License-Identifier: Apache-2.0
// Looks at the first line of each file.

#include "campaign/syscalls/writings/machine_scripts.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "campaign/syscalls/writings/script_words.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFilesMax = 8192;       // of a folder
constexpr size_t kCallsOfScriptMax = 4;  // many scripts rather than one

// Sorted; nothing where there is no such folder.
std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator() &&
         files.size() < kFilesMax;
       entries.increment(error)) {
    std::error_code ignored;
    if (entries->is_regular_file(ignored)) files.push_back(entries->path());
  }
  std::ranges::sort(files);
  return files;
}

// The words behind "#!"; nothing if it begins otherwise.
std::vector<std::string> InterpreterOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char begin[2] = "";
  std::string line;
  if (!file.read(begin, 2) || begin[0] != '#' || begin[1] != '!' ||
      !std::getline(file, line)) {
    return {};
  }
  std::vector<std::string> words;
  size_t at = 0;
  while ((at = line.find_first_not_of(" \t\r", at)) != line.npos) {
    const size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

bool IsFile(const std::string& word, const std::string& program) {
  std::error_code error;
  return fs::equivalent(word, program, error) && !error;
}

// "#!/usr/bin/name", also by a link, and "#!/usr/bin/env name".
bool IsReadBy(const std::vector<std::string>& interpreter,
              const std::string& path, const std::set<std::string>& names) {
  if (interpreter.empty()) return false;
  if (IsFile(interpreter[0], path)) return true;
  return interpreter.size() > 1 && interpreter[0].ends_with("/env") &&
         names.contains(interpreter[1]);
}

bool IsShell(const std::vector<std::string>& interpreter) {
  static constexpr std::string_view kShells[] = {"sh", "bash", "dash", "ksh",
                                                 "zsh"};
  if (interpreter.empty()) return false;
  const bool by_env =
      interpreter[0].ends_with("/env") && interpreter.size() > 1;
  const std::string_view shell = by_env ? interpreter[1] : interpreter[0];
  const std::string_view name = shell.substr(shell.rfind('/') + 1);
  return std::ranges::find(kShells, name) != std::end(kShells);
}

void TakeCalls(const std::string& script, const std::set<std::string>& names,
               std::vector<ShownCommand>& calls) {
  const auto text = ReadFile(script, kScriptBytesMax);
  if (!text.ok()) return;
  for (const std::string& name : names) {
    for (ShownCommand& call : CommandsShownIn(*text, name, kCallsOfScriptMax)) {
      if (calls.size() >= kCallsInScriptsMax) return;
      if (std::ranges::find(calls, call) == calls.end()) {
        calls.push_back(std::move(call));
      }
    }
  }
}

}  // namespace

MachineScripts ScriptsAbout(const std::string& path,
                            const std::set<std::string>& names,
                            const ScriptPlaces& places) {
  MachineScripts found;
  const auto add_own = [&found](const std::string& script) {
    if (found.own.size() < kOwnScriptsMax) found.own.push_back(script);
  };
  for (const std::string& folder : places.shared) {
    for (const std::string& name : names) {
      for (const auto& file : FilesIn(Concat(folder, "/", name, "/examples"))) {
        if (!file.ends_with(".gz")) add_own(file);
      }
    }
  }
  for (const std::string& folder : places.programs) {
    for (const std::string& file : FilesIn(folder)) {
      const auto interpreter = InterpreterOf(file);
      if (IsReadBy(interpreter, path, names)) add_own(file);
      if (IsShell(interpreter)) TakeCalls(file, names, found.calls);
    }
  }
  return found;
}

}  // namespace formfuzz::campaign
