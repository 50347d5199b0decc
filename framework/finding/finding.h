// SPDX-License-Identifier: Apache-2.0
// A verdict made durable: what failed, its evidence, and the signature that
// tells it from others.
#ifndef FORMFUZZ_FRAMEWORK_FINDING_FINDING_H_
#define FORMFUZZ_FRAMEWORK_FINDING_FINDING_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "framework/validate/verdict.h"

namespace formfuzz {

inline constexpr int kFindingSchemaVersion = 1;

struct Finding {
  std::string target;
  Verdict verdict;
  std::string step_name;            // the kind of the failing step, or empty
  std::string outcome;              // what that step came to, if it returned
  std::vector<std::string> frames;  // innermost first, the component's first
  uint64_t schema_digest = 0;       // of the recipe that made it
  std::string input;                // the bytes
  std::string scenario;             // as text
  std::string trace;                // as text, the failing step marked
  std::string report;               // what a sanitizer printed, or the message
  std::string reproducer = {};  // the scenario as a test in C++; may be empty
  // More files of the folder: name and content.
  std::vector<std::pair<std::string, std::string>> attachments = {};
};

// Sixteen hexadecimal digits from: the kind; the validator; for rules the
// failing step and its outcome, for crashes the innermost three frames.
std::string SignatureOf(const Finding& finding);

// "violated-0123456789abcdef": the name of its folder.
std::string FolderNameOf(const Finding& finding);

// What finding.json holds; docs/finding.md has the schema.
std::string FindingToJson(const Finding& finding);

// Writes <parent>/<FolderNameOf>/ with input, scenario.txt, trace.txt,
// stderr.txt, finding.json, reproducer_test.cc and what is attached: all of it,
// on disk, or nothing. A finding that is there already keeps its files and gets
// the time of now. Returns the path.
absl::StatusOr<std::string> WriteFinding(const Finding& finding,
                                         const std::string& parent);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FINDING_FINDING_H_
