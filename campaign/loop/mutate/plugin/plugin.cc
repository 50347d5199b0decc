// SPDX-License-Identifier: Apache-2.0
// dlopen, and the checks of what comes back.
#include "campaign/loop/mutate/plugin/plugin.h"

#include <dlfcn.h>

#include <algorithm>

#include "campaign/loop/mutate/plugin/formfuzz_mutator.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr char kEntryPoint[] = "formfuzz_mutator";

class Plugin final : public Mutator {
 public:
  // Takes over `object`.
  Plugin(void* object, const formfuzz_mutator_v1* table, uint64_t seed)
      : object_(object),
        table_(table),
        state_(table->create == nullptr ? nullptr : table->create(seed)) {}
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  ~Plugin() override {
    if (table_->destroy != nullptr) table_->destroy(state_);
    dlclose(object_);
  }

  std::string_view name() const override { return table_->name; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    const size_t size = input.size();
    input.resize(std::max(size, scene.size_max));
    const size_t made = table_->mutate(state_, input.data(), size,
                                       scene.size_max, scene.other.data(),
                                       scene.other.size(), scene.random.Next());
    // A plugin that says more than there is room for is not believed.
    const bool changed = made > 0 && made <= scene.size_max;
    input.resize(changed ? made : size);
    return changed;
  }

 private:
  void* object_;
  const formfuzz_mutator_v1* table_;
  void* state_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Mutator>> LoadMutator(const std::string& path,
                                                     uint64_t seed) {
  void* const object = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (object == nullptr) {
    return absl::NotFoundError(
        Concat("cannot load the mutator ", path, ": ", dlerror()));
  }
  using EntryPoint = const formfuzz_mutator_v1* (*)();
  const auto entry = reinterpret_cast<EntryPoint>(dlsym(object, kEntryPoint));
  const formfuzz_mutator_v1* const table = entry == nullptr ? nullptr : entry();
  if (table != nullptr && table->abi == FORMFUZZ_MUTATOR_ABI &&
      table->name != nullptr && table->mutate != nullptr) {
    return std::make_unique<Plugin>(object, table, seed);
  }
  dlclose(object);
  return absl::InvalidArgumentError(Concat(
      path, " has no function ", kEntryPoint, "() that returns a ",
      "mutator of ABI ", FORMFUZZ_MUTATOR_ABI, ": see formfuzz_mutator.h"));
}

}  // namespace formfuzz::campaign
