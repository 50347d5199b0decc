# SPDX-License-Identifier: Apache-2.0
# Finds what the framework stands on. A project that brings its own absl:: or
# GTest:: targets is believed; otherwise the installed package is taken.
# Seen also by a project that added formfuzz as a subfolder.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL TRUE)
find_package(Threads REQUIRED)
if(FORMFUZZ_BUILD_FRAMEWORK AND NOT TARGET absl::status)
  find_package(absl REQUIRED)
endif()
# Without GoogleTest a harness simply has no property test.
if(NOT TARGET GTest::gtest)
  find_package(GTest QUIET)
endif()
if(FORMFUZZ_BUILD_TESTS AND NOT TARGET GTest::gtest)
  message(FATAL_ERROR "The tests need GoogleTest: install libgtest-dev and "
                      "libgmock-dev, or set -DFORMFUZZ_BUILD_TESTS=OFF")
endif()
