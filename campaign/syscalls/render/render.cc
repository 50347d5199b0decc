// SPDX-License-Identifier: Apache-2.0
// The forms by name.

#include "campaign/syscalls/render/render.h"

#include "campaign/syscalls/profile/profile_json.h"

namespace formfuzz::campaign {
namespace {

struct FormatName {
  std::string_view name;
  Format format;
};

// Of several names of one form the first is the one that is printed.
constexpr FormatName kNames[] = {
    {"native", Format::kNative},   {"oci", Format::kOci},
    {"docker", Format::kOci},      {"kubernetes", Format::kKubernetes},
    {"systemd", Format::kSystemd}, {"systemd-groups", Format::kSystemdGroups},
    {"pfc", Format::kPfc},         {"bpf", Format::kBpf},
    {"bubblewrap", Format::kBpf},  {"minijail", Format::kMinijail},
    {"kafel", Format::kKafel},     {"nsjail", Format::kKafel},
};

}  // namespace

absl::StatusOr<Rendering> Render(Format format, const Policy& policy,
                                 const RenderOptions& options) {
  switch (format) {
    case Format::kNative: {
      const auto profile = ProfileOf(policy);
      if (!profile.ok()) return profile.status();
      return Rendering{ProfileJson(*profile), {}};
    }
    case Format::kOci:
      return RenderOci(policy);
    case Format::kKubernetes:
      return RenderKubernetes(policy, options.name);
    case Format::kSystemd:
      return RenderSystemd(policy);
    case Format::kSystemdGroups:
      return RenderSystemdGroups(policy, options.groups);
    case Format::kPfc:
      return RenderPfc(policy);
    case Format::kBpf:
      return RenderBpf(policy);
    case Format::kMinijail:
      return RenderMinijail(policy);
    case Format::kKafel:
      return RenderKafel(policy, options.name);
  }
  return absl::InvalidArgumentError("no such form");
}

std::optional<Format> FormatOfName(std::string_view name) {
  for (const FormatName& known : kNames) {
    if (known.name == name) return known.format;
  }
  return std::nullopt;
}

std::string_view NameOf(Format format) {
  for (const FormatName& known : kNames) {
    if (known.format == format) return known.name;
  }
  return "";
}

std::vector<std::string> FormatNames() {
  std::vector<std::string> names;
  for (const FormatName& known : kNames) names.emplace_back(known.name);
  return names;
}

}  // namespace formfuzz::campaign
