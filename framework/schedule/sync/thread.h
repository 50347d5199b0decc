// SPDX-License-Identifier: Apache-2.0
// std::thread for tasks: a component's thread is one more task of the run.
//
// Exists only inside a run with tasks. As with std::, a joinable one must not
// be destroyed, and an exception that leaves its function terminates.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_THREAD_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_THREAD_H_

#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include "framework/schedule/sync/clock.h"
#include "framework/schedule/sync_object.h"

namespace formfuzz::sync {

class thread {
 public:
  using id = int;  // of a task; -1 is none

  thread() noexcept = default;
  template <class Function, class... Arguments>
    requires(!std::is_same_v<std::remove_cvref_t<Function>, thread>)
  explicit thread(Function&& function, Arguments&&... arguments) {
    // std::function wants what can be copied.
    auto call = std::make_shared<
        std::tuple<std::decay_t<Function>, std::decay_t<Arguments>...>>(
        std::forward<Function>(function),
        std::forward<Arguments>(arguments)...);
    start([call] {
      std::apply([](auto&... parts) { std::invoke(std::move(parts)...); },
                 *call);
    });
  }
  thread(thread&& other) noexcept : task_(std::exchange(other.task_, -1)) {}
  thread& operator=(thread&& other) noexcept {
    if (joinable()) std::terminate();
    task_ = std::exchange(other.task_, -1);
    return *this;
  }
  ~thread() {
    if (joinable()) std::terminate();
  }

  bool joinable() const noexcept { return task_ >= 0; }
  id get_id() const noexcept { return task_; }
  void join();
  void detach() { task_ = -1; }
  static unsigned hardware_concurrency() noexcept { return 4; }

 private:
  void start(std::function<void()> body);

  id task_ = -1;
};

namespace this_thread {

thread::id get_id();

}  // namespace this_thread
}  // namespace formfuzz::sync

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_THREAD_H_
