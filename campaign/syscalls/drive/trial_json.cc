// SPDX-License-Identifier: Apache-2.0
// A trial on disk. Bytes that are no text are written as base64.

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "campaign/syscalls/drive/trial.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

using Json = nlohmann::json;

std::string Encoded(const std::string& bytes) {
  return absl::Base64Escape(bytes);
}

std::string Decoded(const Json& text) {
  std::string bytes;
  absl::Base64Unescape(text.get<std::string>(), &bytes);
  return bytes;
}

std::vector<std::string> EncodedAll(const std::vector<std::string>& all) {
  std::vector<std::string> encoded;
  for (const std::string& one : all) encoded.push_back(Encoded(one));
  return encoded;
}

std::vector<std::string> DecodedAll(const Json& all) {
  std::vector<std::string> decoded;
  for (const Json& one : all) decoded.push_back(Decoded(one));
  return decoded;
}

Json JsonOf(const InputFile& file) {
  return {{"path", Encoded(file.path)},
          {"content", Encoded(file.content)},
          {"kind", static_cast<int>(file.kind)},
          {"mode", file.mode},
          {"size", file.size}};
}

InputFile FileOf(const Json& json) {
  InputFile file;
  file.path = Decoded(json.at("path"));
  file.content = Decoded(json.at("content"));
  file.kind = static_cast<FileKind>(json.at("kind").get<int>());
  file.mode = json.at("mode");
  file.size = json.at("size");
  return file;
}

Json JsonOf(const Trial& trial) {
  Json json = {{"arguments", EncodedAll(trial.arguments)},
               {"stdin", Encoded(trial.standard_input)},
               {"removed", EncodedAll(trial.removed_variables)},
               {"fixtures", EncodedAll(trial.fixtures)},
               {"stdin_kind", static_cast<int>(trial.stdin_kind)},
               {"stdout_kind", static_cast<int>(trial.stdout_kind)},
               {"variables", Json::array()},
               {"files", Json::array()},
               {"limits", trial.conditions.limits},
               {"refused", trial.refused},
               {"requests", EncodedAll(trial.requests)},
               {"signals", Json::array()}};
  for (const auto& [name, value] : trial.variables) {
    json["variables"].push_back({Encoded(name), Encoded(value)});
  }
  for (const InputFile& file : trial.files) {
    json["files"].push_back(JsonOf(file));
  }
  for (const TimedSignal& timed : trial.conditions.signals) {
    json["signals"].push_back({timed.signal, timed.after_us});
  }
  return json;
}

Trial Read(const Json& json) {
  Trial trial;
  trial.arguments = DecodedAll(json.at("arguments"));
  trial.standard_input = Decoded(json.at("stdin"));
  trial.removed_variables = DecodedAll(json.at("removed"));
  trial.fixtures = DecodedAll(json.at("fixtures"));
  trial.stdin_kind = static_cast<StdinKind>(json.at("stdin_kind").get<int>());
  trial.stdout_kind =
      static_cast<StdoutKind>(json.at("stdout_kind").get<int>());
  for (const Json& pair : json.at("variables")) {
    trial.variables.emplace_back(Decoded(pair.at(0)), Decoded(pair.at(1)));
  }
  for (const Json& file : json.at("files")) {
    trial.files.push_back(FileOf(file));
  }
  trial.conditions.limits = json.at("limits");
  trial.refused = json.at("refused");
  trial.requests = DecodedAll(json.value("requests", Json::array()));
  for (const Json& pair : json.at("signals")) {
    trial.conditions.signals.push_back({pair.at(0), pair.at(1)});
  }
  return trial;
}

}  // namespace

std::string ToJson(const Trial& trial) { return JsonOf(trial).dump(); }

absl::StatusOr<Trial> TrialOf(std::string_view json) {
  try {
    return Read(Json::parse(json));
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(
        Concat("not a saved run: ", error.what()));
  }
}

}  // namespace formfuzz::campaign
