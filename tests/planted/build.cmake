# SPDX-License-Identifier: Apache-2.0
# cmake -DSOURCE=folder -DFOLDER=build -DGENERATOR=name -P build.cmake
# Builds every planted defect, configuring the folder where that is missing:
# AddressSanitizer, because some defects only read what they should not.
if(NOT EXISTS "${FOLDER}/CMakeCache.txt")
  execute_process(
      COMMAND "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${FOLDER}"
              -G "${GENERATOR}" -DCMAKE_CXX_COMPILER=clang++-19
              -DFORMFUZZ_ENGINE=libfuzzer -DFORMFUZZ_SANITIZE=address
              -DFORMFUZZ_BUILD_PROGRAM=OFF -DCMAKE_BUILD_TYPE=RelWithDebInfo
              "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -gline-tables-only"
      RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "the planted defects cannot be configured")
  endif()
endif()
cmake_host_system_information(RESULT jobs QUERY NUMBER_OF_LOGICAL_CORES)
execute_process(
    COMMAND "${CMAKE_COMMAND}" --build "${FOLDER}" --target planted -j ${jobs}
    RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "the planted defects cannot be built")
endif()
