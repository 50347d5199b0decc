// SPDX-License-Identifier: Apache-2.0
// Formats: "==1==ERROR: AddressSanitizer: KIND on …" and "#0 0x… in F file:1".
#include "framework/finding/sanitizer_report.h"

#include <algorithm>
#include <array>

#include "framework/base/text.h"

namespace formfuzz {
namespace {

constexpr size_t kFramesMax = 32;

std::string_view NextLine(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// What follows "ERROR: XSanitizer: ", up to the next space.
std::string_view ErrorIn(std::string_view line) {
  const size_t tool = line.find("Sanitizer: ");
  if (line.find("ERROR: ") == std::string_view::npos ||
      tool == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = line.substr(line.find(' ', tool) + 1);
  return rest.substr(0, rest.find(' '));
}

// "    #1 0x55 in f(int) /a/b.cc:12:3" gives "f(int) at /a/b.cc:12:3".
std::string FrameIn(std::string_view line) {
  const size_t number = line.find_first_not_of(' ');
  if (number == std::string_view::npos || line[number] != '#') return {};
  const size_t in = line.find(" in ");
  if (in == std::string_view::npos) return {};
  const std::string_view rest = line.substr(in + 4);
  // The place is the last word; names of functions may hold spaces.
  const size_t place = rest.rfind(' ');
  if (place == std::string_view::npos || rest[place + 1] == '(') {
    return std::string(rest.substr(0, place));
  }
  return Concat(rest.substr(0, place), " at ", rest.substr(place + 1));
}

bool IsFirstOfStack(std::string_view line) {
  const size_t at = line.find_first_not_of(' ');
  return at != std::string_view::npos && line.substr(at).starts_with("#0 ");
}

}  // namespace

bool IsForeignFrame(std::string_view function) {
  constexpr std::array<std::string_view, 23> kForeign = {
      "formfuzz::",     "fuzzer::",     "__asan",          "__sanitizer",
      "__interceptor",  "__ubsan",      "__lsan",          "std::",
      "__gnu_cxx::",    "operator new", "operator delete", "malloc",
      "free",           "calloc",       "realloc",         "LLVMFuzzer",
      "raise",          "abort",        "gsignal",         "pthread_kill",
      "__pthread_kill", "_start",       "__libc_start"};
  return function == "main" ||
         std::any_of(kForeign.begin(), kForeign.end(),
                     [&](std::string_view prefix) {
                       return function.starts_with(prefix);
                     });
}

SanitizerReport ReadSanitizerReport(std::string_view report) {
  SanitizerReport read;
  bool in_first_stack = false;
  while (!report.empty() && read.frames.size() < kFramesMax) {
    const std::string_view line = NextLine(report);
    if (read.error.empty()) read.error = std::string(ErrorIn(line));
    if (IsFirstOfStack(line)) {
      if (in_first_stack && !read.frames.empty()) break;
      in_first_stack = true;
    }
    const std::string frame = FrameIn(line);
    if (!frame.empty() && !IsForeignFrame(frame)) read.frames.push_back(frame);
  }
  return read;
}

}  // namespace formfuzz
