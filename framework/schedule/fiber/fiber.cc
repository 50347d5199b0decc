// SPDX-License-Identifier: Apache-2.0
// One jump, and the annotations around it.
#include "framework/schedule/fiber/fiber.h"

#include <cxxabi.h>
#include <sys/mman.h>
#include <unistd.h>

#include <boost/context/detail/fcontext.hpp>
#include <cstring>
#include <utility>

#include "framework/base/check.h"
#include "framework/schedule/fiber/sanitizer_fibers.h"

namespace formfuzz {
namespace {

using boost::context::detail::jump_fcontext;
using boost::context::detail::make_fcontext;
using boost::context::detail::transfer_t;

size_t PageBytes() {
  static const auto bytes = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

// Switches synchronise, to ThreadSanitizer: the scheduler's own state is
// shared by all fibers, and races are the happens-before check's business.
constexpr unsigned kSynchronise = 0;

}  // namespace

Fiber::Fiber(Entry entry, void* argument)
    : stack_bytes_(kFiberStackBytes), entry_(entry), argument_(argument) {
  const size_t guard = PageBytes();
  void* mapped = mmap(nullptr, guard + stack_bytes_, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  FORMFUZZ_CHECK(mapped != MAP_FAILED, "no memory for the stack of a task");
  FORMFUZZ_CHECK(mprotect(mapped, guard, PROT_NONE) == 0,
                 "the stack of a task cannot be guarded");
  stack_ = static_cast<std::byte*>(mapped) + guard;
  context_ = make_fcontext(static_cast<std::byte*>(stack_) + stack_bytes_,
                           stack_bytes_,
                           [](transfer_t transfer) { Begin(&transfer); });
  if (__tsan_create_fiber != nullptr) thread_state_ = __tsan_create_fiber(0);
}

Fiber::~Fiber() {
  if (entry_ == nullptr) return;
  if (kept_reachable_) __lsan_unregister_root_region(stack_, stack_bytes_);
  if (__tsan_destroy_fiber != nullptr) __tsan_destroy_fiber(thread_state_);
  // Frames that are never left stay poisoned for whoever maps this next.
  if (__asan_unpoison_memory_region != nullptr) {
    __asan_unpoison_memory_region(stack_, stack_bytes_);
  }
  munmap(static_cast<std::byte*>(stack_) - PageBytes(),
         stack_bytes_ + PageBytes());
}

void Fiber::KeepReachable() {
  if (__lsan_register_root_region == nullptr) return;
  __lsan_register_root_region(stack_, stack_bytes_);
  kept_reachable_ = true;
}

namespace {

// What a switch hands over: who comes, and who is come to.
struct Passengers {
  Fiber* from;
  Fiber* to;
};

}  // namespace

void Fiber::SwitchTo(Fiber& next) {
  void* const globals = abi::__cxa_get_globals();
  std::memcpy(&exceptions_, globals, sizeof exceptions_);
  std::memcpy(globals, &next.exceptions_, sizeof exceptions_);
  if (__tsan_switch_to_fiber != nullptr) {
    if (entry_ == nullptr) thread_state_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(next.thread_state_, kSynchronise);
  }
  if (__sanitizer_start_switch_fiber != nullptr) {
    __sanitizer_start_switch_fiber(&fake_stack_, next.stack_,
                                   next.stack_bytes_);
  }
  Passengers passengers{this, &next};
  const transfer_t arrived =
      jump_fcontext(std::exchange(next.context_, nullptr), &passengers);
  Arrive(arrived.fctx, *static_cast<Passengers*>(arrived.data)->from);
}

void Fiber::Begin(void* from) {
  const auto* transfer = static_cast<transfer_t*>(from);
  const auto* passengers = static_cast<Passengers*>(transfer->data);
  Fiber& self = *passengers->to;
  self.Arrive(transfer->fctx, *passengers->from);
  self.entry_(self.argument_);
  FORMFUZZ_CHECK(false, "the entry of a fiber returned");
}

// On the stack of this fiber, having left `from`. A thread's own stack is
// known to the sanitizer alone; what it says about it is kept.
void Fiber::Arrive(void* from_context, Fiber& from) {
  if (__sanitizer_finish_switch_fiber != nullptr) {
    const void* bottom = nullptr;
    size_t bytes = 0;
    __sanitizer_finish_switch_fiber(fake_stack_, &bottom, &bytes);
    if (from.entry_ == nullptr) {
      from.stack_ = const_cast<void*>(bottom);
      from.stack_bytes_ = bytes;
    }
  }
  from.context_ = from_context;
}

}  // namespace formfuzz
