// SPDX-License-Identifier: Apache-2.0
// The one recipe of a benchmark's program.
#ifndef FORMFUZZ_BENCH_RECIPE_H_
#define FORMFUZZ_BENCH_RECIPE_H_

#include "framework/engine/harness.h"

namespace formfuzz::bench {

inline const Recipe& TheRecipe() {
  static const Recipe& recipe = []() -> Recipe& {
    Recipe& only = *RegisteredRecipes().front();
    only.Finish();
    return only;
  }();
  return recipe;
}

}  // namespace formfuzz::bench

#endif  // FORMFUZZ_BENCH_RECIPE_H_
