// SPDX-License-Identifier: Apache-2.0
// The flags that say in which form a profile is written, and the writing.
#ifndef FORMFUZZ_CLI_PROFILE_RENDERING_H_
#define FORMFUZZ_CLI_PROFILE_RENDERING_H_

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/status.h"
#include "campaign/syscalls/profile/profile.h"

namespace formfuzz::cli {

struct RenderingFlags {
  std::string format;
  std::string level = "names";
  std::string phases;
  std::string default_action = "ENOSYS";
  std::string runtime = "none";
  std::string name;  // of the profile; else its program's
};

// `flags` must outlive the parsing. Returns the option that names the form.
CLI::Option* AddRenderingFlags(CLI::App* verb, RenderingFlags& flags);

// To the file `out`, or to stdout where it is "". What the form cannot say is
// told on stderr.
absl::Status WriteRendering(RenderingFlags flags,
                            const campaign::Profile& profile,
                            const std::string& out);

}  // namespace formfuzz::cli

#endif  // FORMFUZZ_CLI_PROFILE_RENDERING_H_
