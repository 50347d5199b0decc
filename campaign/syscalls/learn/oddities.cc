// SPDX-License-Identifier: Apache-2.0
// What a learner says besides the calls: what its runs cannot vouch for, and
// what the code could do.

#include <sys/syscall.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "campaign/process/child.h"
#include "campaign/process/wire/fork_messages.h"
#include "campaign/syscalls/code/named_libraries.h"
#include "campaign/syscalls/learn/learner.h"
#include "campaign/syscalls/names/arch.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

std::string InterpreterOf(const std::string& script) {
  constexpr size_t kScriptBytesMax = 64 << 20;
  const auto text = ReadFile(script, kScriptBytesMax);
  if (!text.ok()) return "an interpreter";
  const std::string first = text->substr(0, text->find('\n'));
  const size_t begin = first.find_first_not_of(" \t", 2);
  if (begin == first.npos) return "an interpreter";
  return first.substr(begin, first.find_first_of(" \t\r", begin) - begin);
}

}  // namespace

void Learner::AddNote(const std::string& note) {
  if (std::ranges::find(notes_, note) == notes_.end()) notes_.push_back(note);
}

void Learner::NoteNoTime(const std::string& what) {
  if (Interrupted()) return;
  AddNote(Concat("no time to ", what, ": a longer --time gives more"));
}

// Of a script, what is profiled is the program that reads it.
void Learner::NoteKind() {
  if (program_.privileged) {
    AddNote(
        "it is setuid or setgid, and was run without these rights: what it "
        "does with them is not seen here");
  }
  if (!program_.script) return;
  interpreter_ = InterpreterOf(program_.path);
  AddNote(Concat("it is a script, and the calls are those of ", interpreter_,
                 ", which runs it, and of what it starts"));
}

// What a profile made by watching cannot vouch for.
void Learner::NoteOddities(std::span<const Note> notes) {
  for (const Note& note : notes) {
    if (ArchOfCall(note.call.arch, static_cast<int>(note.call.number)) !=
        NativeArch()) {
      AddNote(Concat("calls of another architecture were made (",
                     NameOfArch(ArchOfCall(note.call.arch,
                                           static_cast<int>(note.call.number))),
                     ")"));
      continue;
    }
    const bool filters =
        note.call.number == SYS_seccomp ||
        (note.call.number == SYS_prctl && note.call.arguments[0] == 22);
    if (filters) {
      AddNote(
          "the program sandboxes itself: calls that its own filter refuses "
          "are not seen here");
    }
    if (note.call.number == SYS_io_uring_setup) {
      AddNote(
          "the program uses io_uring, which reads, writes and connects "
          "without the calls of these names");
    }
  }
}

absl::StatusOr<ReachedCalls> Learner::LookAtCode() {
  std::vector<std::string> files = {program_.script ? interpreter_
                                                    : program_.path};
  if (program_.dynamic || program_.script) {
    Trial listing;
    listing.variables = {{"LD_TRACE_LOADED_OBJECTS", "1"}};
    const auto look = LookAt(listing);
    if (!look.ok()) return look.status();
    for (std::string& library : LibrariesIn(look->execution.output)) {
      // What we preload is none of the program's, and its name here another
      // file's.
      if (library == kLibraryPath || !std::filesystem::exists(library))
        continue;
      files.push_back(std::move(library));
    }
  }
  auto calls = CallsReachedFrom(files);
  if (!calls.ok() || !calls->loads_more) return calls;
  std::vector<std::string> loaded = LibrariesNamedIn(files);
  if (loaded.empty()) return calls;
  calls = CallsReachedFrom(files, loaded);
  if (calls.ok()) calls->loaded = std::move(loaded);
  return calls;
}

}  // namespace formfuzz::campaign
