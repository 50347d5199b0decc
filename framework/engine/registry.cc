// SPDX-License-Identifier: Apache-2.0
// The list that FORMFUZZ_HARNESS adds to before main.
#include "framework/engine/harness.h"

namespace formfuzz {

std::vector<std::unique_ptr<Recipe>>& RegisteredRecipes() {
  static auto* const recipes = new std::vector<std::unique_ptr<Recipe>>();
  return *recipes;
}

}  // namespace formfuzz
