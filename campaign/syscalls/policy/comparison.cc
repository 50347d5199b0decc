// SPDX-License-Identifier: Apache-2.0
// Differences, inclusion and union of profiles.

#include "campaign/syscalls/policy/comparison.h"

#include <algorithm>

namespace formfuzz::campaign {
namespace {

const ProfileEntry* AllowedIn(const Profile& profile,
                              const ProfileEntry& entry) {
  const ProfileEntry* found = Find(profile, entry.arch, entry.number);
  return found != nullptr && found->allowed() ? found : nullptr;
}

// Where `asked` holds, `wanted` does too.
bool Implies(const Condition& asked, const Condition& wanted) {
  if (asked == wanted) return true;
  const bool equal = asked.compare == Compare::kEqual &&
                     asked.argument == wanted.argument &&
                     (wanted.mask & ~asked.mask) == 0;
  if (!equal) return false;
  // All that is wanted is known: it can be tried.
  CallArguments arguments = {};
  arguments[static_cast<size_t>(asked.argument)] = asked.value;
  return wanted.Holds(arguments);
}

bool Within(const Clause& narrow, const Clause& wide) {
  return std::all_of(wide.begin(), wide.end(), [&](const Condition& wanted) {
    return std::any_of(
        narrow.begin(), narrow.end(),
        [&](const Condition& asked) { return Implies(asked, wanted); });
  });
}

void MergeCampaign(CampaignNumbers* into, const CampaignNumbers& more) {
  into->runs += more.runs;
  into->seconds += more.seconds;
  into->counted_runs += more.counted_runs;
  into->seen_once += more.seen_once;
  into->runs_since_new = std::min(into->runs_since_new, more.runs_since_new);
  into->seconds_since_new =
      std::min(into->seconds_since_new, more.seconds_since_new);
  // Another kind of run was added; it is not surer than the less sure one.
  into->residual = std::max(into->residual, more.residual);
  if (into->stopped_by != more.stopped_by) into->stopped_by.clear();
}

}  // namespace

bool Within(const Clauses& narrow, const Clauses& wide) {
  if (wide.empty()) return true;
  if (narrow.empty()) return false;
  return std::all_of(narrow.begin(), narrow.end(), [&](const Clause& clause) {
    return std::any_of(wide.begin(), wide.end(), [&](const Clause& other) {
      return Within(clause, other);
    });
  });
}

ProfileDifference Differ(const Profile& a, const Profile& b, bool arguments) {
  ProfileDifference difference;
  for (const ProfileEntry& entry : a.entries) {
    if (!entry.allowed()) continue;
    const ProfileEntry* other = AllowedIn(b, entry);
    if (other == nullptr) {
      difference.only_a.push_back(&entry);
    } else if (arguments && entry.arguments != other->arguments) {
      difference.changed.push_back({&entry, other});
    }
  }
  for (const ProfileEntry& entry : b.entries) {
    if (entry.allowed() && AllowedIn(a, entry) == nullptr) {
      difference.only_b.push_back(&entry);
    }
  }
  return difference;
}

std::vector<const ProfileEntry*> Beyond(const Profile& a, const Profile& b,
                                        bool arguments) {
  std::vector<const ProfileEntry*> beyond;
  for (const ProfileEntry& entry : a.entries) {
    if (!entry.allowed()) continue;
    const ProfileEntry* other = AllowedIn(b, entry);
    const bool within =
        other != nullptr &&
        (!arguments || Within(entry.arguments, other->arguments));
    if (!within) beyond.push_back(&entry);
  }
  return beyond;
}

void Merge(Profile& into, const Profile& more) {
  into.entries.insert(into.entries.end(), more.entries.begin(),
                      more.entries.end());
  Sort(into);
  for (const std::string& note : more.notes) {
    const bool known = std::find(into.notes.begin(), into.notes.end(), note) !=
                       into.notes.end();
    if (!known) into.notes.push_back(note);
  }
  MergeCampaign(&into.campaign, more.campaign);
}

}  // namespace formfuzz::campaign
