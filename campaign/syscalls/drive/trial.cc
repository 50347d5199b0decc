// SPDX-License-Identifier: Apache-2.0
// From a trial to what an executor takes.

#include "campaign/syscalls/drive/trial.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <set>

#include "campaign/loop/triage/failure.h"
#include "campaign/syscalls/drive/fixtures.h"
#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/names/call_names.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

bool IsBelow(const std::string& path, const std::string& folder) {
  return path.size() > folder.size() && path.starts_with(folder) &&
         path[folder.size()] == '/';
}

// The place is taken: by a file, or by a folder that is made for what it holds.
bool IsInTheWay(const InputFile& own, const InputFile& file) {
  return own.path == file.path || IsBelow(own.path, file.path) ||
         (IsBelow(file.path, own.path) && own.kind != FileKind::kFolder);
}

void Add(const Fixture* fixture, std::set<std::string>& made,
         std::vector<InputFile>& files) {
  if (fixture == nullptr || !made.insert(fixture->name).second) return;
  for (const InputFile& file : fixture->files) {
    const bool in_the_way = std::ranges::any_of(
        files, [&](const InputFile& own) { return IsInTheWay(own, file); });
    if (!in_the_way) files.push_back(file);
  }
}

bool HasVariable(const Trial& trial, std::string_view name) {
  return std::ranges::any_of(trial.variables, [name](const auto& variable) {
    return variable.first == name;
  });
}

std::string_view LimitName(int limit) {
  switch (limit) {
    case RLIMIT_NOFILE:
      return "descriptors";
    case RLIMIT_FSIZE:
      return "bytes of a file";
    case RLIMIT_AS:
      return "bytes of memory";
    case RLIMIT_STACK:
      return "bytes of stack";
    case RLIMIT_NPROC:
      return "processes";
    default:
      return "resource limit";
  }
}

std::string_view NameOf(StdinKind kind) {
  static constexpr std::string_view kNames[] = {"",
                                                "stdin is a pipe",
                                                "stdin is a terminal",
                                                "stdin is closed",
                                                "stdin is /dev/null",
                                                "stdin is a socket"};
  return kNames[static_cast<size_t>(kind)];
}

std::string_view NameOf(StdoutKind kind) {
  static constexpr std::string_view kNames[] = {
      "",
      "stdout is a file",
      "stdout is a terminal",
      "stdout is closed",
      "stdout is /dev/null",
      "stdout and stderr are a terminal",
      "nobody reads stdout",
      "stdout is /dev/full"};
  return kNames[static_cast<size_t>(kind)];
}

std::pair<std::string, std::string> Locale() { return {"LANG", "C.UTF-8"}; }

std::pair<std::string, std::string> MappedBlocks() {
  return {"GLIBC_TUNABLES", "glibc.malloc.mmap_threshold=1"};
}

// Each half, then one after the other.
void AddWithFewerFiles(const Trial& trial, std::vector<Trial>& simpler) {
  const auto size = static_cast<std::ptrdiff_t>(trial.files.size());
  const auto without = [&](std::ptrdiff_t from, std::ptrdiff_t to) {
    auto& files = simpler.emplace_back(trial).files;
    files.erase(files.begin() + from, files.begin() + to);
  };
  if (size > 3) {
    without(0, size / 2);
    without(size / 2, size);
  }
  for (std::ptrdiff_t i = 0; i < size; ++i) without(i, i + 1);
}

}  // namespace

std::vector<InputFile> Trial::Files() const {
  std::vector<InputFile> made = files;
  std::set<std::string> names;
  for (const std::string& word : arguments) {
    Add(FixtureIn(word), names, made);
  }
  for (const std::string& name : fixtures) Add(FixtureIn(name), names, made);
  for (const auto& [name, value] : variables) {
    Add(FixtureIn(value), names, made);
  }
  return made;
}

std::vector<std::pair<std::string, std::string>> UsualVariables() {
  return {{"LANG", "C"}};
}

