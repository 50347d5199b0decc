// SPDX-License-Identifier: Apache-2.0
// Reads profiles. Unknown fields are passed over, unknown words are not.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_split.h"
#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/profile/json_fields.h"
#include "campaign/syscalls/profile/profile_json.h"
#include "campaign/syscalls/profile/spelling.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

using Json = nlohmann::ordered_json;

Condition ReadCondition(const JsonFields& fields) {
  const uint64_t argument = fields.Number("argument");
  const auto compare = CompareOfSign(fields.String("compare"));
  if (argument >= kArgumentsMax) fields.Refuse("argument", "0 to 5");
  if (!compare) fields.Refuse("compare", "one of == != < <= > >=");
  return {.argument = static_cast<int>(argument % kArgumentsMax),
          .compare = compare.value_or(Compare::kEqual),
          .mask = fields.Has("mask") ? fields.Number("mask") : kWholeWord,
          .value = fields.Number("value")};
}

Clauses ReadArguments(const JsonFields& fields) {
  Clauses clauses;
  if (!fields.Has("arguments")) return clauses;
  const Json& any_of = fields.json()["arguments"];
  if (!any_of.is_array()) fields.Refuse("arguments", "a list of lists");
  for (size_t i = 0; any_of.is_array() && i < any_of.size(); ++i) {
    // A list has no name of its own: it is given one, to be read as a field.
    const Json clause = {{"all_of", any_of[i]}};
    Clause& all_of = clauses.emplace_back();
    fields.At(clause, Concat("arguments[", i, "]"))
        .ForEach("all_of", [&](const JsonFields& condition) {
          all_of.push_back(ReadCondition(condition));
        });
  }
  return clauses;
}

std::map<int, uint64_t> ReadResults(const JsonFields& fields) {
  std::map<int, uint64_t> results;
  fields.ForEachMember([&](const std::string& name, const Json& value) {
    const auto code = ErrnoOfName(name);
    if (!code) return fields.Refuse(name, "an error's name or number");
    if (!value.is_number_unsigned()) return fields.Refuse(name, "a count");
    results[*code] = value.get<uint64_t>();
  });
  return results;
}

uint8_t ReadPhases(const JsonFields& fields) {
  uint8_t phases = 0;
  const std::string text = fields.String("phases");
  for (const auto name : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    if (name == "loader") {
      phases |= kLoaderPhase;
    } else if (name == "startup") {
      phases |= kStartupPhase;
    } else if (name == "main") {
      phases |= kMainPhase;
    } else {
      fields.Refuse("phases", "of loader, startup and main");
    }
  }
  return phases;
}

// The value among the first `count` of an enumeration that has this name.
template <class Enum>
Enum ReadWord(const JsonFields& fields, const char* field, int count) {
  const std::string name = fields.String(field);
  std::string wanted;
  for (int i = 0; i < count; ++i) {
    const auto value = static_cast<Enum>(i);
    if (NameOf(value) == name) return value;
    wanted += (i == 0 ? "" : " or ") + NameOf(value);
  }
  fields.Refuse(field, wanted);
  return Enum{};
}

std::vector<std::pair<std::string, std::string>> ReadEnvironment(
    const JsonFields& fields) {
  std::vector<std::pair<std::string, std::string>> environment;
  fields.ForEach("environment", [&](const JsonFields& one) {
    const Json& pair = one.json();
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() ||
        !pair[1].is_string()) {
      return one.Refuse("", "[name, value]");
    }
    environment.emplace_back(UnescapeBytes(pair[0].get<std::string>()),
                             UnescapeBytes(pair[1].get<std::string>()));
  });
  return environment;
}

Evidence ReadEvidence(const JsonFields& fields) {
  Evidence evidence;
  evidence.command = fields.BytesList("command");
  evidence.environment = ReadEnvironment(fields);
  fields.ForEach("inputs", [&](const JsonFields& input) {
    evidence.inputs.push_back({.path = input.Bytes("path"),
                               .digest = input.String("digest"),
                               .bytes = input.Number("bytes"),
                               .text = input.Bytes("text")});
  });
  evidence.circumstances = fields.Bytes("circumstances");
  evidence.first_run = fields.Number("first_run");
  evidence.runs = fields.Number("runs");
  evidence.module = fields.Bytes("module");
  evidence.offset = fields.Number("offset");
  evidence.stack = fields.BytesList("stack");
  return evidence;
}

