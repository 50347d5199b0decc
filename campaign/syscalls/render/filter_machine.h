// SPDX-License-Identifier: Apache-2.0
// Runs a compiled filter as the kernel would, so that what a rendering decides
// can be compared with what the profile says. Classic BPF over struct
// seccomp_data: seccomp(2), and the kernel's filter.rst.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_FILTER_MACHINE_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_FILTER_MACHINE_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "campaign/syscalls/policy/policy.h"

namespace formfuzz::campaign {

// `filter` holds struct sock_filter. Errors: InvalidArgument for what the
// kernel would not load either.
absl::StatusOr<Decision> RunFilter(std::string_view filter, Arch arch,
                                   int number, const CallArguments& arguments,
                                   uint64_t instruction_pointer = 0);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_FILTER_MACHINE_H_
