// SPDX-License-Identifier: Apache-2.0
// Start, stop, pause, resume and reboot: one table row each, one way through.
#include "components/vm_manager/vm_manager.h"

namespace vm_manager {
namespace {

bool IsStopped(VmState state) { return state == VmState::kStopped; }
bool IsRunning(VmState state) { return state == VmState::kRunning; }
bool IsPaused(VmState state) { return state == VmState::kPaused; }
bool IsUp(VmState state) { return state != VmState::kStopped; }

}  // namespace

Code VmManager::ChangePower(Call& call, VmId id, const PowerStep& step) {
  VmRecord* vm = nullptr;
  const Code code = Reach(call, id, &vm);
  if (code != Code::kOk) return code;
  if (!step.allowed(vm->state)) return Code::kWrongState;
  if (!InStep(*vm) || !Acted(*vm, (with_.hypervisor->*step.act)(id))) {
    return Code::kHypervisorFailed;
  }
  const VmState before = vm->state;
  vm->state = step.to;
  if (Commit(call, {vm})) return Code::kOk;
  vm->state = before;
  BringBack(*vm);
  return Code::kStoreFailed;
}

Code VmManager::Apply(Call& call, const StartVm& start) {
  return ChangePower(call, start.vm,
                     {IsStopped, VmState::kRunning, &Hypervisor::Start});
}

Code VmManager::Apply(Call& call, const StopVm& stop) {
  return ChangePower(call, stop.vm,
                     {IsUp, VmState::kStopped, &Hypervisor::Stop});
}

Code VmManager::Apply(Call& call, const PauseVm& pause) {
  return ChangePower(call, pause.vm,
                     {IsRunning, VmState::kPaused, &Hypervisor::Pause});
}

Code VmManager::Apply(Call& call, const ResumeVm& resume) {
  return ChangePower(call, resume.vm,
                     {IsPaused, VmState::kRunning, &Hypervisor::Resume});
}

Code VmManager::Apply(Call& call, const RebootVm& reboot) {
  return ChangePower(call, reboot.vm,
                     {IsRunning, VmState::kRunning, &Hypervisor::Reboot});
}

}  // namespace vm_manager
