# SPDX-License-Identifier: Apache-2.0
# formfuzz_add_test(NAME name SOURCES file... [LIBRARIES target...]
#                   [LABELS label...] [TIMEOUT seconds])
# One GoogleTest program; ctest knows each of its cases as <name>.<Suite>.<Case>
function(formfuzz_add_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;TIMEOUT"
                        "SOURCES;LIBRARIES;LABELS")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_LIBRARIES} GTest::gtest
                        GTest::gmock GTest::gtest_main)
  target_include_directories(${arg_NAME} PRIVATE "${formfuzz_SOURCE_DIR}")
  # With sanitizers, optimising a test takes longer than running it; what it
  # calls in libraries is optimised.
  if(FORMFUZZ_SANITIZE)
    target_compile_options(${arg_NAME} PRIVATE -O0)
  endif()
  list(LENGTH arg_SOURCES files)
  if(files GREATER 3)
    formfuzz_precompile(${arg_NAME} <gmock/gmock.h> <gtest/gtest.h>)
  endif()
  include(GoogleTest)
  gtest_discover_tests(${arg_NAME} TEST_PREFIX "${arg_NAME}."
      DISCOVERY_MODE PRE_TEST NO_PRETTY_VALUES
      PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
endfunction()
