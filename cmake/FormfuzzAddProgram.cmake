# SPDX-License-Identifier: Apache-2.0
# formfuzz_add_program(NAME name SOURCES file... [LIBRARIES target...])
# A program that `formfuzz run -- <build>/<name> ...` can fork or loop quickly,
# with coverage: edge counters and the runtime that shares them. Sources that
# define LLVMFuzzerTestOneInput need no main; those that loop include
# formfuzz_program.h. Of LIBRARIES, those of this build get counters too; name
# all of these, as what comes in by them alone is linked too late. With
# another compiler than clang it is an ordinary program.
include_guard(GLOBAL)

# What programs compare texts by: calls, which the runtime sees.
set(_FORMFUZZ_COMPARED memcmp bcmp strcmp strncmp strcasecmp strncasecmp strstr)

function(formfuzz_instrument_program target)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    return()
  endif()
  # The first keeps the optimiser from making one branch of several.
  target_compile_options(${target} PRIVATE
      -fsanitize=fuzzer-no-link
      -fno-sanitize-coverage=stack-depth,indirect-calls
      -fsanitize-coverage=inline-8bit-counters,pc-table,trace-cmp)
  foreach(name IN LISTS _FORMFUZZ_COMPARED)
    target_compile_options(${target} PRIVATE -fno-builtin-${name})
  endforeach()
endfunction()

function(formfuzz_add_program)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SOURCES;LIBRARIES")
  if(NOT arg_NAME OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "formfuzz_add_program: wants NAME and SOURCES; got "
            "\"${arg_NAME}\", \"${arg_SOURCES}\", "
            "\"${arg_UNPARSED_ARGUMENTS}\"")
  endif()
  if(NOT TARGET formfuzz_runtime)
    message(FATAL_ERROR "formfuzz_add_program(${arg_NAME}): the runtime is "
            "built with the program: set FORMFUZZ_BUILD_PROGRAM, or compile "
            "with formfuzz-clang++ instead")
  endif()
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_LIBRARIES})
  formfuzz_instrument_program(${arg_NAME})
  foreach(library IN LISTS arg_LIBRARIES)
    if(TARGET ${library})
      get_target_property(imported ${library} IMPORTED)
      get_target_property(type ${library} TYPE)
      if(NOT imported AND NOT type STREQUAL "INTERFACE_LIBRARY")
        formfuzz_instrument_program(${library})
      endif()
    endif()
  endforeach()
  target_link_libraries(${arg_NAME} PRIVATE formfuzz_runtime)
  foreach(name IN ITEMS main __libc_start_main ${_FORMFUZZ_COMPARED})
    target_link_options(${arg_NAME} PRIVATE "LINKER:--wrap=${name}")
  endforeach()
  # Last, so that the section of counters ends with a page: as a file, because
  # CMake moves objects of targets to the front.
  target_link_libraries(${arg_NAME} PRIVATE
      "${CMAKE_BINARY_DIR}/lib/formfuzz/formfuzz_section_end.o")
  add_dependencies(${arg_NAME} formfuzz_compiler)
endfunction()
