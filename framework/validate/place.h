// SPDX-License-Identifier: Apache-2.0
// The memory of one of the user's objects, and how the object there comes back
// to its first state.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_PLACE_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_PLACE_H_

#include <cstddef>
#include <memory>
#include <new>

#include "framework/restore/region.h"
#include "framework/restore/restoring.h"
#include "framework/scenario/recipe.h"

namespace formfuzz {

class Place {
 public:
  explicit Place(const Maker& maker, Restoring restoring = Restoring::kRebuild);
  ~Place();
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // An object in its first state; null if there is none to make. May throw
  // what the user's class throws.
  void* Construct(Run& run);
  // The run is over; `well`: with nothing found.
  void Retire(bool well);
  // Leaves the object where it is, for ever: somebody stands in it.
  void Abandon();

  void* object() const { return object_; }
  // Stand in it whenever the object's functions are called.
  Region* region() const { return region_.get(); }

 private:
  struct Free {
    size_t alignment;
    void operator()(std::byte* memory) const {
      ::operator delete(memory, std::align_val_t(alignment));
    }
  };
  std::unique_ptr<std::byte, Free> Allocate() const;
  void* Snapshot(Run& run);
  void Destroy();

  const Maker& maker_;
  Restoring restoring_;
  std::unique_ptr<std::byte, Free> memory_;
  std::unique_ptr<Region> region_;  // of a snapshot, once it was taken
  void* object_ = nullptr;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_PLACE_H_
