// SPDX-License-Identifier: Apache-2.0
// Signatures and the JSON of findings.
#include "framework/finding/finding.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "framework/base/clock.h"
#include "framework/base/digest.h"
#include "framework/base/text.h"

namespace formfuzz {
namespace {

constexpr size_t kSignatureFrames = 3;

bool IsCrash(VerdictKind kind) {
  return kind == VerdictKind::kCrashed || kind == VerdictKind::kHung ||
         kind == VerdictKind::kLeaked;
}

// "Name(int) file.cc:12:3" without the place: lines move, functions stay.
std::string_view FunctionOf(std::string_view frame) {
  return frame.substr(0, frame.find(" at "));
}

}  // namespace

std::string SignatureOf(const Finding& finding) {
  Digest digest;
  digest.Add(NameOf(finding.verdict.kind)).Add(finding.verdict.validator);
  if (!IsCrash(finding.verdict.kind) || finding.frames.empty()) {
    digest.Add(finding.step_name).Add(finding.outcome);
    return ToHex(digest.value());
  }
  const size_t count = std::min(kSignatureFrames, finding.frames.size());
  for (size_t i = 0; i < count; ++i) digest.Add(FunctionOf(finding.frames[i]));
  return ToHex(digest.value());
}

std::string FolderNameOf(const Finding& finding) {
  return Concat(NameOf(finding.verdict.kind), "-", SignatureOf(finding));
}

std::string FindingToJson(const Finding& finding) {
  using Json = nlohmann::ordered_json;
  Json json;
  json["schema_version"] = kFindingSchemaVersion;
  json["target"] = finding.target;
  json["kind"] = NameOf(finding.verdict.kind);
  json["validator"] = finding.verdict.validator;
  json["signature"] = SignatureOf(finding);
  json["message"] = finding.verdict.message;
  json["step"] = finding.verdict.step + 1;
  json["step_name"] = finding.step_name;
  json["outcome"] = finding.outcome;
  json["frames"] = finding.frames;
  json["input_bytes"] = finding.input.size();
  json["input_digest"] = ToHex(DigestOf(finding.input));
  json["schema_digest"] = ToHex(finding.schema_digest);
  json["found_at_ms"] = WallClockMs();
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace formfuzz
