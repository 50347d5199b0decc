# SPDX-License-Identifier: Apache-2.0
# What the choice FORMFUZZ_ENGINE means for compiling and linking. The choice
# belongs to a build, never to a harness. Results, for formfuzz_add_harness():
#   FORMFUZZ_ENGINE_KIND     libfuzzer, afl, replay or custom
#   FORMFUZZ_ENGINE_COMPILE  options that give what is fuzzed its coverage
#   FORMFUZZ_ENGINE_EDGES    the same without the operands of comparisons
#   FORMFUZZ_ENGINE_STUBS    link options for programs with such code and no
#                            engine: clang's runtime then answers the coverage
#   FORMFUZZ_ENGINE_LINK     what turns objects into the engine's binary

set(FORMFUZZ_COVERAGE_IGNORELIST
    "${CMAKE_CURRENT_LIST_DIR}/coverage_ignorelist.txt" CACHE INTERNAL
    "What is no coverage of a component although it is compiled with it")
set(FORMFUZZ_ENGINE "" CACHE STRING
    "libfuzzer, afl, replay, or an engine archive or flag to link; \
empty: libfuzzer with clang, replay otherwise")
set(FORMFUZZ_SANITIZE "" CACHE STRING
    "Sanitizers as for -fsanitize=, such as address,undefined")

macro(_formfuzz_engine_libfuzzer)
  set(FORMFUZZ_ENGINE_COMPILE -fsanitize=fuzzer-no-link)
  set(FORMFUZZ_ENGINE_EDGES
      -fsanitize-coverage=inline-8bit-counters,pc-table)
  set(FORMFUZZ_ENGINE_STUBS -fsanitize=fuzzer-no-link)
  set(FORMFUZZ_ENGINE_LINK -fsanitize=fuzzer)
endmacro()

# AFL++'s compiler wrappers lag behind clang, its runtime does not: plain
# clang's coverage together with the runtime object and the driver suffices.
macro(_formfuzz_engine_afl)
  find_library(FORMFUZZ_AFL_DRIVER NAMES libAFLDriver.a AFLDriver
               PATHS /usr/lib/afl /usr/local/lib/afl)
  find_file(FORMFUZZ_AFL_RUNTIME afl-compiler-rt.o
            PATHS /usr/lib/afl /usr/local/lib/afl)
  mark_as_advanced(FORMFUZZ_AFL_DRIVER FORMFUZZ_AFL_RUNTIME)
  if(NOT FORMFUZZ_AFL_DRIVER OR NOT FORMFUZZ_AFL_RUNTIME)
    message(FATAL_ERROR "FORMFUZZ_ENGINE=afl needs libAFLDriver.a and "
                        "afl-compiler-rt.o: install afl++")
  endif()
  set(FORMFUZZ_ENGINE_COMPILE -fsanitize-coverage=trace-pc-guard,trace-cmp)
  set(FORMFUZZ_ENGINE_EDGES -fsanitize-coverage=trace-pc-guard)
  set(FORMFUZZ_ENGINE_STUBS ${FORMFUZZ_ENGINE_COMPILE})
  set(FORMFUZZ_ENGINE_LINK "${FORMFUZZ_AFL_DRIVER}" "${FORMFUZZ_AFL_RUNTIME}")
endmacro()

