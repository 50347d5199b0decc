// SPDX-License-Identifier: Apache-2.0
// The VMs that steps can name: those that earlier steps make, stale ones
// among them, and `home`, alice's VM that is there from the start, so that a
// step on a VM finds one without a step that makes it.
#ifndef FORMFUZZ_GENERATORS_VM_DOMAIN_H_
#define FORMFUZZ_GENERATORS_VM_DOMAIN_H_

#include <string_view>

#include "framework/domain/combinators.h"
#include "framework/domain/handle.h"

namespace formfuzz {

struct Vm {
  static constexpr std::string_view kName = "vm";
};
// None stands for home.
using VmHandle = Handle<Vm>;

class VmDomain : public WrappingDomain<HandleDomain<Vm>> {
 public:
  using Value = VmHandle;

  VmDomain() : WrappingDomain(AnyHandle<Vm>()) {}
  const Value& Get(const Repr& vm) const { return vm; }

  void Print(const Repr& vm, TextSink& out) const {
    vm.IsNone() ? static_cast<void>(out.Put("home")) : inner().Print(vm, out);
  }
  bool Parse(TextSource& in, Repr* vm) const {
    if (!in.TryWord("home")) return inner().Parse(in, vm);
    *vm = VmHandle();
    return true;
  }
};

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_VM_DOMAIN_H_
