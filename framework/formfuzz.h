// SPDX-License-Identifier: Apache-2.0
// All that a harness includes.
#ifndef FORMFUZZ_FRAMEWORK_FORMFUZZ_H_
#define FORMFUZZ_FRAMEWORK_FORMFUZZ_H_

#include "framework/domain/any_domain.h"
#include "framework/domain/arbitrary.h"
#include "framework/domain/handle.h"
#include "framework/engine/harness.h"
#include "framework/scenario/outcome.h"
#include "framework/scenario/run.h"
#include "framework/validate/rerun/relations.h"

#endif  // FORMFUZZ_FRAMEWORK_FORMFUZZ_H_
