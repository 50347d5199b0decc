# SPDX-License-Identifier: Apache-2.0
# Finds what formfuzz stands on, here and where its package is used. A project
# that brings targets of these names is believed; otherwise the installed
# package is taken. Nothing is downloaded.

# Seen also by a project that added formfuzz as a subfolder.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL TRUE)

# formfuzz_need(<target> <package> <Debian package> [<more for find_package>])
macro(formfuzz_need target package debian)
  if(NOT TARGET ${target})
    find_package(${package} QUIET ${ARGN})
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR
            "formfuzz needs ${package}: apt-get install ${debian}")
  endif()
endmacro()

formfuzz_need(Threads::Threads Threads libc6-dev)
formfuzz_need(absl::status absl libabsl-dev)
formfuzz_need(nlohmann_json::nlohmann_json nlohmann_json nlohmann-json3-dev)
formfuzz_need(CLI11::CLI11 CLI11 libcli11-dev)
formfuzz_need(Boost::headers Boost libboost1.81-dev 1.81)
formfuzz_need(Boost::context Boost libboost-context1.81-dev 1.81
              COMPONENTS context)

# Without GoogleTest a harness simply has no property test.
if(NOT TARGET GTest::gtest)
  find_package(GTest QUIET)
endif()
if(FORMFUZZ_BUILD_TESTS AND NOT TARGET GTest::gtest)
  message(FATAL_ERROR "The tests need GoogleTest: apt-get install libgtest-dev "
                      "libgmock-dev, or set -DFORMFUZZ_BUILD_TESTS=OFF")
endif()