macro(formfuzz_choose_engine)
  set(FORMFUZZ_ENGINE_COMPILE "")
  set(FORMFUZZ_ENGINE_EDGES "")
  set(FORMFUZZ_ENGINE_STUBS "")
  set(FORMFUZZ_ENGINE_LINK "")
  set(_formfuzz_clang FALSE)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    set(_formfuzz_clang TRUE)
  endif()
  set(FORMFUZZ_ENGINE_KIND "${FORMFUZZ_ENGINE}")
  if(FORMFUZZ_ENGINE STREQUAL "")
    set(FORMFUZZ_ENGINE_KIND libfuzzer)
    if(NOT _formfuzz_clang)
      message(STATUS
              "libFuzzer targets need clang; building the replay engine only")
      set(FORMFUZZ_ENGINE_KIND replay)
    endif()
  elseif(FORMFUZZ_ENGINE MATCHES "^(libfuzzer|afl)$" AND NOT _formfuzz_clang)
    message(FATAL_ERROR "FORMFUZZ_ENGINE=${FORMFUZZ_ENGINE} needs clang, and "
            "the compiler is ${CMAKE_CXX_COMPILER}: set "
            "-DCMAKE_CXX_COMPILER=clang++-19 or -DFORMFUZZ_ENGINE=replay")
  endif()

  if(FORMFUZZ_ENGINE_KIND STREQUAL "libfuzzer")
    _formfuzz_engine_libfuzzer()
  elseif(FORMFUZZ_ENGINE_KIND STREQUAL "afl")
    _formfuzz_engine_afl()
  elseif(NOT FORMFUZZ_ENGINE_KIND STREQUAL "replay")
    # $LIB_FUZZING_ENGINE: who sets it also sets the flags for coverage.
    if(NOT FORMFUZZ_ENGINE MATCHES "^-" AND NOT EXISTS "${FORMFUZZ_ENGINE}")
      message(FATAL_ERROR "FORMFUZZ_ENGINE=${FORMFUZZ_ENGINE} is neither "
              "libfuzzer, afl, replay, a flag, nor an archive that exists")
    endif()
    set(FORMFUZZ_ENGINE_LINK "${FORMFUZZ_ENGINE}")
    if(NOT EXISTS "${FORMFUZZ_ENGINE}")
      separate_arguments(FORMFUZZ_ENGINE_LINK UNIX_COMMAND "${FORMFUZZ_ENGINE}")
    endif()
    set(FORMFUZZ_ENGINE_KIND custom)
  endif()
  # A project that adds formfuzz as a subfolder adds harnesses outside of it.
  foreach(suffix KIND COMPILE EDGES STUBS LINK)
    set(FORMFUZZ_ENGINE_${suffix} "${FORMFUZZ_ENGINE_${suffix}}"
        CACHE INTERNAL "see FormfuzzEngine.cmake" FORCE)
  endforeach()
endmacro()

# formfuzz_instrument([NO_COMPARISONS] target...)
# Gives targets of this build the engine's coverage and the sanitizers of
# FORMFUZZ_SANITIZE; imported ones and those done already are passed over. With
# an engine their fault points are armed as well; a build with replay alone
# leaves another project's own libraries as they are. NO_COMPARISONS: edges
# only, see formfuzz_add_harness.
function(formfuzz_instrument)
  cmake_parse_arguments(PARSE_ARGV 0 arg "NO_COMPARISONS" "" "")
  set(coverage "${FORMFUZZ_ENGINE_COMPILE}")
  if(arg_NO_COMPARISONS)
    set(coverage "${FORMFUZZ_ENGINE_EDGES}")
  endif()
  foreach(name IN LISTS arg_UNPARSED_ARGUMENTS)
    get_target_property(target "${name}" ALIASED_TARGET)
    if(NOT target)
      set(target "${name}")
    endif()
    get_target_property(imported ${target} IMPORTED)
    get_target_property(type ${target} TYPE)
    get_target_property(done ${target} FORMFUZZ_INSTRUMENTED)
    if(imported OR done OR type STREQUAL "INTERFACE_LIBRARY")
      continue()
    endif()
    set_target_properties(${target} PROPERTIES FORMFUZZ_INSTRUMENTED TRUE)
    _formfuzz_instrument_one(${target} ${coverage})
  endforeach()
endfunction()

function(_formfuzz_instrument_one target)
  target_compile_options(${target} PRIVATE ${ARGN})
  if(ARGN AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_compile_options(${target} PRIVATE
        "-fsanitize-coverage-ignorelist=${FORMFUZZ_COVERAGE_IGNORELIST}")
  endif()
  # An engine's binary must not also get the runtime that stands in for one.
  if(FORMFUZZ_ENGINE_STUBS)
    set(no_engine "$<NOT:$<BOOL:$<TARGET_PROPERTY:FORMFUZZ_HAS_ENGINE>>>")
    target_link_options(${target} INTERFACE
                        "$<${no_engine}:${FORMFUZZ_ENGINE_STUBS}>")
  endif()
  if(NOT FORMFUZZ_ENGINE_KIND STREQUAL "replay" OR formfuzz_IS_TOP_LEVEL)
    target_compile_definitions(${target} PRIVATE FORMFUZZ_FUZZING=1)
  endif()
  if(FORMFUZZ_SANITIZE AND NOT formfuzz_IS_TOP_LEVEL)
    string(REPLACE ";" "," sanitize "${FORMFUZZ_SANITIZE}")
    target_compile_options(${target} PRIVATE -fsanitize=${sanitize}
        -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} INTERFACE -fsanitize=${sanitize})
  endif()
endfunction()

formfuzz_choose_engine()
