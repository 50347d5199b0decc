// SPDX-License-Identifier: Apache-2.0
// main() of every <target>_property.
#include <gtest/gtest.h>

#include "framework/engine/property.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  formfuzz::RegisterPropertyTests();
  return RUN_ALL_TESTS();
}
