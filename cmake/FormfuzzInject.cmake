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

# formfuzz_pthreads(target)
# Lets what links the target run its threads, locks, waits and sleeps under the
# scheduler; see framework/schedule/posix/real.h, which lists the same.
function(formfuzz_pthreads target)
  set(functions
      mutex_init mutex_destroy mutex_lock mutex_trylock mutex_timedlock
      mutex_clocklock mutex_unlock spin_init spin_lock spin_trylock spin_unlock
      rwlock_init rwlock_destroy rwlock_rdlock rwlock_tryrdlock
      rwlock_timedrdlock rwlock_wrlock rwlock_trywrlock rwlock_timedwrlock
      rwlock_unlock cond_init cond_destroy cond_wait cond_timedwait
      cond_clockwait cond_signal cond_broadcast barrier_init barrier_wait
      create join detach self exit once setname_np getattr_np kill cancel)
  list(TRANSFORM functions PREPEND pthread_)
  set(start "_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_State")
  list(APPEND functions
      sem_init sem_wait sem_trywait sem_timedwait sem_clockwait sem_post
      sem_getvalue sched_yield clock_gettime gettimeofday time nanosleep
      clock_nanosleep usleep sleep
      # std::thread, std::condition_variable and the clocks of std::chrono
      ${start}ESt14default_deleteIS1_EEPFvvE _ZNSt6thread4joinEv
      _ZNSt6thread6detachEv
      _ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE
      _ZNSt18condition_variable10notify_oneEv
      _ZNSt18condition_variable10notify_allEv
      _ZNSt6chrono3_V212steady_clock3nowEv _ZNSt6chrono3_V212system_clock3nowEv)
  foreach(function IN LISTS functions)
    target_link_options(${target} PUBLIC "LINKER:--wrap=${function}")
  endforeach()
  # All of it: what refers to it may come later, the scheduler for one.
  target_link_libraries(${target} PUBLIC
      "$<LINK_LIBRARY:WHOLE_ARCHIVE,formfuzz::posix>")
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
