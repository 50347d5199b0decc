// SPDX-License-Identifier: Apache-2.0
// A T from those that were given back, so that what its containers allocated
// is there for the next one: for what every run makes and drops.
//
// T::Clear() leaves it as it was made, but for the room that containers keep.
// Where memory is brought back (framework/restore) each is made anew. For one
// thread. A pointer into one that was given back is still one into memory: no
// sanitizer tells of its use.
#ifndef FORMFUZZ_FRAMEWORK_BASE_RECYCLED_H_
#define FORMFUZZ_FRAMEWORK_BASE_RECYCLED_H_

#include <memory>
#include <utility>
#include <vector>

namespace formfuzz {

// False where what is made lies in memory that is brought back to what it was.
constinit inline thread_local bool may_recycle = true;

template <class T>
class Recycled {
 public:
  Recycled() {
    if (!recycles_ || Idle().empty()) {
      object_ = std::make_unique<T>();
    } else {
      object_ = std::move(Idle().back());
      Idle().pop_back();
    }
  }
  Recycled(const Recycled&) = delete;
  Recycled& operator=(const Recycled&) = delete;
  ~Recycled() {
    if (!recycles_) return;
    object_->Clear();
    Idle().push_back(std::move(object_));
  }

  T& operator*() { return *object_; }
  const T& operator*() const { return *object_; }
  T* operator->() { return object_.get(); }
  const T* operator->() const { return object_.get(); }

 private:
  // Never destroyed: subjects may outlive what main() destroys.
  static std::vector<std::unique_ptr<T>>& Idle() {
    static auto* const idle = new std::vector<std::unique_ptr<T>>();
    return *idle;
  }

  const bool recycles_ = may_recycle;
  std::unique_ptr<T> object_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_BASE_RECYCLED_H_
