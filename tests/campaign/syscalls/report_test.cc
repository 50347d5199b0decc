// SPDX-License-Identifier: Apache-2.0
// What people read: text and HTML.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "campaign/syscalls/report/html_report.h"
#include "campaign/syscalls/report/profile_text.h"

namespace formfuzz::campaign {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHostile[] = "<script>alert('1')</script>\"&\x01";

Profile Hostile() {
  Profile profile{.command = {kHostile},
                  .program = kHostile,
                  .kernel = kHostile,
                  .machine = kHostile,
                  .libc = kHostile,
                  .made_at = kHostile,
                  .notes = {kHostile}};
  ProfileEntry entry{.number = 0, .name = kHostile, .reason = kHostile};
  entry.evidence = {.command = {kHostile},
                    .environment = {{kHostile, kHostile}},
                    .inputs = {{kHostile, kHostile, 1, kHostile}},
                    .circumstances = kHostile,
                    .runs = 2,
                    .module = kHostile,
                    .stack = {kHostile}};
  profile.entries = {
      entry, {.number = 1, .presence = Presence::kImplied, .reason = kHostile}};
  profile.campaign.runs = 9;
  profile.campaign.stopped_by = kHostile;
  return profile;
}

TEST(HtmlReportTest, NothingOfTheProgramIsMarkup) {
  const std::string html = HtmlReport(Hostile());
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("alert('")));
  EXPECT_THAT(html, Not(HasSubstr("\x01")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert("));
}

TEST(HtmlReportTest, NeedsNothingElse) {
  const std::string html = HtmlReport(Hostile());
  for (const char* away : {"http://", "https://", "src=", "url(", "@import"}) {
    EXPECT_THAT(html, Not(HasSubstr(away))) << away;
  }
}

TEST(HtmlReportTest, OpensAndClosesItsElements) {
  const std::string html = HtmlReport(Hostile());
  for (const std::string name : {"table", "details", "div", "html", "tr"}) {
    size_t opened = 0;
    size_t closed = 0;
    for (size_t at = 0; (at = html.find("<" + name, at)) != std::string::npos;
         ++at) {
      const char next = html[at + 1 + name.size()];
      if (next == '>' || next == ' ') ++opened;
    }
    for (size_t at = 0;
         (at = html.find("</" + name + ">", at)) != std::string::npos; ++at) {
      ++closed;
    }
    EXPECT_EQ(opened, closed) << name;
    EXPECT_GT(opened, 0u) << name;
  }
}

TEST(DiscoveryCurveTest, RisesToTheRight) {
  EXPECT_EQ(DiscoveryCurve({}), "");
  EXPECT_EQ(DiscoveryCurve({{1, 0, 5, 5}}), "");
  const std::string svg =
      DiscoveryCurve({{1, 0, 20, 20}, {30, 1, 26, 30}, {900, 2, 30, 40}});
  // From the first run's calls up to the last point in the upper right corner.
  EXPECT_THAT(svg, HasSubstr("V12.0"));
  EXPECT_THAT(svg, HasSubstr("H844.0"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(DiscoveryCurve({{0, 0, 0, 0}, {0, 0, 0, 0}}),
              Not(HasSubstr("nan")));
}

TEST(ProfileTextTest, SaysWhyACallIsThere) {
  ProfileEntry entry{.number = 332,
                     .name = "statx",
                     .arguments = {{EqualInWidth(0, 32, 1)}},
                     .results = {{0, 3}, {2, 1}},
                     .phases = kMainPhase,
                     .need = Need::kNeeded};
  entry.evidence = {.command = {"/bin/ls", "-l", "a b"},
                    .environment = {{"LC_ALL", "C"}},
                    .first_run = 7,
                    .runs = 4,
                    .module = "/lib/libc.so.6",
                    .offset = 0x11c0};
  EXPECT_EQ(WhyText(entry),
            "statx (x86_64 332): seen\n"
            "  shown by   LC_ALL=C /bin/ls -l 'a b'\n"
            "  runs       4, first in run 7\n"
            "  called at  /lib/libc.so.6+0x11c0\n"
            "  phases     main\n"
            "  results    success 3 times, ENOENT 1 time\n"
            "  if denied  needed\n"
            "  arguments  arg0 & 0xffffffff == 0x1\n");
  const Profile profile{.entries = {entry}};
  EXPECT_EQ(EntriesNamed(profile, "statx").size(), 1u);
  EXPECT_EQ(EntriesNamed(profile, "332").size(), 1u);
  EXPECT_TRUE(EntriesNamed(profile, "stat").empty());
}

TEST(ProfileTextTest, SpeaksOfTheRisk) {
  EXPECT_THAT(RiskText({}), HasSubstr("not known"));
  EXPECT_THAT(
      RiskText({.runs = 9000,
                .counted_runs = 1000,
                .seen_once = 3,
                .residual = .003}),
      HasSubstr("is about 0.3 %: of 1000 runs in which all were counted, 3"));
  EXPECT_THAT(RiskText({.runs = 9000, .counted_runs = 1000, .residual = 0}),
              HasSubstr("is at most 0.3 %: of 1000 runs"))
      << "no sign of more is not a sign of no more";
  EXPECT_THAT(RiskText({.runs = 1, .counted_runs = 1, .residual = 0}),
              HasSubstr("at most 100 %"));
}

}  // namespace
}  // namespace formfuzz::campaign
