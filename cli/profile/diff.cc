// SPDX-License-Identifier: Apache-2.0
// formfuzz profile diff A B: what one allows and the other does not, and what
// showed it. Like diff: exit code 0 for the same, 1 for different.
// formfuzz profile subset A B: whether B allows all that A does.

#include <cstdio>
#include <memory>
#include <string>

#include "campaign/syscalls/policy/comparison.h"
#include "cli/profile/profile_file.h"
#include "cli/profile/profile_verbs.h"
#include "framework/base/text.h"

namespace formfuzz::cli {
namespace {

using campaign::Profile;
using campaign::ProfileEntry;

struct DiffFlags {
  std::string a;
  std::string b;
  bool names = false;  // leave arguments out
};

std::string NameText(const ProfileEntry& entry) {
  if (entry.arch == campaign::NativeArch()) return entry.name;
  return Concat(entry.name, " (", campaign::NameOfArch(entry.arch), ")");
}

// Why it is there, where that is known.
std::string ReasonText(const ProfileEntry& entry) {
  if (!entry.evidence.command.empty()) {
    return Concat("  shown by ", campaign::CommandText(entry.evidence));
  }
  return entry.reason.empty() ? "" : Concat("  ", entry.reason);
}

void PrintLine(char sign, const ProfileEntry& entry) {
  std::printf("%c %s%s\n", sign, NameText(entry).c_str(),
              ReasonText(entry).c_str());
}

int Diff(const DiffFlags& flags) {
  const auto a = OpenProfile(flags.a);
  if (!a.ok()) return Fail(a.status());
  const auto b = OpenProfile(flags.b);
  if (!b.ok()) return Fail(b.status());
  const auto difference = campaign::Differ(*a, *b, !flags.names);
  if (difference.empty()) return kNothingFound;
  std::printf("--- %s\n+++ %s\n", flags.a.c_str(), flags.b.c_str());
  for (const ProfileEntry* entry : difference.only_a) PrintLine('-', *entry);
  for (const ProfileEntry* entry : difference.only_b) PrintLine('+', *entry);
  for (const auto& [before, after] : difference.changed) {
    std::printf("~ %s\n  - %s\n  + %s\n", NameText(*before).c_str(),
                campaign::ToString(before->arguments).c_str(),
                campaign::ToString(after->arguments).c_str());
  }
  return kFound;
}

int Subset(const DiffFlags& flags) {
  const auto a = OpenProfile(flags.a);
  if (!a.ok()) return Fail(a.status());
  const auto b = OpenProfile(flags.b);
  if (!b.ok()) return Fail(b.status());
  const auto beyond = campaign::Beyond(*a, *b, !flags.names);
  if (beyond.empty()) {
    std::printf("%s allows nothing that %s does not\n", flags.a.c_str(),
                flags.b.c_str());
    return kNothingFound;
  }
  std::printf("%s allows what %s does not, or not with all arguments:\n",
              flags.a.c_str(), flags.b.c_str());
  for (const ProfileEntry* entry : beyond) PrintLine('-', *entry);
  return kFound;
}

void AddPair(CLI::App* verb, const std::shared_ptr<DiffFlags>& flags) {
  verb->add_option("A", flags->a, "A profile, in any form that can be read")
      ->required();
  verb->add_option("B", flags->b, "Another one")->required();
  verb->add_flag("--names", flags->names, "Leave arguments out");
}

}  // namespace

void AddProfileDiff(CLI::App* profile, const Context* /*context*/,
                    int* exit_code) {
  auto flags = std::make_shared<DiffFlags>();
  CLI::App* verb = profile->add_subcommand(
      "diff", "What one allows and another does not; 1 if they differ");
  AddPair(verb, flags);
  verb->callback([=] { *exit_code = Diff(*flags); });
}

void AddProfileSubset(CLI::App* profile, const Context* /*context*/,
                      int* exit_code) {
  auto flags = std::make_shared<DiffFlags>();
  CLI::App* verb = profile->add_subcommand(
      "subset", "Whether the second allows all that the first does");
  AddPair(verb, flags);
  verb->callback([=] { *exit_code = Subset(*flags); });
}

}  // namespace formfuzz::cli
