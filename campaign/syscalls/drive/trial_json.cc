// SPDX-License-Identifier: Apache-2.0
// A trial on disk, for people to read as well: what is as usual is left out,
// and bytes are spelt as in profiles.

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "campaign/syscalls/drive/trial.h"
#include "campaign/syscalls/profile/json_fields.h"
#include "campaign/syscalls/profile/spelling.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kFormatName[] = "formfuzz-run";
constexpr uint64_t kVersion = 1;

constexpr std::array<std::string_view, kStdinKinds> kStdinNames = {
    "file", "pipe", "terminal", "closed", "nothing", "socket"};
constexpr std::array<std::string_view, kStdoutKinds> kStdoutNames = {
    "pipe",   "file", "terminal", "closed", "nothing", "terminal_for_both",
    "unread", "full"};
constexpr std::array<std::string_view, 6> kFileKinds = {
    "regular", "folder", "link", "hard_link", "fifo", "socket"};

void PutBytes(const char* name, const std::string& bytes, Json& json) {
  if (!bytes.empty()) json[name] = EscapeBytes(bytes);
}

void PutList(const char* name, const std::vector<std::string>& all,
             Json& json) {
  for (const std::string& one : all) json[name].push_back(EscapeBytes(one));
}

template <class Names, class Kind>
void PutKind(const char* name, const Names& names, Kind kind, Json& json) {
  if (kind != Kind{}) json[name] = names[static_cast<size_t>(kind)];
}

Json JsonOf(const InputFile& file) {
  Json json;
  json["path"] = EscapeBytes(file.path);
  PutBytes("content", file.content, json);
  PutKind("kind", kFileKinds, file.kind, json);
  if (file.mode != 0) json["mode"] = file.mode;
  if (file.size != 0) json["size"] = file.size;
  return json;
}

void PutConditions(const Conditions& conditions, Json& json) {
  for (const auto& [resource, value] : conditions.limits) {
    json["limits"].push_back({{"resource", resource}, {"value", value}});
  }
  for (const TimedSignal& timed : conditions.signals) {
    json["signals"].push_back(
        {{"signal", timed.signal}, {"after_us", timed.after_us}});
  }
}

// As the header has it in tables of names; what nobody knows is refused.
template <class Kind, class Names>
Kind KindIn(const JsonFields& fields, const char* name, const Names& names) {
  if (!fields.Has(name)) return Kind{};
  const std::string text = fields.String(name);
  for (size_t i = 0; i < names.size(); ++i) {
    if (text == names[i]) return static_cast<Kind>(i);
  }
  fields.Refuse(name, "a kind such as " + std::string(names[1]));
  return Kind{};
}

InputFile FileOf(const JsonFields& fields) {
  InputFile file;
  file.path = fields.Bytes("path");
  file.content = fields.Bytes("content");
  file.kind = KindIn<FileKind>(fields, "kind", kFileKinds);
  file.mode = static_cast<uint32_t>(fields.Number("mode"));
  file.size = fields.Number("size");
  return file;
}

void TakeConditions(const JsonFields& fields, Trial& trial) {
  fields.ForEach("limits", [&trial](const JsonFields& limit) {
    trial.conditions.limits.emplace_back(
        static_cast<int>(limit.Number("resource")), limit.Number("value"));
  });
  fields.ForEach("signals", [&trial](const JsonFields& timed) {
    trial.conditions.signals.push_back(
        {static_cast<int>(timed.Number("signal")),
         static_cast<uint32_t>(timed.Number("after_us"))});
  });
  fields.ForEach("refused", [&trial](const JsonFields& call) {
    trial.refused.emplace_back(static_cast<uint32_t>(call.Number("call")),
                               static_cast<int>(call.Number("error")));
  });
}

Trial Read(const JsonFields& fields) {
  Trial trial;
  trial.arguments = fields.BytesList("arguments");
  trial.standard_input = fields.Bytes("stdin");
  trial.removed_variables = fields.BytesList("removed");
  trial.fixtures = fields.BytesList("fixtures");
  trial.requests = fields.BytesList("requests");
  trial.stdin_kind = KindIn<StdinKind>(fields, "stdin_kind", kStdinNames);
  trial.stdout_kind = KindIn<StdoutKind>(fields, "stdout_kind", kStdoutNames);
  fields.ForEach("variables", [&trial](const JsonFields& variable) {
    trial.variables.emplace_back(variable.Bytes("name"),
                                 variable.Bytes("value"));
  });
  fields.ForEach("files", [&trial](const JsonFields& file) {
    trial.files.push_back(FileOf(file));
  });
  TakeConditions(fields, trial);
  return trial;
}

}  // namespace

std::string ToJson(const Trial& trial) {
  Json json;
  json["format"] = kFormatName;
  json["version"] = kVersion;
  PutList("arguments", trial.arguments, json);
  PutBytes("stdin", trial.standard_input, json);
  PutKind("stdin_kind", kStdinNames, trial.stdin_kind, json);
  PutKind("stdout_kind", kStdoutNames, trial.stdout_kind, json);
  for (const auto& [name, value] : trial.variables) {
    json["variables"].push_back(
        {{"name", EscapeBytes(name)}, {"value", EscapeBytes(value)}});
  }
  PutList("removed", trial.removed_variables, json);
  PutList("fixtures", trial.fixtures, json);
  for (const InputFile& file : trial.files) {
    json["files"].push_back(JsonOf(file));
  }
  PutConditions(trial.conditions, json);
  PutList("requests", trial.requests, json);
  for (const auto& [number, error] : trial.refused) {
    json["refused"].push_back({{"call", number}, {"error", error}});
  }
  return json.dump();
}

absl::StatusOr<Trial> TrialOf(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  absl::Status status;
  const JsonFields fields(&json, "", &status);
  const bool ours = fields.String("format") == kFormatName &&
                    fields.Number("version") == kVersion;
  if (!ours) {
    return absl::InvalidArgumentError(
        "not a saved run that this release reads: make the profile anew");
  }
  Trial trial = Read(fields);
  if (!status.ok()) {
    return absl::InvalidArgumentError(
        Concat("not a saved run: ", std::string(status.message())));
  }
  return trial;
}

}  // namespace formfuzz::campaign
