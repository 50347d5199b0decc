// SPDX-License-Identifier: Apache-2.0
// The report: what was found, how sure that is, and a row a call.

#include "campaign/syscalls/report/html_report.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "campaign/syscalls/profile/spelling.h"
#include "campaign/syscalls/report/profile_text.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr char kStyle[] = R"(
:root { color-scheme: light dark; --line: #8883; --soft: #888; --mark: #2a7; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem;
       max-width: 70rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin-top: 2rem; }
code { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.numbers { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1.5rem 0; }
.numbers b { display: block; font-size: 1.7rem; line-height: 1.2; }
.risk { border-left: 4px solid var(--mark); padding-left: 1rem; }
svg { width: 100%; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: var(--soft); }
svg .left { text-anchor: end; } svg .under { text-anchor: middle; }
svg .grid { stroke: var(--line); }
svg .curve { fill: none; stroke: var(--mark); stroke-width: 2; }
svg .area { fill: var(--mark); fill-opacity: .12; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem;
         border-bottom: 1px solid var(--line); }
th { position: sticky; top: 0; background: Canvas; }
td.count { text-align: right; font-variant-numeric: tabular-nums; }
.label { border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem;
         font-size: 12px; white-space: nowrap; }
.needed { border-color: #c33; } .implied { border-style: dashed; }
summary { cursor: pointer; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; }
)";

// Control characters are spelt out first: a browser would hide them.
std::string Safe(std::string_view text) {
  return HtmlEscaped(EscapeBytes(text));
}

std::string Number(uint64_t number, std::string_view what) {
  return Concat("<div><b>", number, "</b>", what, "</div>\n");
}

std::string Label(const std::string& name) {
  std::string words = name;
  std::replace(words.begin(), words.end(), '_', ' ');
  return Concat("<span class=\"label ", name, "\">", words, "</span> ");
}

std::string Head(const Profile& profile) {
  Evidence command;
  command.command = profile.command;
  const std::string title = HtmlEscaped(CommandText(command));
  return Concat(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; style-src 'unsafe-inline'\">\n<title>System calls of ",
      title, "</title>\n<style>", kStyle, "</style></head><body>\n<h1>", title,
      "</h1>\n<p class=\"soft\">", Safe(profile.program), " · ",
      Safe(profile.kernel), " · ", Safe(profile.machine), " · ",
      Safe(profile.libc), " · ", Safe(profile.made_at), "</p>\n");
}

std::string Numbers(const Profile& profile) {
  const auto count = [&](Presence presence) {
    return static_cast<uint64_t>(std::count_if(
        profile.entries.begin(), profile.entries.end(),
        [&](const ProfileEntry& entry) { return entry.presence == presence; }));
  };
  return Concat(
      "<div class=\"numbers\">\n", Number(count(Presence::kSeen), "calls seen"),
      Number(count(Presence::kImplied), "implied"),
      Number(count(Presence::kReachable), "reachable, not seen"),
      Number(profile.campaign.runs, "runs"),
      Number(static_cast<uint64_t>(profile.campaign.seconds), "seconds"),
      "</div>\n");
}

std::string Curve(const Profile& profile) {
  const std::string curve = DiscoveryCurve(profile.campaign.discovery);
  if (curve.empty()) return "";
  return "<h2>Discovery</h2>\n<p class=\"soft\">Different calls over runs; the "
         "scale of runs is logarithmic.</p>\n" +
         curve;
}

std::string Notes(const Profile& profile) {
  if (profile.notes.empty()) return "";
  std::string html = "<h2>Notes</h2>\n<ul>\n";
  for (const std::string& note : profile.notes) {
    html += Concat("<li>", Safe(note), "</li>\n");
  }
  return html + "</ul>\n";
}

std::string ShownBy(const ProfileEntry& entry) {
  if (entry.evidence.command.empty()) return Safe(entry.reason);
  return Concat("<details><summary><code>",
                HtmlEscaped(CommandText(entry.evidence)),
                "</code></summary><pre>", HtmlEscaped(WhyText(entry)),
                "</pre></details>");
}

std::string Row(const ProfileEntry& entry) {
  const std::string need =
      entry.need == Need::kUnknown ? "" : Label(NameOf(entry.need));
  return Concat("<tr><td><code>", Safe(entry.name),
                "</code><br><span class=\"soft\">", NameOfArch(entry.arch), " ",
                entry.number, "</span></td><td>", Label(NameOf(entry.presence)),
                need, "</td><td>", PhasesText(entry.phases), "</td><td>",
                Safe(ResultsText(entry)), "</td><td class=\"count\">",
                entry.evidence.runs, "</td><td>", ShownBy(entry),
                "</td></tr>\n");
}

template <class Wanted>
std::string Table(const Profile& profile, std::string_view title,
                  const Wanted& wanted) {
  std::string rows;
  for (const ProfileEntry& entry : profile.entries) {
    if (wanted(entry)) rows += Row(entry);
  }
  if (rows.empty()) return "";
  return Concat("<h2>", title,
                "</h2>\n<table><thead><tr><th>call</th><th>label</th>"
                "<th>phases</th><th>results</th><th>runs</th>"
                "<th>smallest run that shows it</th></tr></thead><tbody>\n",
                rows, "</tbody></table>\n");
}

// Hundreds, of which nobody needs more than the names.
std::string Unreachable(const Profile& profile) {
  std::string names;
  for (const ProfileEntry& entry : profile.entries) {
    if (entry.presence == Presence::kUnreachable) {
      names += Concat(Safe(entry.name), " ");
    }
  }
  if (names.empty()) return "";
  return Concat(
      "<h2>Not allowed, and not in the code</h2>\n<details><summary>"
      "calls that no instruction makes</summary><p><code>",
      names, "</code></p></details>\n");
}

}  // namespace

std::string HtmlEscaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html.push_back(c);
    }
  }
  return html;
}

std::string HtmlReport(const Profile& profile) {
  return Concat(Head(profile), Numbers(profile), "<p class=\"risk\">",
                HtmlEscaped(RiskText(profile.campaign)), "</p>\n",
                Curve(profile), Notes(profile),
                Table(profile, "Allowed",
                      [](const ProfileEntry& one) { return one.allowed(); }),
                Table(profile, "Not allowed, and in the code",
                      [](const ProfileEntry& one) {
                        return one.presence == Presence::kReachable;
                      }),
                Unreachable(profile), "</body></html>\n");
}

}  // namespace formfuzz::campaign
