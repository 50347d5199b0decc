// SPDX-License-Identifier: Apache-2.0
// Writes profiles. Reading is in profile_json_read.cc, in the same order.

#include "campaign/syscalls/profile/profile_json.h"

#include <nlohmann/json.hpp>

#include "campaign/syscalls/profile/spelling.h"
#include "framework/base/file.h"

namespace formfuzz::campaign {
namespace {

using Json = nlohmann::ordered_json;

Json WordsJson(const std::vector<std::string>& words) {
  Json list = Json::array();
  for (const std::string& word : words) list.push_back(EscapeBytes(word));
  return list;
}

using Variables = std::vector<std::pair<std::string, std::string>>;

Json EnvironmentJson(const Variables& environment) {
  Json list = Json::array();
  for (const auto& [name, value] : environment) {
    list.push_back({EscapeBytes(name), EscapeBytes(value)});
  }
  return list;
}

Json ArgumentsJson(const Clauses& clauses) {
  Json any_of = Json::array();
  for (const Clause& clause : clauses) {
    Json all_of = Json::array();
    for (const Condition& condition : clause) {
      Json one;
      one["argument"] = condition.argument;
      one["mask"] = HexOf(condition.mask);
      one["compare"] = SignOf(condition.compare);
      one["value"] = HexOf(condition.value);
      all_of.push_back(std::move(one));
    }
    any_of.push_back(std::move(all_of));
  }
  return any_of;
}

Json InputJson(const InputReference& input) {
  Json json;
  json["path"] = EscapeBytes(input.path);
  json["digest"] = input.digest;
  json["bytes"] = input.bytes;
  if (!input.text.empty()) json["text"] = EscapeBytes(input.text);
  return json;
}

Json EvidenceJson(const Evidence& evidence) {
  Json json;
  json["command"] = WordsJson(evidence.command);
  if (!evidence.environment.empty()) {
    json["environment"] = EnvironmentJson(evidence.environment);
  }
  for (const InputReference& input : evidence.inputs) {
    json["inputs"].push_back(InputJson(input));
  }
  if (!evidence.circumstances.empty()) {
    json["circumstances"] = EscapeBytes(evidence.circumstances);
  }
  json["first_run"] = evidence.first_run;
  json["runs"] = evidence.runs;
  if (!evidence.module.empty()) {
    json["module"] = EscapeBytes(evidence.module);
    json["offset"] = HexOf(evidence.offset);
  }
  if (!evidence.stack.empty()) json["stack"] = WordsJson(evidence.stack);
  return json;
}

Json ResultsJson(const std::map<int, uint64_t>& results) {
  Json json = Json::object();
  for (const auto& [code, count] : results) json[NameOfErrno(code)] = count;
  return json;
}

Json EntryJson(const ProfileEntry& entry) {
  Json json;
  json["name"] = EscapeBytes(entry.name);
  json["arch"] = NameOfArch(entry.arch);
  json["number"] = entry.number;
  json["presence"] = NameOf(entry.presence);
  json["need"] = NameOf(entry.need);
  json["phases"] = PhasesText(entry.phases);
  if (!entry.reason.empty()) json["reason"] = EscapeBytes(entry.reason);
  if (!entry.arguments.empty()) {
    json["arguments"] = ArgumentsJson(entry.arguments);
  }
  if (!entry.results.empty()) json["results"] = ResultsJson(entry.results);
  if (entry.presence == Presence::kSeen) {
    json["evidence"] = EvidenceJson(entry.evidence);
  }
  return json;
}

Json ServiceJson(const ProfiledService& service) {
  Json json;
  json["at"] = EscapeBytes(service.at);
  if (!service.peer.empty()) json["peer"] = WordsJson(service.peer);
  json["stop_signal"] = service.stop_signal;
  return json;
}

Json CampaignJson(const CampaignNumbers& campaign) {
  Json json;
  json["runs"] = campaign.runs;
  json["seconds"] = campaign.seconds;
  json["runs_since_new"] = campaign.runs_since_new;
  json["seconds_since_new"] = campaign.seconds_since_new;
  json["counted_runs"] = campaign.counted_runs;
  json["seen_once"] = campaign.seen_once;
  json["residual"] = campaign.residual;
  json["stopped_by"] = EscapeBytes(campaign.stopped_by);
  Json& discovery = json["discovery"] = Json::array();
  for (const DiscoveryPoint& point : campaign.discovery) {
    Json one;
    one["runs"] = point.runs;
    one["seconds"] = point.seconds;
    one["calls"] = point.calls;
    one["items"] = point.items;
    discovery.push_back(std::move(one));
  }
  return json;
}

}  // namespace

std::string ProfileJson(const Profile& profile) {
  Json json;
  json["format"] = kProfileFormat;
  json["version"] = kProfileVersion;
  json["command"] = WordsJson(profile.command);
  if (!profile.environment.empty()) {
    json["environment"] = EnvironmentJson(profile.environment);
  }
  json["program"] = EscapeBytes(profile.program);
  json["program_digest"] = profile.program_digest;
  json["kernel"] = EscapeBytes(profile.kernel);
  json["machine"] = EscapeBytes(profile.machine);
  json["libc"] = EscapeBytes(profile.libc);
  json["made_at"] = profile.made_at;
  if (!profile.service.at.empty()) {
    json["service"] = ServiceJson(profile.service);
  }
  Json& entries = json["entries"] = Json::array();
  for (const ProfileEntry& entry : profile.entries) {
    entries.push_back(EntryJson(entry));
  }
  json["notes"] = WordsJson(profile.notes);
  json["campaign"] = CampaignJson(profile.campaign);
  json["corpus"] = EscapeBytes(profile.corpus);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

absl::Status WriteProfile(const std::string& path, const Profile& profile) {
  return WriteFileAtomically(path, ProfileJson(profile));
}

}  // namespace formfuzz::campaign
