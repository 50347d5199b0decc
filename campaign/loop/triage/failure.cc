// SPDX-License-Identifier: Apache-2.0
// Naming failures.
#include "campaign/loop/triage/failure.h"

#include <string.h>

#include <algorithm>

#include "framework/base/digest.h"
#include "framework/base/text.h"
#include "framework/finding/sanitizer_report.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kFramesLike = 3;
constexpr size_t kSaidMax = 200;

// The last line with something in it.
std::string_view LastLine(std::string_view text) {
  const size_t end = text.find_last_not_of(" \r\n\t");
  if (end == std::string_view::npos) return {};
  text = text.substr(0, end + 1);
  const size_t start = text.rfind('\n');
  return start == std::string_view::npos ? text : text.substr(start + 1);
}

// Without what differs from run to run: numbers, addresses.
std::string FormOf(std::string_view line) {
  std::string form;
  for (const char c : line.substr(0, kSaidMax)) {
    const bool digit = c >= '0' && c <= '9';
    const char kept = digit ? '0' : (c >= ' ' && c <= '~') ? c : '?';
    if (!digit || form.empty() || form.back() != '0') form += kept;
  }
  return form;
}

uint64_t EdgesOf(std::span<const uint8_t> coverage) {
  Digest digest;
  bool any = false;
  for (size_t i = 0; i < coverage.size(); ++i) {
    if (coverage[i] == 0) continue;
    digest.Add(i);
    any = true;
  }
  return any ? digest.value() : 0;
}

// The line that holds `mark`, from there on; empty if there is none.
std::string_view LineFrom(std::string_view text, std::string_view mark) {
  const size_t at = text.find(mark);
  if (at == std::string_view::npos) return {};
  return text.substr(at, text.find('\n', at) - at);
}

// "a.c:3:5: runtime error: division by zero": where tells defects apart.
bool ReadUndefined(std::string_view errors, Failure& failure) {
  constexpr std::string_view kMark = ": runtime error: ";
  const std::string_view said = LineFrom(errors, kMark);
  if (said.empty()) return false;
  const auto mark = static_cast<size_t>(said.data() - errors.data());
  const std::string_view before = errors.substr(0, mark);
  const size_t start = before.rfind('\n') + 1;  // 0 if there is none
  failure.what = "undefined-behavior";
  failure.frames.assign(1, std::string(before.substr(start)));
  failure.message =
      Concat(said.substr(kMark.size()), " at ", before.substr(start));
  return true;
}

// An entry is no function of their own to those who wrote what it calls; of a
// program it may be all there is. Its place stays: many defects may be in it.
std::string FrameOfEntry(std::string_view errors) {
  for (const std::string_view name : {"LLVMFuzzerTestOneInput", "main"}) {
    const std::string mark = Concat(" in ", name, " ");
    std::string_view place = LineFrom(errors, mark);
    if (place.empty()) continue;
    place = place.substr(mark.size());
    const bool module = place.starts_with('(');
    if (module) place = place.substr(1, place.find(')') - 1);
    return Concat(name, " ", place.substr(place.rfind('/') + 1));
  }
  return "";
}

std::string EndOf(const Execution& execution) {
  if (execution.kind == ExitKind::kOutOfMemory) return "out of memory";
  if (execution.kind == ExitKind::kTooMany) return kTooManyProcesses;
  if (execution.signal != 0) return SignalName(execution.signal);
  return Concat("exit ", execution.code);
}

void ReadReport(const Execution& execution, Failure& failure) {
  SanitizerReport report = ReadSanitizerReport(execution.errors);
  const bool sanitized = execution.kind == ExitKind::kSanitizer;
  if (report.error.empty() && sanitized &&
      ReadUndefined(execution.errors, failure)) {
    return;
  }
  failure.frames = std::move(report.frames);
  if (report.error.empty()) return;
  failure.what = report.error;
  const std::string entry = FrameOfEntry(execution.errors);
  if (failure.frames.empty() && !entry.empty()) {
    failure.frames.push_back(entry);
  }
  if (!failure.frames.empty()) {
    failure.message = Concat("in ", failure.frames[0]);
  }
}

}  // namespace

std::string SignalName(int signal) {
  const char* const name = sigabbrev_np(signal);
  return name == nullptr ? Concat("signal ", signal) : Concat("SIG", name);
}

uint64_t Failure::Likeness() const {
  Digest digest;
  digest.Add(hung ? 1 : 0).Add(what).Add(said);
  const size_t count = std::min(kFramesLike, frames.size());
  for (size_t i = 0; i < count; ++i) {
    digest.Add(std::string_view(frames[i]).substr(0, frames[i].find(" at ")));
  }
  return digest.value();
}

Failure FailureOf(const Execution& execution, uint64_t timeout_ms) {
  Failure failure;
  failure.hung = !execution.crashed;
  failure.code = execution.code;
  failure.signal = execution.signal;
  failure.errors = std::string(execution.errors);
  failure.output = std::string(execution.output);
  if (failure.hung) {
    failure.what = "time limit";
    failure.message = Concat("did not end within ", timeout_ms, " ms");
    return failure;
  }
  failure.message = ToString(execution);
  ReadReport(execution, failure);
  if (failure.what.empty()) failure.what = EndOf(execution);
  if (!failure.frames.empty()) return failure;
  const std::string_view last = LastLine(execution.errors);
  failure.said = FormOf(last);
  failure.edges = EdgesOf(execution.coverage);
  if (!last.empty()) {
    failure.message += Concat("; it said last: ", last.substr(0, kSaidMax));
  }
  return failure;
}

}  // namespace formfuzz::campaign
