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
    // Kept: making room in the input would clear a megabyte each time.
    if (room_.size() < scene.size_max) room_.resize(scene.size_max);
    if (size > room_.size()) return false;
    std::copy(input.begin(), input.end(), room_.begin());
    const size_t made = table_->mutate(state_, room_.data(), size,
                                       scene.size_max, scene.other.data(),
                                       scene.other.size(), scene.random.Next());
    // A plugin that says more than there is room for is not believed.
    if (made == 0 || made > scene.size_max) return false;
    input.assign(
        room_.begin(),
        room_.begin() + static_cast<InputBytes::difference_type>(made));
    return true;
  }

 private:
  void* object_;
  const formfuzz_mutator_v1* table_;
  void* state_;
  InputBytes room_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Mutator>> LoadMutator(const std::string& path,
                                                     uint64_t seed) {
  // A bare name would be looked for where libraries are.
  const std::string file =
      path.find('/') == path.npos ? Concat("./", path) : path;
  void* const object = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
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
