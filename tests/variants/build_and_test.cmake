# SPDX-License-Identifier: Apache-2.0
# cmake -DPRESET=p "-DTARGETS=a b" -DSELECTION=-R|-E -DREGEX=regex
#       -DDEFINITIONS=-Da=b;... -DSOURCE=folder -P
# Configures, builds and tests a preset; fails as soon as one of them does.
cmake_host_system_information(RESULT jobs QUERY NUMBER_OF_LOGICAL_CORES)

function(run_step)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${SOURCE}"
                  RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "preset ${PRESET}: failed: ${ARGN}")
  endif()
endfunction()

run_step("${CMAKE_COMMAND}" --preset "${PRESET}" -DFORMFUZZ_BUILD_TESTS=ON
         -DFORMFUZZ_TEST_VARIANTS=OFF ${DEFINITIONS})
separate_arguments(targets UNIX_COMMAND "${TARGETS}")
run_step("${CMAKE_COMMAND}" --build "build/${PRESET}" --target ${targets})
run_step("${CMAKE_CTEST_COMMAND}" --test-dir "build/${PRESET}" -j${jobs}
         --output-on-failure --no-tests=error ${SELECTION} "${REGEX}")
