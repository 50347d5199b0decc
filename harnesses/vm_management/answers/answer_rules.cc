// SPDX-License-Identifier: Apache-2.0
// What answers may hold.
#include <algorithm>
#include <functional>

#include "framework/schedule/scheduler.h"
#include "harnesses/vm_management/subject.h"

namespace formfuzz {

using vm_manager::VmId;
using vm_manager::VmRecord;

// Callers use one answer for many requests: what may be filled holds what no
// request can have put there.
vm_manager::Answer VmManagement::UsedAnswerFor(
    const vm_manager::Operation& operation) {
  vm_manager::Answer answer;
  if (std::holds_alternative<vm_manager::GetVm>(operation)) answer.vm.emplace();
  if (std::holds_alternative<vm_manager::ListVms>(operation)) {
    answer.vms.push_back(0);
  }
  return answer;
}

// What a signer learns: all that was asked for and may be seen, nothing else.
void VmManagement::CheckAnswer(const Sealed& message,
                               const vm_manager::Operation& operation,
                               const vm_manager::Result& result,
                               const vm_manager::Answer& answer) {
  const auto signer = static_cast<size_t>(message.signer);
  if (!result.ok()) return CheckRefusal(signer, operation, result, answer);
  const auto* get = std::get_if<vm_manager::GetVm>(&operation);
  if (get != nullptr) {
    const Scheduler::Still still;
    const vm_manager::View view = manager_->Observe();
    const VmRecord* vm = view.FindVm(get->vm);
    run_.Expect(vm != nullptr && answer.vm.has_value() && *answer.vm == *vm,
                "AnswersAreTrue");
  }
  const bool lists = std::holds_alternative<vm_manager::ListVms>(operation);
  if (lists) CheckList(signer, answer.vms);
  run_.Expect((get != nullptr || !answer.vm.has_value()) &&
                  (lists || answer.vms.empty()),
              "AnswersShowOnlyOwnVms", "an answer to another question");
}

// Nothing but, to whoever has to do with a VM, that it is there: what was in
// the answer before may be taken out.
void VmManagement::CheckRefusal(size_t signer,
                                const vm_manager::Operation& operation,
                                const vm_manager::Result& result,
                                const vm_manager::Answer& answer) {
  const vm_manager::Answer used = UsedAnswerFor(operation);
  const bool tells = (answer.vm.has_value() && answer.vm != used.vm) ||
                     (!answer.vms.empty() && answer.vms != used.vms);
  run_.Expect(!tells, "RefusalsTellNothing");
  if (result.vm == 0) return;
  run_.Expect(result.code >= vm_manager::Code::kInvalidArgument &&
                  MayKnow(signer, result.vm),
              "RefusalsTellNothing", "a VM is named");
}

void VmManagement::CheckList(size_t signer, const std::vector<VmId>& listed) {
  const auto is_own = [&](VmId id) {
    const ModelVm* vm = model_.Find(id);
    return vm != nullptr &&
           model_.LevelOf(signer, *vm) != vm_manager::Level::kNone;
  };
  size_t expected = 0;
  for (VmId id = 1; id < model_.next_id(); ++id) expected += is_own(id);
  run_.Expect(std::all_of(listed.begin(), listed.end(), is_own),
              "AnswersShowOnlyOwnVms");
  const bool ascends = std::ranges::adjacent_find(
                           listed, std::greater_equal<>()) == listed.end();
  run_.Expect(listed.size() == expected && ascends, "AnswersAreTrue");
}

}  // namespace formfuzz
