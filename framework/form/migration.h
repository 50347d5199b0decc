// SPDX-License-Identifier: Apache-2.0
// Inputs that another version of a harness encoded, brought over by name.
//
// The schema that was kept beside them is enough to print them as text; the
// present harness parses that text leniently: steps, arguments and fields
// keep their values by name, what is new takes its smallest value, what is
// gone is dropped, numbers are clamped into their range. A handle goes on
// naming what the same step makes, or nothing where that step is gone.
#ifndef FORMFUZZ_FRAMEWORK_FORM_MIGRATION_H_
#define FORMFUZZ_FRAMEWORK_FORM_MIGRATION_H_

#include <string>

#include "framework/scenario/scenario.h"

namespace formfuzz {

// The text form of an input under the schema that it was encoded under.
// Fields behind a domain that depends on a value (FlatMap) are left out of
// their step. InvalidArgument if `schema` is not one of a scenario.
absl::StatusOr<std::string> PrintUnderSchema(const Schema& schema, Bytes input);

// Into the encoding of `recipe`.
absl::StatusOr<std::string> MigrateInput(const Schema& schema, Bytes input,
                                         const Recipe& recipe);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FORM_MIGRATION_H_
