// SPDX-License-Identifier: Apache-2.0
// Policies in the forms that other programs enforce. What a form cannot say is
// never left out in silence: the rendering lets more through, or less, and says
// so in `lost`.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_RENDER_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_RENDER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "campaign/syscalls/policy/policy.h"
#include "campaign/syscalls/render/systemd_groups.h"

namespace formfuzz::campaign {

enum class Format : uint8_t {
  kNative,         // of profiles alone: profile_json.h
  kOci,            // runc, crun, Docker, Podman, containerd
  kKubernetes,     // SeccompProfile of the Security Profiles Operator
  kSystemd,        // a drop-in that names each call
  kSystemdGroups,  // a drop-in with the fewest @groups that cover them
  kPfc,            // libseccomp's pseudo code, for people
  kBpf,            // struct sock_filter, as bwrap --seccomp takes it
  kMinijail,
  kKafel,  // nsjail
};

struct RenderOptions {
  std::string name = "profile";  // of the program; made fit for each form
  // What systemd-analyze syscall-filter says; kSystemdGroups needs it.
  const SystemdGroups* groups = nullptr;
};

struct Rendering {
  std::string text = {};
  std::vector<std::string> lost = {};  // each a line for a person
};

absl::StatusOr<Rendering> Render(Format format, const Policy& policy,
                                 const RenderOptions& options);

// "oci", also "docker"; "kubernetes"; "systemd"; "systemd-groups"; "pfc";
// "bpf", also "bubblewrap"; "minijail"; "kafel", also "nsjail"; "native".
std::optional<Format> FormatOfName(std::string_view name);
std::string_view NameOf(Format format);
std::vector<std::string> FormatNames();

// One function a form; each in the file of its name.
Rendering RenderOci(const Policy& policy);
Rendering RenderKubernetes(const Policy& policy, const std::string& name);
Rendering RenderSystemd(const Policy& policy);
absl::StatusOr<Rendering> RenderSystemdGroups(const Policy& policy,
                                              const SystemdGroups* groups);
absl::StatusOr<Rendering> RenderPfc(const Policy& policy);
absl::StatusOr<Rendering> RenderBpf(const Policy& policy);
Rendering RenderMinijail(const Policy& policy);
Rendering RenderKafel(const Policy& policy, const std::string& name);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_RENDER_H_