ProfileEntry ReadEntry(const JsonFields& fields) {
  constexpr uint64_t kNumberMax = 0x7fffffff;
  ProfileEntry entry;
  const auto arch = ArchOfName(fields.String("arch"));
  if (!arch) fields.Refuse("arch", "an architecture such as x86_64");
  entry.arch = arch.value_or(kArchX86_64);
  const uint64_t number = fields.Number("number");
  if (!fields.Has("number") || number > kNumberMax) {
    fields.Refuse("number", "a system call's number");
  }
  entry.number = static_cast<int>(number & kNumberMax);
  entry.name = fields.Bytes("name");
  if (entry.name.empty()) entry.name = NameOfCall(entry.arch, entry.number);
  entry.presence = ReadWord<Presence>(fields, "presence", 4);
  entry.need = ReadWord<Need>(fields, "need", 4);
  entry.phases = ReadPhases(fields);
  entry.reason = fields.Bytes("reason");
  entry.arguments = ReadArguments(fields);
  entry.results = ReadResults(fields.Object("results"));
  entry.evidence = ReadEvidence(fields.Object("evidence"));
  return entry;
}

ProfiledService ReadService(const JsonFields& fields) {
  constexpr uint64_t kSignalMax = 64;
  ProfiledService service;
  service.at = fields.Bytes("at");
  service.peer = fields.BytesList("peer");
  if (!fields.Has("stop_signal")) return service;
  const uint64_t signal = fields.Number("stop_signal");
  if (signal == 0 || signal > kSignalMax)
    fields.Refuse("stop_signal", "1 to 64");
  service.stop_signal = static_cast<int>(signal % (kSignalMax + 1));
  return service;
}

CampaignNumbers ReadCampaign(const JsonFields& fields) {
  CampaignNumbers numbers;
  numbers.runs = fields.Number("runs");
  numbers.seconds = fields.Real("seconds");
  numbers.runs_since_new = fields.Number("runs_since_new");
  numbers.seconds_since_new = fields.Real("seconds_since_new");
  numbers.counted_runs = fields.Number("counted_runs");
  numbers.seen_once = fields.Number("seen_once");
  if (fields.Has("residual")) numbers.residual = fields.Real("residual");
  numbers.stopped_by = fields.Bytes("stopped_by");
  fields.ForEach("discovery", [&](const JsonFields& point) {
    numbers.discovery.push_back({.runs = point.Number("runs"),
                                 .seconds = point.Real("seconds"),
                                 .calls = point.Number("calls"),
                                 .items = point.Number("items")});
  });
  return numbers;
}

absl::Status CheckVersion(const JsonFields& fields) {
  if (fields.String("format") != kProfileFormat) {
    return absl::InvalidArgumentError(
        Concat("format: want \"", kProfileFormat, "\""));
  }
  const uint64_t version = fields.Number("version");
  if (version == kProfileVersion) return absl::OkStatus();
  return absl::InvalidArgumentError(
      Concat("the profile has version ", version, " and this program reads ",
             kProfileVersion,
             ": make it anew, or take the program's release "
             "that wrote it"));
}

}  // namespace

absl::StatusOr<Profile> ReadProfileJson(std::string_view json) {
  const Json parsed = Json::parse(json, nullptr, false);
  if (parsed.is_discarded()) {
    return absl::InvalidArgumentError("the profile is not JSON");
  }
  absl::Status status;
  const JsonFields fields(&parsed, "", &status);
  const absl::Status version = CheckVersion(fields);
  if (!status.ok() || !version.ok()) return status.ok() ? version : status;
  Profile profile;
  profile.command = fields.BytesList("command");
  profile.environment = ReadEnvironment(fields);
  profile.program = fields.Bytes("program");
  profile.program_digest = fields.String("program_digest");
  profile.kernel = fields.Bytes("kernel");
  profile.machine = fields.Bytes("machine");
  profile.libc = fields.Bytes("libc");
  profile.made_at = fields.String("made_at");
  profile.service = ReadService(fields.Object("service"));
  fields.ForEach("entries", [&](const JsonFields& entry) {
    profile.entries.push_back(ReadEntry(entry));
  });
  profile.notes = fields.BytesList("notes");
  profile.campaign = ReadCampaign(fields.Object("campaign"));
  profile.corpus = fields.Bytes("corpus");
  if (!status.ok()) return status;
  Sort(profile);
  return profile;
}

bool LooksLikeProfile(std::string_view content) {
  // The first field, whatever the white space around it.
  constexpr size_t kHeadBytes = 200;
  return content.substr(0, kHeadBytes).find(kProfileFormat) !=
         std::string_view::npos;
}

absl::StatusOr<Profile> ReadProfile(const std::string& path) {
  const auto content = ReadFile(path, kProfileFileSizeMax);
  if (!content.ok()) return content.status();
  auto profile = ReadProfileJson(*content);
  if (profile.ok()) return profile;
  return absl::InvalidArgumentError(
      Concat("reading the profile ", path, ": ",
             std::string(profile.status().message())));
}

}  // namespace formfuzz::campaign
