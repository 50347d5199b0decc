# SPDX-License-Identifier: Apache-2.0
# formfuzz_add_harness(NAME name SOURCES file...
#     [COMPONENT target...]   what is fuzzed: is given coverage
#     [LIBRARIES target...]   linked as it is
#     [INJECT part...]        what can be made to fail below it; see
#                             framework/fault/injection.h
#     [SNAPSHOT]              for Restore(Restoring::kSnapshot)
#     [PTHREADS]              tasks stand in for threads of C, and of std::
#     [NO_COMPARISONS]        the component's coverage is its edges alone
#     [DICTIONARY file] [OPTIONS "key=value" ...]
#     [SEEDS folder] [REGRESSIONS folder]
#     [UNLISTED])             binaries alone: no tests, nothing that `formfuzz`
#                             lists; for benchmarks
# Makes, in <build>/targets/:
#   name           the fuzzer, unless FORMFUZZ_ENGINE is replay
#   name_replay    runs, shows and minimises inputs; also made by gcc
#   name_property  a GoogleTest of random scenarios, where GoogleTest is found
#   name_reproducer  likewise, and only when asked for: of what stands in
#                  name_reproducer_test.cc, where `formfuzz` puts a finding's
#   name.dict name.options name.json   what OSS-Fuzz and `formfuzz` read
# and the tests name.regression (every curated input twice, in two orders) and
# name.property. OPTIONS are libFuzzer's (entropic=0 unless they say otherwise);
# "section:key=value" is for another section of name.options. Folders default to
# corpora/<name>/{seed,regression} of the project. SOURCES may name objects
# compiled elsewhere, for targets that share some: $<TARGET_OBJECTS:other>.
# Tracing comparisons tells the engine which bytes were sought, at a sixth of
# the speed: of use to arguments of free bytes and numbers, of none where all
# are drawn from what the component knows.
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/FormfuzzEngine.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/FormfuzzInject.cmake")

# A harness that is no more must not be listed: all describe themselves anew.
file(GLOB _formfuzz_old "${CMAKE_BINARY_DIR}/targets/*.json"
     "${CMAKE_BINARY_DIR}/targets/*.absent")
if(_formfuzz_old)
  file(REMOVE ${_formfuzz_old})
endif()

function(_formfuzz_harness_binary target)
  set_target_properties(${target} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/targets")
  target_link_libraries(${target} PRIVATE ${ARGN})
  if(FORMFUZZ_SANITIZE)
    string(REPLACE ";" "," sanitize "${FORMFUZZ_SANITIZE}")
    target_link_options(${target} PRIVATE -fsanitize=${sanitize})
  endif()
endfunction()

# The harness is compiled once; what differs is the main() that it is given.
# CMake binds a folder's targets late: the mains need not be defined before.
# ARGN: objects compiled elsewhere, which an object library would not pass on.
function(_formfuzz_harness_binaries name)
  set(objects ${name}_harness)
  set(all_objects "$<TARGET_OBJECTS:${objects}>" ${ARGN})
  if(NOT FORMFUZZ_ENGINE_KIND STREQUAL "replay")
    add_executable(${name} ${all_objects})
    set_target_properties(${name} PROPERTIES FORMFUZZ_HAS_ENGINE TRUE)
    _formfuzz_harness_binary(${name} ${objects} formfuzz::engine)
    # Engines refer to it weakly, which alone takes nothing from an archive.
    target_link_options(${name} PRIVATE "LINKER:-u,LLVMFuzzerTestOneInput")
    if(FORMFUZZ_ENGINE_LINK MATCHES "^-")
      target_link_options(${name} PRIVATE ${FORMFUZZ_ENGINE_LINK})
    else()
      target_link_libraries(${name} PRIVATE ${FORMFUZZ_ENGINE_LINK})
    endif()
  endif()
  add_executable(${name}_replay ${all_objects})
  _formfuzz_harness_binary(${name}_replay ${objects} formfuzz::replay_main)
  if(TARGET GTest::gtest)
    add_executable(${name}_property ${all_objects})
    _formfuzz_harness_binary(${name}_property ${objects}
                             formfuzz::property_main)
  endif()
endfunction()

# The source is whatever was last put there.
function(_formfuzz_harness_reproducer name)
  if(NOT TARGET GTest::gtest_main)
    return()
  endif()
  set(source "${CMAKE_BINARY_DIR}/targets/${name}_reproducer_test.cc")
  if(NOT EXISTS "${source}")
    file(WRITE "${source}" "// No finding has been put here.\n")
  endif()
  add_executable(${name}_reproducer EXCLUDE_FROM_ALL
      "${source}" "$<TARGET_OBJECTS:${name}_harness>" ${ARGN})
  _formfuzz_harness_binary(${name}_reproducer ${name}_harness formfuzz::replay
                           GTest::gtest_main)
endfunction()

# name.options as OSS-Fuzz reads it: INI, one section an engine or sanitizer.
function(_formfuzz_write_options name has_dictionary)
  set(sections libfuzzer)
  set(text_libfuzzer "")
  if(has_dictionary)
    set(text_libfuzzer "dict = ${name}.dict\n")
  endif()
  foreach(option IN LISTS ARGN)
    if(NOT option MATCHES "^(([a-z]+):)?([A-Za-z0-9_]+)=(.*)$")
      message(FATAL_ERROR "formfuzz_add_harness(${name}): the option "
                          "\"${option}\" is not key=value")
    endif()
    set(section libfuzzer)
    if(CMAKE_MATCH_2)
      set(section ${CMAKE_MATCH_2})
      list(APPEND sections ${section})
    endif()
    string(APPEND text_${section} "${CMAKE_MATCH_3} = ${CMAKE_MATCH_4}\n")
  endforeach()
  list(REMOVE_DUPLICATES sections)
  set(text "")
  foreach(section IN LISTS sections)
    string(APPEND text "[${section}]\n${text_${section}}")
  endforeach()
  file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/targets/${name}.options"
       CONTENT "${text}" @ONLY)
