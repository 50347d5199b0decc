// SPDX-License-Identifier: Apache-2.0
// std::atomic for tasks: a yield point before every operation. Operations are
// sequentially consistent whatever order they ask for, except that a relaxed
// one orders nothing in the happens-before check.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_ATOMIC_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_ATOMIC_H_

#include <atomic>
#include <cstring>
#include <type_traits>

#include "framework/schedule/sync_object.h"
#include "framework/schedule/yield.h"

namespace formfuzz::sync {

// What does not depend on the type.
class atomic_base {
 protected:
  static constexpr auto kSeqCst = std::memory_order_seq_cst;

  constexpr atomic_base() = default;
  // A yield point; afterwards what was released is acquired.
  void BeforeLoad(std::memory_order order) const;
  void BeforeStore(std::memory_order order);
  void BeforeUpdate(std::memory_order order);
  void Park(const YieldSite& site) const;
  void Wake(bool all);

 private:
  void Order(bool acquires, bool releases) const;

  mutable SyncObject object_{"atomic"};
};

template <class T>
class atomic : public atomic_base {
 public:
  using value_type = T;
  static constexpr bool is_always_lock_free = true;

  constexpr atomic() noexcept : value_() {}
  constexpr atomic(T value) noexcept : value_(value) {}
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  T load(std::memory_order order = kSeqCst) const {
    BeforeLoad(order);
    return value_;
  }
  void store(T value, std::memory_order order = kSeqCst) {
    BeforeStore(order);
    value_ = value;
  }
  T exchange(T value, std::memory_order order = kSeqCst) {
    return Update(order, [&](T) { return value; });
  }
  bool compare_exchange_strong(T& expected, T desired,
                               std::memory_order order = kSeqCst) {
    BeforeUpdate(order);
    if (std::memcmp(&value_, &expected, sizeof(T)) != 0) {
      expected = value_;
      return false;
    }
    value_ = desired;
    return true;
  }
  bool compare_exchange_strong(T& expected, T desired,
                               std::memory_order success, std::memory_order) {
    return compare_exchange_strong(expected, desired, success);
  }
  // Does not fail without reason.
  bool compare_exchange_weak(T& expected, T desired,
                             std::memory_order order = kSeqCst) {
    return compare_exchange_strong(expected, desired, order);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order success,
                             std::memory_order) {
    return compare_exchange_strong(expected, desired, success);
  }

  template <class By>
  T fetch_add(By by, std::memory_order order = kSeqCst) {
    return Update(order, [&](T old) { return static_cast<T>(old + by); });
  }
  template <class By>
  T fetch_sub(By by, std::memory_order order = kSeqCst) {
    return Update(order, [&](T old) { return static_cast<T>(old - by); });
  }
  T fetch_and(T with, std::memory_order order = kSeqCst) {
    return Update(order, [&](T old) { return static_cast<T>(old & with); });
  }
  T fetch_or(T with, std::memory_order order = kSeqCst) {
    return Update(order, [&](T old) { return static_cast<T>(old | with); });
  }
  T fetch_xor(T with, std::memory_order order = kSeqCst) {
    return Update(order, [&](T old) { return static_cast<T>(old ^ with); });
  }

  operator T() const { return load(); }
  T operator=(T value) {
    store(value);
    return value;
  }
  T operator++() { return static_cast<T>(fetch_add(1) + 1); }
  T operator--() { return static_cast<T>(fetch_sub(1) - 1); }
  T operator++(int) { return fetch_add(1); }
  T operator--(int) { return fetch_sub(1); }
  T operator+=(T by) { return static_cast<T>(fetch_add(by) + by); }
  T operator-=(T by) { return static_cast<T>(fetch_sub(by) - by); }

  void wait(T old, std::memory_order order = kSeqCst) const {
    static constexpr YieldSite kWait("atomic.wait");
    while (load(order) == old) Park(kWait);
  }
  void notify_one() { Wake(false); }
  void notify_all() { Wake(true); }

 private:
  template <class Change>
  T Update(std::memory_order order, Change change) {
    BeforeUpdate(order);
    const T old = value_;
    value_ = change(old);
    return old;
  }

  T value_;
};

class atomic_flag {
 public:
  bool test_and_set(std::memory_order order = std::memory_order_seq_cst) {
    return set_.exchange(true, order);
  }
  bool test(std::memory_order order = std::memory_order_seq_cst) const {
    return set_.load(order);
  }
  void clear(std::memory_order order = std::memory_order_seq_cst) {
    set_.store(false, order);
  }

 private:
  atomic<bool> set_{false};
};

}  // namespace formfuzz::sync

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_ATOMIC_H_
