// SPDX-License-Identifier: Apache-2.0
// Loads a mutator from a shared object that keeps to formfuzz_mutator.h. Its
// code runs in this process: whoever names it trusts it.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_MUTATE_PLUGIN_PLUGIN_H_
#define FORMFUZZ_CAMPAIGN_LOOP_MUTATE_PLUGIN_PLUGIN_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "campaign/loop/mutate/mutator.h"

namespace formfuzz::campaign {

// Errors: NotFound (no such file, or not an object that can be loaded),
// InvalidArgument (no formfuzz_mutator in it, or of another ABI).
absl::StatusOr<std::unique_ptr<Mutator>> LoadMutator(const std::string& path,
                                                     uint64_t seed);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_MUTATE_PLUGIN_PLUGIN_H_