endfunction()

function(_formfuzz_json_list out)
  set(items "")
  foreach(item IN LISTS ARGN)
    string(REPLACE "\\" "\\\\" item "${item}")
    string(REPLACE "\"" "\\\"" item "${item}")
    list(APPEND items "\"${item}\"")
  endforeach()
  list(JOIN items ", " items)
  set(${out} "[${items}]" PARENT_SCOPE)
endfunction()

# name.json lets programs find a target without knowing CMake. `options` are
# those for libFuzzer; a path that is "" is not made by this build.
function(_formfuzz_write_description name dictionary seeds regressions)
  set(folder "${CMAKE_BINARY_DIR}/targets")
  set(binary "")
  set(property "")
  set(reproducer "")
  if(TARGET ${name}_reproducer)
    set(reproducer "${folder}/${name}_reproducer")
  endif()
  if(TARGET ${name})
    set(binary "${folder}/${name}")
  endif()
  if(TARGET ${name}_property)
    set(property "${folder}/${name}_property")
  endif()
  list(FILTER ARGN EXCLUDE REGEX "^[a-z]+:")
  _formfuzz_json_list(options ${ARGN})
  _formfuzz_json_list(seeds ${seeds})
  _formfuzz_json_list(regressions ${regressions})
  file(CONFIGURE OUTPUT "${folder}/${name}.json" @ONLY CONTENT
"{
  \"name\": \"${name}\",
  \"engine\": \"${FORMFUZZ_ENGINE_KIND}\",
  \"binary\": \"${binary}\",
  \"replay\": \"${folder}/${name}_replay\",
  \"property\": \"${property}\",
  \"reproducer\": \"${reproducer}\",
  \"source_folder\": \"${CMAKE_CURRENT_SOURCE_DIR}\",
  \"dictionary\": \"${dictionary}\",
  \"seeds\": ${seeds},
  \"regressions\": ${regressions},
  \"options\": ${options}
}
")
endfunction()

function(_formfuzz_harness_tests name)
  if(ARGN)
    add_test(NAME ${name}.regression
             COMMAND ${name}_replay --twice ${ARGN})
    set_tests_properties(${name}.regression PROPERTIES LABELS regression)
  endif()
  if(TARGET ${name}_property)
    add_test(NAME ${name}.property COMMAND ${name}_property)
    set_tests_properties(${name}.property PROPERTIES LABELS property)
  endif()