void AddLocale(Trial& trial) {
  if (HasVariable(trial, "LANG") || HasVariable(trial, "LC_ALL")) return;
  trial.variables.push_back(Locale());
}

void AddMappedBlocks(Trial& trial) {
  if (HasVariable(trial, "GLIBC_TUNABLES")) return;
  trial.variables.push_back(MappedBlocks());
}

void TakeOutVariations(Trial& trial) {
  std::erase(trial.variables, Locale());
  std::erase(trial.variables, MappedBlocks());
}

ProgramInput Trial::Input() const {
  ProgramInput input;
  input.bytes = AsBytes(standard_input);
  input.arguments = arguments;
  input.files = Files();
  input.environment = variables;
  input.removed_variables = removed_variables;
  input.conditions = conditions;
  input.requests = requests;
  input.stdin_kind = stdin_kind;
  input.stdout_kind = stdout_kind;
  return input;
}

bool Trial::ConcernsLoader() const {
  return std::ranges::any_of(variables, [](const auto& variable) {
    return variable.first.starts_with("LD_") ||
           variable.first.starts_with("GLIBC_") ||
           variable.first.starts_with("MALLOC_");
  });
}

std::string CircumstancesOf(const Trial& trial) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    if (part.empty()) return;
    if (!text.empty()) text += ", ";
    text += part;
  };
  add(std::string(NameOf(trial.stdin_kind)));
  add(std::string(NameOf(trial.stdout_kind)));
  for (const std::string& name : trial.removed_variables) {
    add(Concat("without ", name));
  }
  for (const auto& [limit, value] : trial.conditions.limits) {
    add(Concat("at most ", value, " ", LimitName(limit)));
  }
  for (const TimedSignal& timed : trial.conditions.signals) {
    add(Concat(SignalName(timed.signal), " after ", timed.after_us, " us"));
  }
  for (const auto& [number, error] : trial.refused) {
    add(Concat(NameOfCall(NativeArch(), static_cast<int>(number)),
               " fails with ", strerrorname_np(error)));
  }
  return text;
}

std::vector<Trial> Simplified(const Trial& trial) {
  std::vector<Trial> simpler;
  const auto without = [&](auto change) {
    simpler.push_back(trial);
    change(simpler.back());
  };
  // All of a list, then one after the other.
  const auto without_of = [&](const auto& list_of) {
    const size_t size = list_of(simpler.emplace_back(trial)).size();
    list_of(simpler.back()).clear();
    if (size == 0) simpler.pop_back();
    for (size_t i = 0; size > 1 && i < size; ++i) {
      auto& list = list_of(simpler.emplace_back(trial));
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
    }
  };
  without_of([](Trial& one) -> auto& { return one.conditions.limits; });
  without_of([](Trial& one) -> auto& { return one.conditions.signals; });
  without_of([](Trial& one) -> auto& { return one.variables; });
  without_of([](Trial& one) -> auto& { return one.removed_variables; });
  if (trial.stdin_kind != StdinKind::kFile) {
    without([](Trial& one) { one.stdin_kind = StdinKind::kFile; });
  }
  if (trial.stdout_kind != StdoutKind::kPipe) {
    without([](Trial& one) { one.stdout_kind = StdoutKind::kPipe; });
  }
  if (!trial.standard_input.empty()) {
    without([](Trial& one) { one.standard_input.clear(); });
    without([](Trial& one) {
      one.standard_input.resize(one.standard_input.size() / 2);
    });
  }
  for (size_t i = 0; i < trial.arguments.size(); ++i) {
    without([i](Trial& one) {
      one.arguments.erase(one.arguments.begin() +
                          static_cast<std::ptrdiff_t>(i));
    });
  }
  if (trial.requests.size() > 1) {
    without([](Trial& one) { one.requests.clear(); });
    for (size_t i = 0; i < trial.requests.size(); ++i) {
      without([i](Trial& one) { one.requests = {one.requests[i]}; });
    }
  }
  AddWithFewerFiles(trial, simpler);
  return simpler;
}

}  // namespace formfuzz::campaign
