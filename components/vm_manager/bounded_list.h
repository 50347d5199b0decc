// SPDX-License-Identifier: Apache-2.0
// A list of at most N values held in place: trivially copyable when T is, never
// allocates. push_back on a full list is refused and says so.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_BOUNDED_LIST_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_BOUNDED_LIST_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>

namespace vm_manager {

template <typename T, size_t N>
class BoundedList {
 public:
  BoundedList() = default;
  BoundedList(std::initializer_list<T> values) {
    for (const T& value : values) push_back(value);
  }

  static constexpr size_t capacity() { return N; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }

  bool push_back(const T& value) {
    if (size_ == N) return false;
    items_[size_++] = value;
    return true;
  }

  T& operator[](size_t index) { return items_[index]; }
  const T& operator[](size_t index) const { return items_[index]; }
  T* begin() { return items_.data(); }
  T* end() { return items_.data() + size_; }
  const T* begin() const { return items_.data(); }
  const T* end() const { return items_.data() + size_; }

  bool operator==(const BoundedList& other) const {
    return std::equal(begin(), end(), other.begin(), other.end());
  }

 private:
  std::array<T, N> items_{};
  size_t size_ = 0;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_BOUNDED_LIST_H_
