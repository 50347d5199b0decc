// SPDX-License-Identifier: Apache-2.0
// The texts that a new harness starts from. @name@ is the target's name and
// @Name@ the name of its class.

#ifndef FORMFUZZ_CLI_SCAFFOLD_TEMPLATES_H_
#define FORMFUZZ_CLI_SCAFFOLD_TEMPLATES_H_

namespace formfuzz::cli {

inline constexpr char kFolderList[] = R"(# Fuzz targets.
find_package(formfuzz QUIET)
if(NOT formfuzz_FOUND)
  if(NOT DEFINED ENV{FORMFUZZ_HOME})
    message(FATAL_ERROR "formfuzz is not installed, and FORMFUZZ_HOME does not "
                        "say where a clone of it is")
  endif()
  add_subdirectory("$ENV{FORMFUZZ_HOME}" "${CMAKE_BINARY_DIR}/formfuzz"
                   EXCLUDE_FROM_ALL)
endif()
)";

inline constexpr char kHarnessList[] = R"(
formfuzz_add_harness(NAME @name@
    SOURCES @name@/@name@.cc
    # COMPONENT the library that is fuzzed: it is given coverage
    DICTIONARY @name@/@name@.dict)
)";

inline constexpr char kHarnessSource[] =
    R"(// What is fuzzed by @name@: replace the counter by a component of yours.

#include "framework/formfuzz.h"

namespace {

// Made anew for every scenario.
class @Name@ {
 public:
  // Steps: typed arguments in; done, or refused.
  bool Add(int amount) {
    if (amount > kMost - count_) return false;
    count_ += amount;
    return true;
  }
  bool Take(int amount) {
    if (amount > count_) return false;
    count_ -= amount;
    return true;
  }

  // What must hold after every step.
  bool CountIsInRange() const { return count_ >= 0 && count_ <= kMost; }

 private:
  static constexpr int kMost = 1000;
  int count_ = 0;
};

FORMFUZZ_HARNESS(@name@, @Name@)
    .Step("add", &@Name@::Add, formfuzz::InRange(1, 1000))
    .Step("take", &@Name@::Take, formfuzz::InRange(1, 1000))
    .Invariant("CountIsInRange", &@Name@::CountIsInRange);

}  // namespace
)";

inline constexpr char kDictionary[] =
    "# Words that matter to the component, one a line:  name=\"word\"\n";

inline constexpr char kRootList[] = R"(
# Fuzz targets: `formfuzz list` names them.
add_subdirectory(fuzz)
)";

}  // namespace formfuzz::cli

#endif  // FORMFUZZ_CLI_SCAFFOLD_TEMPLATES_H_