endfunction()

function(formfuzz_add_harness)
  cmake_parse_arguments(PARSE_ARGV 0 arg
      "NO_COMPARISONS;SNAPSHOT;PTHREADS;UNLISTED"
      "NAME;DICTIONARY"
      "SOURCES;COMPONENT;LIBRARIES;INJECT;OPTIONS;SEEDS;REGRESSIONS")
  if(NOT arg_NAME MATCHES "^[A-Za-z0-9_-]+$" OR NOT arg_SOURCES OR
     arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "formfuzz_add_harness: wants NAME (letters, digits, "
            "_ and -) and SOURCES; got NAME \"${arg_NAME}\", "
            "SOURCES \"${arg_SOURCES}\" and \"${arg_UNPARSED_ARGUMENTS}\"")
  endif()
  set(name ${arg_NAME})
  set(objects "${arg_SOURCES}")
  list(FILTER objects INCLUDE REGEX "^\\$<TARGET_OBJECTS:")
  list(FILTER arg_SOURCES EXCLUDE REGEX "^\\$<TARGET_OBJECTS:")
  add_library(${name}_harness OBJECT ${arg_SOURCES})
  target_compile_features(${name}_harness PUBLIC cxx_std_20)
  target_link_libraries(${name}_harness PUBLIC
      formfuzz::formfuzz ${arg_COMPONENT} ${arg_LIBRARIES})
  formfuzz_inject(${name}_harness ${arg_INJECT})
  if(arg_SNAPSHOT AND "alloc" IN_LIST arg_INJECT)
    message(FATAL_ERROR "formfuzz_add_harness(${name}): SNAPSHOT and INJECT "
                        "alloc both stand in front of malloc: choose one")
  endif()
  if(arg_SNAPSHOT)
    formfuzz_snapshot(${name}_harness)
  endif()
  if(arg_PTHREADS AND arg_INJECT MATCHES "time|libc")
    message(FATAL_ERROR "formfuzz_add_harness(${name}): PTHREADS and INJECT "
                        "time both stand in front of the clock: choose one")
  endif()
  if(arg_PTHREADS)
    formfuzz_pthreads(${name}_harness)
  endif()
  set(comparisons "")
  if(arg_NO_COMPARISONS)
    set(comparisons NO_COMPARISONS)
  endif()
  formfuzz_instrument(${comparisons} ${name}_harness ${arg_COMPONENT})
  _formfuzz_harness_binaries(${name} ${objects})
  if(arg_UNLISTED)
    return()
  endif()
  _formfuzz_harness_reproducer(${name} ${objects})

  # Folders that do not exist (yet) are passed over.
  foreach(kind SEEDS REGRESSIONS)
    string(TOLOWER "${kind}" folder)
    string(REGEX REPLACE "s$" "" folder "${folder}")
    if(NOT arg_${kind})
      set(arg_${kind} "${PROJECT_SOURCE_DIR}/corpora/${name}/${folder}")
    endif()
    set(folders_${kind} "")
    foreach(path IN LISTS arg_${kind})
      cmake_path(ABSOLUTE_PATH path NORMALIZE)
      if(IS_DIRECTORY "${path}")
        list(APPEND folders_${kind} "${path}")
      endif()
    endforeach()
  endforeach()

  set(dictionary "")
  if(arg_DICTIONARY)
    set(dictionary "${CMAKE_BINARY_DIR}/targets/${name}.dict")
    configure_file("${arg_DICTIONARY}" "${dictionary}" COPYONLY)
  endif()
  # Rare features are not counted: planted defects are found sooner so
  # (DECISIONS.md, "what does it choose by").
  if(NOT arg_OPTIONS MATCHES "(^|;)(libfuzzer:)?entropic=")
    list(PREPEND arg_OPTIONS entropic=0)
  endif()
  _formfuzz_write_options(${name} "${dictionary}" ${arg_OPTIONS})
  _formfuzz_write_description(${name} "${dictionary}" "${folders_SEEDS}"
                              "${folders_REGRESSIONS}" ${arg_OPTIONS})
  _formfuzz_harness_tests(${name} ${folders_SEEDS} ${folders_REGRESSIONS})
endfunction()
