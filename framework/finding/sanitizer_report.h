// SPDX-License-Identifier: Apache-2.0
// Reads what a sanitizer printed: the name of the error and the frames.
#ifndef FORMFUZZ_FRAMEWORK_FINDING_SANITIZER_REPORT_H_
#define FORMFUZZ_FRAMEWORK_FINDING_SANITIZER_REPORT_H_

#include <string>
#include <string_view>
#include <vector>

namespace formfuzz {

struct SanitizerReport {
  std::string error;                // "heap-use-after-free"; may be empty
  std::vector<std::string> frames;  // "Function(args) at file.cc:12:3"
};

// Of the first stack in the report; frames of the sanitizer, of the engine
// and of formfuzz are left out, as are those below main.
SanitizerReport ReadSanitizerReport(std::string_view report);

// True for a function that is no part of the component: allocator, sanitizer,
// engine, framework, standard library.
bool IsForeignFrame(std::string_view function);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FINDING_SANITIZER_REPORT_H_
