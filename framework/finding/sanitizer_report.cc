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

// What follows "ERROR: XSanitizer: ", or MemorySanitizer's "WARNING: …", up to
// the next space. "attempting double-free on …" is a double-free.
std::string_view ErrorIn(std::string_view line) {
  const size_t tool = line.find("Sanitizer: ");
  const bool error =
      line.find("ERROR: ") != std::string_view::npos ||
      line.find("WARNING: MemorySanitizer: ") != std::string_view::npos;
  if (!error || tool == std::string_view::npos) return {};
  constexpr std::string_view kAttempting = "attempting ";
  std::string_view rest = line.substr(line.find(' ', tool) + 1);
  if (rest.starts_with(kAttempting)) rest.remove_prefix(kAttempting.size());
  return rest.substr(0, rest.find(' '));
}

// "    #1 0x55 in f(int) /a/b.cc:12:3" gives "f(int) at /a/b.cc:12:3".
std::string FrameIn(std::string_view line) {
  const size_t number = line.find_first_not_of(' ');
  if (number == std::string_view::npos || line[number] != '#') return {};
  const size_t in = line.find(" in ");
  if (in == std::string_view::npos) return {};
  const std::string_view rest = line.substr(in + 4);
  // "f(int) (/a/b+0x1) (BuildId: …)": a module's build is no part of a frame.
  const size_t module = rest.find(" (/");
  if (module != std::string_view::npos) {
    return std::string(rest.substr(0, module));
  }
  // Names of functions and of folders may hold spaces: a place that does not
  // begin with the root is the last word.
  const size_t rooted = rest.find(" /");
  const size_t place = rooted != rest.npos ? rooted : rest.rfind(' ');
  if (place == std::string_view::npos) return std::string(rest);
  return Concat(rest.substr(0, place), " at ", rest.substr(place + 1));
}

bool IsFirstOfStack(std::string_view line) {
  const size_t at = line.find_first_not_of(' ');
  return at != std::string_view::npos && line.substr(at).starts_with("#0 ");
}

// "auto ns::F<int>(int) const" gives "ns::F": what is templated is printed
// with its result, and both may name other namespaces.
std::string PlainName(std::string_view function) {
  constexpr std::string_view kAnonymous = "(anonymous namespace)";
  std::string name;
  int depth = 0;
  for (size_t i = 0; i < function.size(); ++i) {
    const char c = function[i];
    if (function.substr(i).starts_with(kAnonymous)) {
      i += kAnonymous.size() - 1;
    } else if (c == '<') {
      ++depth;
    } else if (c == '>' && depth > 0) {
      --depth;
    } else if (depth == 0 && c == '(') {
      break;
    } else if (depth == 0) {
      c == ' ' ? name.clear() : name.push_back(c);
    }
  }
  return name;
}

}  // namespace

bool IsForeignFrame(std::string_view frame) {
  constexpr std::array<std::string_view, 14> kBeginnings = {
      "formfuzz::",     "fuzzer::", "absl::",      "__asan",
      "__sanitizer",    "__lsan",   "__ubsan",     "__interceptor",
      "___interceptor", "std::",    "__gnu_cxx::", "LLVMFuzzer",
      "__libc_start",   "__GI_"};
  constexpr std::array<std::string_view, 14> kNames = {
      "main",         "malloc",
      "free",         "calloc",
      "realloc",      "raise",
      "abort",        "exit",
      "pthread_kill", "__pthread_kill",
      "_start",       "backtrace",
      "gsignal",      "__pthread_kill_implementation"};
  const std::string_view function = frame.substr(0, frame.find(" at "));
  const auto begins = [&](std::string_view beginning) {
    return function.starts_with(beginning);
  };
  if (begins("operator new") || begins("operator delete")) return true;
  // What the symbolizer could not demangle.
  if (begins("_ZN8formfuzz") || begins("_ZNK8formfuzz") ||
      begins("_ZZN8formfuzz") || begins("_ZZNK8formfuzz")) {
    return true;
  }
  const std::string name = PlainName(function);
  return std::ranges::find(kNames, name) != kNames.end() ||
         std::ranges::any_of(kBeginnings, [&](std::string_view beginning) {
           return std::string_view(name).starts_with(beginning);
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
