// SPDX-License-Identifier: Apache-2.0
// A walk over functions and objects of all modules.

#include "campaign/syscalls/code/call_graph.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "campaign/syscalls/code/module_code.h"

namespace formfuzz::campaign {
namespace {

// x86-64's rt_sigreturn and restart_syscall.
constexpr uint32_t kSignalReturn = 15;
constexpr uint32_t kRestart = 219;

class Walk {
 public:
  explicit Walk(std::vector<std::unique_ptr<ModuleCode>> modules)
      : modules_(std::move(modules)) {}

  // Whoever loads the modules from `loaded` on may ask for anything in them.
  ReachedCalls Run(size_t loaded) {
    for (size_t module = 0; module < modules_.size(); ++module) {
      for (const uint64_t entry : modules_[module]->image().entries()) {
        Reach({module, entry});
      }
      if (module < loaded) continue;
      for (const auto& [name, place] : modules_[module]->image().exports()) {
        Reach({module, place});
      }
    }
    while (!left_.empty()) {
      const Place place = left_.back();
      left_.pop_back();
      if (modules_[place.first]->image().IsCode(place.second)) {
        LookAtFunction(place);
      } else {
        LookAtObject(place);
      }
    }
    // Handlers return, and stopped sleeps go on, by the kernel's doing.
    reached_.numbers.insert({kSignalReturn, kRestart});
    return std::move(reached_);
  }

 private:
  using Place = std::pair<size_t, uint64_t>;  // module, address

  // The function or the object that an address is in.
  void Reach(Place place) {
    const ModuleCode& module = *modules_[place.first];
    const uint64_t begin = module.FunctionOf(place.second);
    place.second = begin != 0 ? begin : module.ObjectOf(place.second).begin;
    if (seen_.insert(place).second) left_.push_back(place);
  }

  void ReachName(size_t from, std::string_view name) {
    if (from == 0 && (name == "dlopen" || name == "dlmopen")) {
      reached_.loads_more = true;
    }
    for (size_t module = 0; module < modules_.size(); ++module) {
      const auto& exports = modules_[module]->image().exports();
      const auto found = exports.find(name);
      if (found == exports.end()) continue;
      Reach({module, found->second});
      return;
    }
  }

  void LookAtFunction(const Place& place) {
    const ModuleCode& module = *modules_[place.first];
    const FunctionCode& function = module.function(place.second);
    ++reached_.functions;
    const bool is_syscall = IsSyscallFunction(place);
    reached_.numbers.insert(function.numbers.begin(), function.numbers.end());
    if (!is_syscall) reached_.unknown += function.unknown;
    for (const uint64_t address : function.refers_to) {
      Reach({place.first, address});
      if (CallsSyscall(place.first, address)) TakeArguments(function);
    }
  }

  // Its number is its caller's.
  bool IsSyscallFunction(const Place& place) const {
    const auto& exports = modules_[place.first]->image().exports();
    const auto found = exports.find("syscall");
    return found != exports.end() && found->second == place.second;
  }

  // By name, through the stub or the word that the loader fills in.
  bool CallsSyscall(size_t module, uint64_t address) const {
    if (IsSyscallFunction({module, modules_[module]->FunctionOf(address)})) {
      return true;
    }
    const auto& names = modules_[module]->image().named_words();
    const auto named = names.find(address);
    if (named != names.end()) return named->second == "syscall";
    const uint64_t stub = modules_[module]->FunctionOf(address);
    if (stub != address || stub == 0) return false;
    // A stub jumps through one word, or to what finds out what belongs there.
    const auto& refers = modules_[module]->function(stub).refers_to;
    constexpr size_t kStubMax = 2;
    return refers.size() <= kStubMax &&
           std::ranges::any_of(refers, [&](uint64_t word) {
             const auto there = names.find(word);
             return there != names.end() && there->second == "syscall";
           });
  }

  void TakeArguments(const FunctionCode& function) {
    reached_.numbers.insert(function.first_arguments.begin(),
                            function.first_arguments.end());
    if (function.first_arguments.empty()) ++reached_.unknown;
  }

  // All words of it that the loader fills in.
  void LookAtObject(const Place& place) {
    const ModuleCode& module = *modules_[place.first];
    const uint64_t end = module.ObjectOf(place.second).end;
    const auto& names = module.image().named_words();
    for (auto at = names.lower_bound(place.second);
         at != names.end() && at->first < end; ++at) {
      ReachName(place.first, at->second);
    }
    const auto& words = module.image().words();
    for (auto at = words.lower_bound(place.second);
         at != words.end() && at->first < end; ++at) {
      Reach({place.first, at->second});
    }
  }

  std::vector<std::unique_ptr<ModuleCode>> modules_;
  std::set<Place> seen_;
  std::vector<Place> left_;
  ReachedCalls reached_;
};

}  // namespace

absl::StatusOr<ReachedCalls> CallsReachedFrom(
    std::span<const std::string> files, std::span<const std::string> loaded) {
  std::vector<std::unique_ptr<ModuleCode>> modules;
  for (const std::string& file : files) {
    auto image = ElfImage::Read(file);
    if (!image.ok()) return image.status();
    modules.push_back(std::make_unique<ModuleCode>(*std::move(image)));
  }
  const size_t linked = modules.size();
  for (const std::string& file : loaded) {
    auto image = ElfImage::Read(file);
    if (!image.ok()) continue;  // a guess, and wrong
    modules.push_back(std::make_unique<ModuleCode>(*std::move(image)));
  }
  return Walk(std::move(modules)).Run(linked);
}

std::vector<std::string> LibrariesIn(std::string_view listing) {
  std::vector<std::string> libraries;
  while (!listing.empty()) {
    const size_t end = std::min(listing.find('\n'), listing.size());
    const std::string_view line = listing.substr(0, end);
    listing.remove_prefix(std::min(end + 1, listing.size()));
    const size_t begin = line.find('/');
    const size_t stop = line.find(" (", begin == line.npos ? 0 : begin);
    if (begin == line.npos || stop == line.npos) continue;
    libraries.emplace_back(line.substr(begin, stop - begin));
  }
  return libraries;
}

}  // namespace formfuzz::campaign
