# SPDX-License-Identifier: Apache-2.0
# formfuzz_add_library(<folder>
#     [SOURCES file...] [COLD file...] [HEADERS file...] [DEPENDS target...]
#     [NO_UMBRELLA] [OPT_IN])
# One library for one folder: target formfuzz_<folder>, to be named
# formfuzz::<folder>. Files are relative to the current folder or to its
# <folder>. COLD ones run once or twice a process: formfuzz_spare_optimiser().
# Without SOURCES it is header-only. Without HEADERS every *.h of
# <folder> is public. What lies in framework/ is installed under the same name
# and is part of the umbrella formfuzz::formfuzz, except that a <folder> ending
# in _main holds a main() and stays out of that, and so
# does OPT_IN. NO_UMBRELLA: neither.
include(GNUInstallDirs)

function(formfuzz_add_umbrella)
  add_library(formfuzz_umbrella INTERFACE)
  add_library(formfuzz::formfuzz ALIAS formfuzz_umbrella)
  set_target_properties(formfuzz_umbrella PROPERTIES EXPORT_NAME formfuzz)
  install(TARGETS formfuzz_umbrella EXPORT formfuzzTargets)
endfunction()

# The absolute path of each file, looked for here and then in `folder`.
function(_formfuzz_locate out folder)
  set(found "")
  foreach(file IN LISTS ARGN)
    if(IS_ABSOLUTE "${file}")
      list(APPEND found "${file}")
    elseif(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
      list(APPEND found "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    elseif(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${file}")
      list(APPEND found "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${file}")
    else()
      message(FATAL_ERROR "formfuzz_add_library(${folder}): no file ${file}")
    endif()
  endforeach()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# With sanitizers, optimising what reads or writes JSON takes longer than all
# that it will ever run.
function(formfuzz_spare_optimiser)
  if(FORMFUZZ_SANITIZE AND ARGN)
    # Headers are precompiled for those that are optimised.
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -O0
                                SKIP_PRECOMPILE_HEADERS ON)
  endif()
endfunction()

# For what runs once an execution of a fuzzed program: whatever the rest is
# built with, unless that is sanitizers.
function(formfuzz_optimise target)
  if(NOT FORMFUZZ_SANITIZE)
    target_compile_options(${target} PRIVATE -O2)
  endif()
endfunction()

# formfuzz_precompile(<target> [header...]): for targets of many files that read
# the same large headers, and those: read once, where a build asks for it.
# Elsewhere each file is compiled with what it includes itself, so that none
# forgets one.
option(FORMFUZZ_PRECOMPILE "Read large headers once a library, not once a file"
       OFF)
function(formfuzz_precompile target)
  if(FORMFUZZ_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE
        <algorithm> <chrono> <filesystem> <fstream> <functional> <map> <memory>
        <optional> <set> <span> <sstream> <string> <utility> <vector>
        <absl/status/statusor.h> <absl/strings/str_cat.h> <nlohmann/json.hpp>
        ${ARGN})
    # The same headers, the same bytes: a compiler cache looks at them.
    target_compile_options(${target} PRIVATE
        $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
  endif()
endfunction()

# Headers keep their path from the repository's root, as includes spell it.
function(_formfuzz_install_headers)
  foreach(header IN LISTS ARGN)
    file(RELATIVE_PATH path "${formfuzz_SOURCE_DIR}" "${header}")
    get_filename_component(folder "${path}" DIRECTORY)
    install(FILES "${header}"
            DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/formfuzz/${folder}")
  endforeach()
endfunction()

function(formfuzz_add_library folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NO_UMBRELLA;OPT_IN" ""
                        "SOURCES;COLD;HEADERS;DEPENDS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "formfuzz_add_library(${folder}): "
                        "what is ${arg_UNPARSED_ARGUMENTS}?")
  endif()
  _formfuzz_locate(cold "${folder}" ${arg_COLD})
  _formfuzz_locate(sources "${folder}" ${arg_SOURCES} ${cold})
  formfuzz_spare_optimiser(${cold})
  _formfuzz_locate(headers "${folder}" ${arg_HEADERS})
  if(NOT headers)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS
         "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.h")
  endif()

  set(target formfuzz_${folder})
  set(scope INTERFACE)
  if(sources)
    set(scope PUBLIC)
    add_library(${target} STATIC ${sources})
  else()
    add_library(${target} INTERFACE)
  endif()
  add_library(formfuzz::${folder} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${folder})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_include_directories(${target} ${scope}
      "$<BUILD_INTERFACE:${formfuzz_SOURCE_DIR}>"
      "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/formfuzz>")
  target_link_libraries(${target} ${scope} ${arg_DEPENDS})
  if(folder MATCHES "_main$")
    # It reads a command line, once; optimising that takes longest of all.
    target_compile_options(${target} PRIVATE -O0)
  endif()

  file(RELATIVE_PATH place "${formfuzz_SOURCE_DIR}"
       "${CMAKE_CURRENT_SOURCE_DIR}")
  if(arg_NO_UMBRELLA OR NOT place MATCHES "^framework")
    return()
  endif()
  if(NOT folder MATCHES "_main$" AND NOT arg_OPT_IN)
    target_link_libraries(formfuzz_umbrella INTERFACE ${target})
  endif()
  if(FORMFUZZ_INSTALL)
    # GoogleTest must not become a need of those who only fuzz.
    set(set formfuzzTargets)
    if(folder STREQUAL "property_main")
      set(set formfuzzPropertyTargets)
    endif()
    install(TARGETS ${target} EXPORT ${set})
    _formfuzz_install_headers(${headers})
  endif()
endfunction()
