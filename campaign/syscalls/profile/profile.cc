// SPDX-License-Identifier: Apache-2.0
// The profile as a value: put in order, looked up, joined.

#include "campaign/syscalls/profile/profile.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "campaign/syscalls/profile/spelling.h"

namespace formfuzz::campaign {
namespace {

auto KeyOf(const ProfileEntry& entry) {
  return std::tuple(entry.arch, entry.number);
}

// Seen says more than implied, and that more than what was only looked for.
int RankOf(Presence presence) {
  switch (presence) {
    case Presence::kSeen:
      return 0;
    case Presence::kImplied:
      return 1;
    case Presence::kReachable:
      return 2;
    case Presence::kUnreachable:
      return 3;
  }
  return 4;
}

// Needed once is needed; tolerated says more than that nothing changed.
int RankOf(Need need) {
  switch (need) {
    case Need::kNeeded:
      return 0;
    case Need::kTolerated:
      return 1;
    case Need::kNotSeenNeeded:
      return 2;
    case Need::kUnknown:
      return 3;
  }
  return 4;
}

void AbsorbEvidence(Evidence& evidence, const Evidence& more) {
  const uint64_t runs = evidence.runs + more.runs;
  const bool earlier =
      more.first_run != 0 &&
      (evidence.first_run == 0 || more.first_run < evidence.first_run);
  if (earlier || evidence.command.empty()) evidence = more;
  evidence.runs = runs;
}

}  // namespace

void Absorb(ProfileEntry& entry, const ProfileEntry& more) {
  // Not told apart in one of them means any in both.
  const bool any = entry.arguments.empty() || more.arguments.empty();
  const bool any_phase = entry.phases == 0 || more.phases == 0;
  if (!entry.allowed() && more.allowed()) {
    entry.arguments = more.arguments;
    entry.phases = more.phases;
  } else if (entry.allowed() && more.allowed()) {
    entry.arguments.insert(entry.arguments.end(), more.arguments.begin(),
                           more.arguments.end());
    if (any) entry.arguments.clear();
    entry.phases = any_phase ? 0 : entry.phases | more.phases;
  }
  Normalise(entry.arguments);
  for (const auto& [result, count] : more.results) {
    entry.results[result] += count;
  }
  if (RankOf(more.presence) < RankOf(entry.presence)) {
    entry.presence = more.presence;
    entry.reason = more.reason;
  }
  if (RankOf(more.need) < RankOf(entry.need)) entry.need = more.need;
  if (entry.reason.empty()) entry.reason = more.reason;
  AbsorbEvidence(entry.evidence, more.evidence);
}

void Sort(Profile& profile) {
  std::map<std::tuple<Arch, int>, ProfileEntry> joined;
  for (ProfileEntry& entry : profile.entries) {
    const auto [place, is_new] = joined.try_emplace(KeyOf(entry), entry);
    if (!is_new) Absorb(place->second, entry);
    Normalise(place->second.arguments);
  }
  profile.entries.clear();
  for (auto& [key, entry] : joined) {
    profile.entries.push_back(std::move(entry));
  }
}

ProfileEntry* Find(Profile& profile, Arch arch, int number) {
  const auto found = std::lower_bound(
      profile.entries.begin(), profile.entries.end(), std::tuple(arch, number),
      [](const ProfileEntry& entry, const std::tuple<Arch, int>& key) {
        return KeyOf(entry) < key;
      });
  const bool here = found != profile.entries.end() && found->arch == arch &&
                    found->number == number;
  return here ? &*found : nullptr;
}

const ProfileEntry* Find(const Profile& profile, Arch arch, int number) {
  return Find(const_cast<Profile&>(profile), arch, number);
}

std::string PhasesText(uint8_t phases) {
  std::vector<std::string> names;
  if ((phases & kLoaderPhase) != 0) names.push_back("loader");
  if ((phases & kStartupPhase) != 0) names.push_back("startup");
  if ((phases & kMainPhase) != 0) names.push_back("main");
  return absl::StrJoin(names, ",");
}

std::string NameOf(Presence presence) {
  constexpr const char* kNames[] = {"seen", "reachable", "unreachable",
                                    "implied"};
  return kNames[static_cast<size_t>(presence)];
}

std::string NameOf(Need need) {
  constexpr const char* kNames[] = {"unknown", "needed", "tolerated",
                                    "not_seen_needed"};
  return kNames[static_cast<size_t>(need)];
}

std::string CommandText(const Evidence& evidence) {
  std::vector<std::string> words;
  for (const auto& [name, value] : evidence.environment) {
    words.push_back(absl::StrCat(EscapeBytes(name), "=", ShellQuoted(value)));
  }
  for (const std::string& word : evidence.command) {
    words.push_back(ShellQuoted(word));
  }
  return absl::StrJoin(words, " ");
}

}  // namespace formfuzz::campaign
