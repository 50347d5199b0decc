// SPDX-License-Identifier: Apache-2.0
// Changing the arguments of inputs that are whole command lines.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_FORM_ARGUMENT_MUTATORS_H_
#define FORMFUZZ_CAMPAIGN_LOOP_FORM_ARGUMENT_MUTATORS_H_

#include <string>
#include <vector>

#include "campaign/loop/mutate/mutator.h"
#include "framework/base/arena.h"
#include "generators/command_line.h"

namespace formfuzz::campaign {

using CommandLineDomain = decltype(CommandLines());

InputBytes Encoded(const CommandLineDomain& domain, const CommandLine& line);
CommandLine Decoded(const CommandLineDomain& domain, Bytes input, Arena& arena);

// Arguments made of words that the program may know, and those of another
// input put between one's own.
void AddArgumentMutators(const std::vector<std::string>& words,
                         Mutators* mutators);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_FORM_ARGUMENT_MUTATORS_H_
