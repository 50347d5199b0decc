# SPDX-License-Identifier: Apache-2.0
# Real libraries under test, compiled from sources that ci/fetch_sources put
# below FORMFUZZ_SOURCES: as they are, with warnings off, which are theirs.
#   formfuzz_find_source(name variable)   their folder, or "" where it is absent
#   formfuzz_leave_out(target reason)     a target that this build cannot make
#   formfuzz_add_foreign_library(name SOURCES ... [INCLUDES ...]
#       [PRIVATE_INCLUDES ...] [DEFINITIONS ...] [OPTIONS ...])
include_guard(GLOBAL)

set(FORMFUZZ_SOURCES "${PROJECT_SOURCE_DIR}/build/sources" CACHE PATH
    "Where ci/fetch_sources put the sources of real libraries")

function(formfuzz_find_source name variable)
  set(stamp "${FORMFUZZ_SOURCES}/${name}/.formfuzz-version")
  set(${variable} "" PARENT_SCOPE)
  # Once it comes, the next build finds it.
  file(MAKE_DIRECTORY "${FORMFUZZ_SOURCES}")
  set_property(DIRECTORY "${PROJECT_SOURCE_DIR}" APPEND PROPERTY
      CMAKE_CONFIGURE_DEPENDS "${FORMFUZZ_SOURCES}")
  if(EXISTS "${stamp}")
    set(${variable} "${FORMFUZZ_SOURCES}/${name}" PARENT_SCOPE)
  endif()
endfunction()

# `formfuzz list` shows it, with the reason.
function(formfuzz_leave_out target reason)
  message(STATUS "formfuzz: ${target} is left out: ${reason}")
  file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/targets/${target}.absent"
       CONTENT "${reason}\n" @ONLY)
endfunction()
set(FORMFUZZ_NO_SOURCES
    "its sources are not here: ./formfuzz sources fetches them")

function(formfuzz_add_foreign_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" ""
      "SOURCES;INCLUDES;PRIVATE_INCLUDES;DEFINITIONS;OPTIONS")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} SYSTEM PUBLIC ${arg_INCLUDES})
  target_include_directories(${name} PRIVATE ${arg_PRIVATE_INCLUDES})
  target_compile_definitions(${name} PUBLIC ${arg_DEFINITIONS})
  target_compile_options(${name} PRIVATE -w ${arg_OPTIONS})
  set_target_properties(${name} PROPERTIES C_STANDARD 11 C_EXTENSIONS ON)
endfunction()

# The compiler's other half, with the same flags, unless its name does not say
# which that is. Only where there is C.
macro(formfuzz_enable_c)
  if(NOT CMAKE_C_COMPILER)
    string(REGEX REPLACE "clang\\+\\+" "clang" _c "${CMAKE_CXX_COMPILER}")
    string(REGEX REPLACE "g\\+\\+" "gcc" _c "${_c}")
    if(NOT _c STREQUAL CMAKE_CXX_COMPILER)
      set(CMAKE_C_COMPILER "${_c}" CACHE FILEPATH "C compiler")
    endif()
  endif()
  if(CMAKE_CXX_COMPILER_LAUNCHER AND NOT CMAKE_C_COMPILER_LAUNCHER)
    set(CMAKE_C_COMPILER_LAUNCHER "${CMAKE_CXX_COMPILER_LAUNCHER}")
  endif()
  enable_language(C)
  foreach(_kind DEBUG RELEASE RELWITHDEBINFO)
    set(CMAKE_C_FLAGS_${_kind} "${CMAKE_CXX_FLAGS_${_kind}}")
  endforeach()
endmacro()

file(GLOB _formfuzz_sources "${FORMFUZZ_SOURCES}/*/.formfuzz-version")
if(_formfuzz_sources AND FORMFUZZ_BUILD_TARGETS)
  formfuzz_enable_c()
endif()
