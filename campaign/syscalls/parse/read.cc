// SPDX-License-Identifier: Apache-2.0
// Readers by form, and the form by content.

#include "campaign/syscalls/parse/read.h"

#include "campaign/syscalls/profile/profile_json.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

bool Has(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

// The first line that says something.
std::string_view FirstLine(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const size_t start = line.find_first_not_of(" \t\r");
    if (start != std::string_view::npos && line[start] != '#') {
      return line.substr(start);
    }
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return "";
}

}  // namespace

std::optional<Format> GuessFormat(std::string_view text) {
  if (LooksLikeProfile(text)) return Format::kNative;
  const std::string_view first = FirstLine(text);
  if (first.substr(0, 1) == "{") return Format::kOci;
  if (Has(text, "pseudo filter code start")) return Format::kPfc;
  if (Has(text, "kind: SeccompProfile")) return Format::kKubernetes;
  if (Has(text, "SystemCallFilter=")) return Format::kSystemd;
  if (Has(text, "DEFAULT") || Has(text, "POLICY") || Has(text, "ALLOW {")) {
    return Format::kKafel;
  }
  const size_t colon = first.find(':');
  const bool line = colon != std::string_view::npos && colon != 0;
  if (line && !Has(text, std::string_view("\0", 1))) return Format::kMinijail;
  return std::nullopt;
}

absl::StatusOr<Policy> ReadPolicy(Format format, std::string_view text,
                                  const ReadOptions& options) {
  switch (format) {
    case Format::kOci:
      return ReadOci(text);
    case Format::kKubernetes:
      return ReadKubernetes(text);
    case Format::kSystemd:
    case Format::kSystemdGroups:
      return ReadSystemd(text, options);
    case Format::kPfc:
      return ReadPfc(text);
    case Format::kMinijail:
      return ReadMinijail(text, options.arch);
    case Format::kKafel:
      return ReadKafel(text, options.arch);
    case Format::kNative:
    case Format::kBpf:
      break;
  }
  return absl::InvalidArgumentError(
      Concat("policies are not read from the form ", NameOf(format)));
}

absl::StatusOr<Profile> ReadAnyProfile(const std::string& path,
                                       const ReadOptions& options) {
  const auto content = ReadFile(path, kProfileFileSizeMax);
  if (!content.ok()) return content.status();
  const auto format = GuessFormat(*content);
  if (!format) {
    return absl::InvalidArgumentError(
        Concat(path,
               ": is in none of the forms that can be read: native, oci, "
               "kubernetes, systemd, pfc, minijail and kafel"));
  }
  if (*format == Format::kNative) return ReadProfile(path);
  const auto policy = ReadPolicy(*format, *content, options);
  auto profile = policy.ok() ? ProfileOf(*policy) : policy.status();
  if (profile.ok()) return profile;
  return absl::Status(profile.status().code(),
                      Concat("reading ", path, " as ", NameOf(*format), ": ",
                             std::string(profile.status().message())));
}

}  // namespace formfuzz::campaign
