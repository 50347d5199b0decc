# SPDX-License-Identifier: Apache-2.0
# The package that find_package(formfuzz) finds: libraries, headers, the
# harness function, and this release's number.
include(CMakePackageConfigHelpers)

set(_package "${CMAKE_INSTALL_LIBDIR}/cmake/formfuzz")
configure_package_config_file(
    "${PROJECT_SOURCE_DIR}/cmake/formfuzzConfig.cmake.in"
    "${PROJECT_BINARY_DIR}/formfuzzConfig.cmake"
    INSTALL_DESTINATION "${_package}")
write_basic_package_version_file(
    "${PROJECT_BINARY_DIR}/formfuzzConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)

install(FILES "${PROJECT_SOURCE_DIR}/framework/formfuzz.h"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/formfuzz/framework")
install(EXPORT formfuzzTargets NAMESPACE formfuzz:: DESTINATION "${_package}")
if(TARGET formfuzz_property_main)
  install(EXPORT formfuzzPropertyTargets NAMESPACE formfuzz::
          DESTINATION "${_package}")
endif()
install(FILES "${PROJECT_BINARY_DIR}/formfuzzConfig.cmake"
              "${PROJECT_BINARY_DIR}/formfuzzConfigVersion.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/FormfuzzAddHarness.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/FormfuzzDependencies.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/FormfuzzEngine.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/FormfuzzInject.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/coverage_ignorelist.txt"
        DESTINATION "${_package}")
