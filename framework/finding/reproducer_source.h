// SPDX-License-Identifier: Apache-2.0
// A scenario as a GoogleTest case in C++, for people to read, keep and step
// through: docs/finding.md shows one. It says by framework/replay/reproducer.h
// what the text form says, a line each.
#ifndef FORMFUZZ_FRAMEWORK_FINDING_REPRODUCER_SOURCE_H_
#define FORMFUZZ_FRAMEWORK_FINDING_REPRODUCER_SOURCE_H_

#include <string>

#include "framework/scenario/scenario.h"
#include "framework/validate/trace.h"
#include "framework/validate/verdict.h"

namespace formfuzz {

// The whole file. `trace` is of the run that came to `verdict`; what each step
// and each switch came to stands behind it.
std::string ReproducerSource(const Recipe& recipe, const Scenario& scenario,
                             const Trace& trace, const Verdict& verdict);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FINDING_REPRODUCER_SOURCE_H_
