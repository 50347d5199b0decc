// SPDX-License-Identifier: Apache-2.0
// Lines about a profile.

#include "campaign/syscalls/report/profile_text.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "campaign/syscalls/profile/spelling.h"

namespace formfuzz::campaign {
namespace {

// What did not happen in n runs happens, at a confidence of 95 %, in fewer than
// 3/n of them.
constexpr double kRuleOfThree = 3;
// Above this there are no digits behind the point.
constexpr double kWholePercent = 10;
constexpr size_t kInputTextShown = 200;

// The Good-Turing estimate is 0 where no item is seen once, which says only
// that there were too few runs to see the rest.
std::string ChanceText(const CampaignNumbers& campaign) {
  const double unseen =
      kRuleOfThree / static_cast<double>(campaign.counted_runs);
  const bool none = campaign.residual <= 0;
  const double chance = std::min(1.0, none ? unseen : campaign.residual);
  const double percent = chance * 100;
  const std::string number = percent < kWholePercent
                                 ? absl::StrFormat("%.2g", percent)
                                 : absl::StrFormat("%.0f", percent);
  return absl::StrCat(none ? "at most " : "about ", number, " %");
}

std::string Shown(const ProfileEntry& entry) {
  if (entry.presence == Presence::kSeen) {
    const std::string& where = entry.evidence.circumstances;
    return absl::StrCat(CommandText(entry.evidence), where.empty() ? "" : "  (",
                        EscapeBytes(where), where.empty() ? "" : ")");
  }
  return absl::StrCat(NameOf(entry.presence), ": ", EscapeBytes(entry.reason));
}

std::string LineOf(const Profile& profile, const ProfileEntry& entry) {
  const Arch usual =
      profile.entries.empty() ? kArchX86_64 : profile.entries.back().arch;
  const std::string arch =
      entry.arch == usual ? ""
                          : absl::StrCat(" (", NameOfArch(entry.arch), ")");
  return absl::StrFormat("%-22s %-19s %-15s %8d  %s\n",
                         absl::StrCat(EscapeBytes(entry.name), arch),
                         PhasesText(entry.phases),
                         entry.need == Need::kUnknown ? "" : NameOf(entry.need),
                         entry.evidence.runs, Shown(entry));
}

std::string HeadText(const Profile& profile) {
  const auto count = [&](Presence presence) {
    return std::count_if(
        profile.entries.begin(), profile.entries.end(),
        [&](const ProfileEntry& entry) { return entry.presence == presence; });
  };
  Evidence command;
  command.command = profile.command;
  std::string text =
      absl::StrFormat("%s: %d calls seen, %d implied", CommandText(command),
                      count(Presence::kSeen), count(Presence::kImplied));
  if (const auto more = count(Presence::kReachable); more != 0) {
    absl::StrAppend(&text, ", ", more, " reachable and not seen");
  }
  absl::StrAppendFormat(&text, "\n%s, %s, %s\n", EscapeBytes(profile.kernel),
                        EscapeBytes(profile.machine),
                        EscapeBytes(profile.libc));
  return text;
}

void AppendInput(const InputReference& input, std::string* text) {
  absl::StrAppendFormat(
      text, "  input      %s, %d bytes%s%s\n",
      input.path.empty() ? "standard input" : EscapeBytes(input.path),
      input.bytes, input.digest.empty() ? "" : ", ", EscapeBytes(input.digest));
  if (input.text.empty()) return;
  absl::StrAppend(text, "             ",
                  EscapeBytes(input.text.substr(0, kInputTextShown)), "\n");
}

void AppendEvidence(const Evidence& evidence, std::string* text) {
  absl::StrAppend(text, "  shown by   ", CommandText(evidence), "\n");
  for (const InputReference& input : evidence.inputs) AppendInput(input, text);
  if (!evidence.circumstances.empty()) {
    absl::StrAppend(text, "  where      ", EscapeBytes(evidence.circumstances),
                    "\n");
  }
  absl::StrAppend(text, "  runs       ", evidence.runs, ", first in run ",
                  evidence.first_run, "\n");
  if (const std::string site = CallSiteText(evidence); !site.empty()) {
    absl::StrAppend(text, "  called at  ", EscapeBytes(site), "\n");
  }
  for (const std::string& frame : evidence.stack) {
    absl::StrAppend(text, "             ", EscapeBytes(frame), "\n");
  }
}

}  // namespace

std::string ProfileText(const Profile& profile) {
  std::string text = HeadText(profile);
  absl::StrAppendFormat(&text, "\n%-22s %-19s %-15s %8s  %s\n", "call",
                        "phases", "need", "runs", "smallest run that shows it");
  for (const ProfileEntry& entry : profile.entries) {
    if (entry.allowed()) text += LineOf(profile, entry);
  }
  text += "\n";
  for (const std::string& note : profile.notes) {
    absl::StrAppend(&text, "note: ", EscapeBytes(note), "\n");
  }
  return text + RiskText(profile.campaign) + "\n";
}

std::string WhyText(const ProfileEntry& entry) {
  std::string text = absl::StrFormat(
      "%s (%s %d): %s%s\n", EscapeBytes(entry.name), NameOfArch(entry.arch),
      entry.number, NameOf(entry.presence),
      entry.reason.empty() ? "" : ", " + EscapeBytes(entry.reason));
  if (!entry.evidence.command.empty()) AppendEvidence(entry.evidence, &text);
  if (entry.phases != 0) {
    absl::StrAppend(&text, "  phases     ", PhasesText(entry.phases), "\n");
  }
  if (!entry.results.empty()) {
    absl::StrAppend(&text, "  results    ", ResultsText(entry), "\n");
  }
  if (entry.need != Need::kUnknown) {
    absl::StrAppend(&text, "  if denied  ", NameOf(entry.need), "\n");
  }
  if (!entry.arguments.empty()) {
    absl::StrAppend(&text, "  arguments  ", ToString(entry.arguments), "\n");
  }
  return text;
}

std::vector<const ProfileEntry*> EntriesNamed(const Profile& profile,
                                              std::string_view name) {
  std::vector<const ProfileEntry*> found;
  const auto number = NumberOf(name);
  for (const ProfileEntry& entry : profile.entries) {
    const bool by_number =
        number && static_cast<uint64_t>(entry.number) == *number;
    if (entry.name == name || by_number) found.push_back(&entry);
  }
  return found;
}

std::string RiskText(const CampaignNumbers& campaign) {
  if (campaign.counted_runs == 0) {
    return "How much is missing is not known: no run of the program in which "
           "all calls were counted is behind this profile.";
  }
  std::string text = absl::StrFormat(
      "The chance that one more run of this kind shows a new call is %s: of %d "
      "runs in which all were counted, %d calls were seen in one only. Of all "
      "%d runs, the last %d showed no new call.",
      ChanceText(campaign), campaign.counted_runs, campaign.seen_once,
      campaign.runs, campaign.runs_since_new);
  if (!campaign.stopped_by.empty()) {
    absl::StrAppend(&text, " Stopped: ", EscapeBytes(campaign.stopped_by), ".");
  }
  return text +
         " What this kind of run never does (other hardware, other users, "
         "longer lives) is not in this number.";
}

std::string ResultsText(const ProfileEntry& entry) {
  std::vector<std::pair<uint64_t, int>> by_count;
  for (const auto& [code, count] : entry.results) {
    by_count.emplace_back(count, code);
  }
  std::sort(by_count.rbegin(), by_count.rend());
  return absl::StrJoin(by_count, ", ", [](std::string* out, const auto& one) {
    absl::StrAppend(out, one.second == 0 ? "success" : NameOfErrno(one.second),
                    " ", one.first, one.first == 1 ? " time" : " times");
  });
}

std::string CallSiteText(const Evidence& evidence) {
  if (evidence.module.empty()) return "";
  return absl::StrCat(evidence.module, "+", HexOf(evidence.offset));
}

}  // namespace formfuzz::campaign
