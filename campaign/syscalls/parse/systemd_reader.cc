// SPDX-License-Identifier: Apache-2.0
// Reads the SystemCall* lines of units. As systemd has it: the first list says
// whether calls are allowed or denied by it, later ones add and take away.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/parse/read.h"
#include "campaign/syscalls/profile/spelling.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr char kDefaultGroup[] = "@default";

// A backslash at its end joins a line with the next; comments between them are
// passed over.
std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  bool joins = false;
  for (const absl::string_view line : absl::StrSplit(ToAbsl(text), '\n')) {
    const absl::string_view bare = absl::StripAsciiWhitespace(line);
    const bool comment = !bare.empty() && (bare[0] == '#' || bare[0] == ';');
    if (comment) continue;
    if (!joins) lines.emplace_back();
    joins = absl::EndsWith(bare, "\\");
    lines.back().append(bare.data(), bare.size() - (joins ? 1 : 0));
    if (joins) lines.back() += ' ';
  }
  return lines;
}

class UnitReader {
 public:
  explicit UnitReader(const ReadOptions& options) : options_(options) {}

  absl::Status Read(std::string_view text) {
    for (const std::string& whole : Lines(text)) {
      const absl::string_view line = absl::StripAsciiWhitespace(whole);
      const std::vector<std::string> parts =
          absl::StrSplit(line, absl::MaxSplits('=', 1));
      if (parts.size() != 2) continue;
      const absl::Status status =
          Setting(std::string(absl::StripAsciiWhitespace(parts[0])),
                  std::string(absl::StripAsciiWhitespace(parts[1])));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  Policy Take() {
    Policy policy;
    const Decision listed =
        allow_list_ ? Decision{Action::kAllow, 0} : otherwise_;
    policy.otherwise = allow_list_ ? otherwise_ : Decision{Action::kAllow, 0};
    policy.arches = arches_;
    if (policy.arches.empty()) policy.arches.push_back(options_.arch);
    for (const auto& [name, error] : listed_) {
      bool known = false;
      for (const Arch arch : policy.arches) {
        const auto number = NumberOfCall(arch, name);
        if (!number) continue;
        known = true;
        policy.rules.push_back({.arch = arch,
                                .number = *number,
                                .verdict = error.value_or(listed)});
      }
      if (known || in_groups_.contains(name)) continue;
      policy.remarks.push_back(Concat(
          name, " is no call of these architectures, and is passed over"));
    }
    Sort(policy);
    return policy;
  }

 private:
  absl::Status Setting(const std::string& name, const std::string& value) {
    if (name == "SystemCallArchitectures") return Architectures(value);
    if (name == "SystemCallFilter") return Filter(value);
    if (name != "SystemCallErrorNumber") return absl::OkStatus();
    const auto verdict = DecisionOfText(value);
    if (!verdict) {
      return absl::InvalidArgumentError(
          Concat("SystemCallErrorNumber=", value, ": no error's name"));
    }
    otherwise_ = *verdict;
    return absl::OkStatus();
  }

  absl::Status Architectures(const std::string& value) {
    for (const auto word : absl::StrSplit(value, ' ', absl::SkipEmpty())) {
      const auto arch = ArchOfSystemdName({word.data(), word.size()});
      if (!arch) {
        return absl::InvalidArgumentError(Concat(
            "SystemCallArchitectures=", value, ": ", word, " is not known"));
      }
      arches_.push_back(*arch);
    }
    return absl::OkStatus();
  }

  absl::Status Filter(const std::string& value) {
    if (value.empty()) {
      listed_.clear();
      begun_ = false;
      return absl::OkStatus();
    }
    const bool inverted = value[0] == '~';
    if (!begun_) allow_list_ = !inverted;
    if (!begun_ && allow_list_ && options_.groups != nullptr) {
      const absl::Status status = Entry(kDefaultGroup, true);
      if (!status.ok()) return status;
    }
    begun_ = true;
    const bool adds = inverted != allow_list_;
    const std::string_view words =
        std::string_view(value).substr(inverted ? 1 : 0);
    for (const auto word :
         absl::StrSplit(ToAbsl(words), ' ', absl::SkipEmpty())) {
      const absl::Status status = Entry(std::string(word), adds);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // A call or a group, perhaps with ":ERROR" behind it.
  absl::Status Entry(const std::string& word, bool adds) {
    const std::vector<std::string> parts =
        absl::StrSplit(word, absl::MaxSplits(':', 1));
    std::optional<Decision> error;
    if (parts.size() == 2) {
      error = DecisionOfText(parts[1]);
      if (!error) {
        return absl::InvalidArgumentError(
            Concat("SystemCallFilter: ", word, ": no error's name"));
      }
    }
    const std::string& name = parts[0];
    if (name[0] != '@') return Call(name, adds, error);
    if (options_.groups == nullptr || options_.groups->count(name) == 0) {
      return absl::FailedPreconditionError(
          Concat("SystemCallFilter: what is in ", name, " is not known: run ",
                 "this where `systemd-analyze syscall-filter` works"));
    }
    // Groups name calls of all architectures.
    for (const std::string& member : options_.groups->at(name)) {
      in_groups_.insert(member);
      const absl::Status status = Call(member, adds, error);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status Call(const std::string& name, bool adds,
                    std::optional<Decision> error) {
    // With an error a call that is taken away from a list of allowed ones is
    // refused with it, which is to say that it is listed.
    if (adds || error) {
      listed_[name] = error;
    } else {
      listed_.erase(name);
    }
    return absl::OkStatus();
  }

  const ReadOptions& options_;
  bool begun_ = false;
  bool allow_list_ = true;
  Decision otherwise_ = {Action::kKillProcess, 0};
  std::vector<Arch> arches_;
  std::map<std::string, std::optional<Decision>> listed_;
  std::set<std::string> in_groups_;
};

}  // namespace

absl::StatusOr<Policy> ReadSystemd(std::string_view text,
                                   const ReadOptions& options) {
  UnitReader reader(options);
  const absl::Status status = reader.Read(text);
  if (!status.ok()) return status;
  return reader.Take();
}

}  // namespace formfuzz::campaign
