# SPDX-License-Identifier: Apache-2.0
# formfuzz_inject(target part...)
# Lets what links the target fail the calls of a part: alloc, files, sockets,
# time, or libc for the last three. The linker puts our functions in front of
# the C library's in everything that is linked statically; what shared
# libraries call among themselves is not seen. Works with every sanitizer,
# since those still get each call that is not made to fail.
include_guard(GLOBAL)

set(FORMFUZZ_INJECT_alloc malloc calloc realloc aligned_alloc strdup
    _Znwm _Znam _ZnwmSt11align_val_t _ZnamSt11align_val_t
    _ZnwmRKSt9nothrow_t _ZnamRKSt9nothrow_t)
set(FORMFUZZ_INJECT_files open close read write pread pwrite fsync fdatasync
    ftruncate rename unlink mkdir fopen fflush)
set(FORMFUZZ_INJECT_sockets socket bind listen connect accept send sendto recv
    recvfrom poll)
set(FORMFUZZ_INJECT_time clock_gettime nanosleep)
foreach(part alloc files sockets time)
  set(FORMFUZZ_INJECT_${part} "${FORMFUZZ_INJECT_${part}}" CACHE INTERNAL
      "Functions that INJECT ${part} stands in front of")
endforeach()

# formfuzz_snapshot(target)
# Lets what links the target keep its subject in memory that is restored; see
# framework/restore/region.h.
function(formfuzz_snapshot target)
  foreach(function malloc calloc realloc free)
    target_link_options(${target} PUBLIC "LINKER:--wrap=${function}")
  endforeach()
  target_link_options(${target} PUBLIC "LINKER:-u,__wrap_free")
  target_link_libraries(${target} PUBLIC formfuzz::region_memory)
endfunction()

function(formfuzz_inject target)
  set(parts ${ARGN})
  if("libc" IN_LIST parts)
    list(REMOVE_ITEM parts libc)
    list(APPEND parts files sockets time)
  endif()
  list(REMOVE_DUPLICATES parts)
  foreach(part IN LISTS parts)
    if(NOT FORMFUZZ_INJECT_${part})
      message(FATAL_ERROR "formfuzz_inject(${target}): no part \"${part}\"; "
                          "there are alloc, files, sockets, time and libc")
    endif()
    # All of a part is in one object: the first name brings it in.
    list(GET FORMFUZZ_INJECT_${part} 0 first)
    target_link_options(${target} PUBLIC "LINKER:-u,__wrap_${first}")
    foreach(function IN LISTS FORMFUZZ_INJECT_${part})
      target_link_options(${target} PUBLIC "LINKER:--wrap=${function}")
    endforeach()
  endforeach()
  if(parts)
    target_link_libraries(${target} PUBLIC formfuzz::inject)
  endif()
endfunction()
