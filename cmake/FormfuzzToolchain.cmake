# SPDX-License-Identifier: Apache-2.0
# Compiler settings of this directory tree: language level, warnings, linker
# and sanitizers. As a part of another project only what that project asked
# for is set, and only below this directory.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo)
  endif()
  add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Werror)
  find_program(FORMFUZZ_CCACHE ccache)
  mark_as_advanced(FORMFUZZ_CCACHE)
  if(FORMFUZZ_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${FORMFUZZ_CCACHE}")
    if(FORMFUZZ_PRECOMPILE)
      # It keeps what has precompiled headers only when told so.
      set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
          CCACHE_SLOPPINESS=pch_defines,time_macros "${FORMFUZZ_CCACHE}")
    endif()
  endif()
  # The linker of clang's own release links several times as fast.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-prog-name=ld.lld
                    OUTPUT_VARIABLE _lld OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(IS_ABSOLUTE "${_lld}" AND EXISTS "${_lld}")
      add_link_options(-fuse-ld=lld)
    endif()
  endif()
endif()

# The framework hands text and numbers about, and sees nothing of a component's
# memory; without sanitizers in it, targets run a seventh faster. Its own tests
# want them, and TSan and MSan must see all there is.
option(FORMFUZZ_SANITIZE_ALL "Put sanitizers into the framework as well"
       ${FORMFUZZ_BUILD_TESTS})
if(FORMFUZZ_SANITIZE MATCHES "thread|memory")
  set(FORMFUZZ_SANITIZE_ALL ON)
endif()
if(FORMFUZZ_SANITIZE)
  string(REPLACE ";" "," _sanitize "${FORMFUZZ_SANITIZE}")
  add_compile_options(-fsanitize=${_sanitize} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${_sanitize})
endif()
if(FORMFUZZ_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
