// SPDX-License-Identifier: Apache-2.0
// What the sanitizers' runtimes offer to those who change stacks. Weak: null
// in a binary without that sanitizer, whatever this file was compiled with.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_FIBER_SANITIZER_FIBERS_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_FIBER_SANITIZER_FIBERS_H_

#include <cstddef>

extern "C" {

// sanitizer/common_interface_defs.h
__attribute__((weak)) void __sanitizer_start_switch_fiber(
    void** fake_stack_save, const void* bottom, size_t size);
__attribute__((weak)) void __sanitizer_finish_switch_fiber(
    void* fake_stack_save, const void** bottom_old, size_t* size_old);

// sanitizer/asan_interface.h
__attribute__((weak)) void __asan_unpoison_memory_region(
    const volatile void* address, size_t size);

// sanitizer/lsan_interface.h
__attribute__((weak)) void __lsan_register_root_region(const void* address,
                                                       size_t size);
__attribute__((weak)) void __lsan_unregister_root_region(const void* address,
                                                         size_t size);

// sanitizer/tsan_interface.h
__attribute__((weak)) void* __tsan_get_current_fiber();
__attribute__((weak)) void* __tsan_create_fiber(unsigned flags);
__attribute__((weak)) void __tsan_destroy_fiber(void* fiber);
__attribute__((weak)) void __tsan_switch_to_fiber(void* fiber, unsigned flags);
}

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_FIBER_SANITIZER_FIBERS_H_
