// SPDX-License-Identifier: Apache-2.0
// Each operation of the manager: what forbids it, in the order of the codes,
// and what it does.
#include <algorithm>
#include <variant>

#include "harnesses/vm_management/argument_rules.h"
#include "harnesses/vm_management/vm_model.h"

namespace formfuzz {

using vm_manager::Code;
using vm_manager::Level;
using vm_manager::Shape;
using vm_manager::VmId;
using vm_manager::VmState;

namespace {

constexpr size_t kSnapshots = 8;
constexpr std::string_view kHostsKnown[] = {"host-0", "host-1", "host-2"};

const ModelSnapshot* FindSnapshot(const ModelVm& vm, std::string_view name) {
  for (const ModelSnapshot& snapshot : vm.snapshots) {
    if (snapshot.name == name) return &snapshot;
  }
  return nullptr;
}

bool LosesDisks(const Shape& from, const Shape& to) {
  if (to.disks_gb.size() < from.disks_gb.size()) return true;
  for (size_t i = 0; i < from.disks_gb.size(); ++i) {
    if (to.disks_gb[i] < from.disks_gb[i]) return true;
  }
  return false;
}

void Subtract(vm_manager::Resources& from, const vm_manager::Resources& less) {
  from.vcpus -= less.vcpus;
  from.memory_mb -= less.memory_mb;
  from.disk_gb -= less.disk_gb;
  from.vms -= less.vms;
}

void AddTo(vm_manager::Resources& to, const vm_manager::Resources& more) {
  to.vcpus += more.vcpus;
  to.memory_mb += more.memory_mb;
  to.disk_gb += more.disk_gb;
  to.vms += more.vms;
}

}  // namespace

Code VmModel::Reach(size_t actor, VmId id, Level needed,
                    const ModelVm** vm) const {
  *vm = Find(id);
  if (*vm == nullptr) return Code::kNotFound;
  const Level level = LevelOf(actor, **vm);
  if (level == Level::kNone) return Code::kNotFound;
  return level < needed ? Code::kPermissionDenied : Code::kOk;
}

Code VmModel::Target(std::string_view id) const {
  const size_t target = ActorIndex(id);
  if (!accounts_[target].exists) return Code::kUnknownTarget;
  return accounts_[target].revoked ? Code::kRevokedTarget : Code::kOk;
}

Code VmModel::Administer(size_t actor, std::string_view target) const {
  if (!accounts_[actor].administrator) return Code::kPermissionDenied;
  return Target(target);
}

size_t VmModel::ActiveAdministrators() const {
  size_t count = 0;
  for (const ModelAccount& account : accounts_) {
    count += account.exists && account.administrator && !account.revoked;
  }
  return count;
}

bool VmModel::HasVmNamed(size_t owner, std::string_view name) const {
  return std::any_of(vms_.begin(), vms_.end(), [&](const ModelVm& vm) {
    return vm.exists && vm.owner == owner && vm.made.name == name;
  });
}

Code VmModel::JudgeGrowth(const ModelVm& vm, const Shape& shape) const {
  const ModelAccount& owner = accounts_[vm.owner];
  return AffordsInstead(owner.quota, owner.usage, PriceOf(vm.shape),
                        PriceOf(shape))
             ? Code::kOk
             : Code::kQuotaExceeded;
}

void VmModel::Reshape(ModelVm& vm, const Shape& shape) {
  vm_manager::Resources& usage = accounts_[vm.owner].usage;
  Subtract(usage, PriceOf(vm.shape));
  AddTo(usage, PriceOf(shape));
  vm.shape = shape;
}

void VmModel::EndOffer(ModelVm& vm) {
  offer_count_ -= vm.offered;
  vm.offered = false;
}

void VmModel::AddVm(VmId id, Actor owner, const vm_manager::CreateVm& made) {
  if (vms_.size() < id) vms_.resize(id);
  ModelVm& vm = At(id);
  vm.exists = true;
  vm.owner = static_cast<size_t>(owner);
  vm.made = made;
  vm.host = kHostsKnown[0];
  vm.shape = made.shape;
  AddTo(accounts_[vm.owner].usage, PriceOf(vm.shape));
  ++vm_count_;
  if (id < next_id_) return;
  next_id_ = stored_next_id_ = id + 1;
}

// Making and unmaking.

template <>
Code VmModel::Judge(size_t actor, const vm_manager::CreateVm& op,
                    int64_t) const {
  const ModelAccount& owner = accounts_[actor];
  if (HasVmNamed(actor, op.name)) return Code::kAlreadyExists;
  return Affords(owner.quota, owner.usage, PriceOf(op.shape))
             ? Code::kOk
             : Code::kQuotaExceeded;
}
template <>
void VmModel::Do(size_t actor, const vm_manager::CreateVm& op, int64_t) {
  AddVm(next_id_ - 1, static_cast<Actor>(actor), op);
}

template <>
Code VmModel::Judge(size_t actor, const vm_manager::DeleteVm& op,
                    int64_t) const {
  const ModelVm* vm = nullptr;
  const Code code = Reach(actor, op.vm, Level::kOwner, &vm);
  if (code != Code::kOk) return code;
  return vm->state == VmState::kStopped ? Code::kOk : Code::kWrongState;
}
template <>
void VmModel::Do(size_t, const vm_manager::DeleteVm& op, int64_t) {
  ModelVm& vm = At(op.vm);
  Subtract(accounts_[vm.owner].usage, PriceOf(vm.shape));
  EndOffer(vm);
  vm = {};
  --vm_count_;
}

// Power. `from_states`: the initials of the states it is possible in.

Code VmModel::JudgePower(size_t actor, VmId id,
                         std::string_view from_states) const {
  const ModelVm* vm = nullptr;
  const Code code = Reach(actor, id, Level::kOperator, &vm);
  if (code != Code::kOk) return code;
  const char initial = std::string_view("srp")[static_cast<size_t>(vm->state)];
  return from_states.find(initial) != from_states.npos ? Code::kOk
                                                       : Code::kWrongState;
}

template <>
Code VmModel::Judge(size_t actor, const vm_manager::StartVm& op,
                    int64_t) const {
  return JudgePower(actor, op.vm, "s");
}
template <>
void VmModel::Do(size_t, const vm_manager::StartVm& op, int64_t) {
  At(op.vm).state = VmState::kRunning;
}
template <>
Code VmModel::Judge(size_t actor, const vm_manager::StopVm& op, int64_t) const {
  return JudgePower(actor, op.vm, "rp");
}
template <>
void VmModel::Do(size_t, const vm_manager::StopVm& op, int64_t) {
  At(op.vm).state = VmState::kStopped;
}
template <>
Code VmModel::Judge(size_t actor, const vm_manager::PauseVm& op,
                    int64_t) const {
  return JudgePower(actor, op.vm, "r");
}
template <>
void VmModel::Do(size_t, const vm_manager::PauseVm& op, int64_t) {
  At(op.vm).state = VmState::kPaused;
}
template <>
Code VmModel::Judge(size_t actor, const vm_manager::ResumeVm& op,
                    int64_t) const {
  return JudgePower(actor, op.vm, "p");
}
template <>
void VmModel::Do(size_t, const vm_manager::ResumeVm& op, int64_t) {
  At(op.vm).state = VmState::kRunning;
}
template <>
Code VmModel::Judge(size_t actor, const vm_manager::RebootVm& op,
                    int64_t) const {
  return JudgePower(actor, op.vm, "r");
}
template <>
void VmModel::Do(size_t, const vm_manager::RebootVm&, int64_t) {}

// Shape, snapshots, place.

template <>
Code VmModel::Judge(size_t actor, const vm_manager::SnapshotVm& op,
                    int64_t) const {
  const ModelVm* vm = nullptr;
  const Code code = Reach(actor, op.vm, Level::kManager, &vm);
  if (code != Code::kOk) return code;
  if (FindSnapshot(*vm, op.name) != nullptr) return Code::kAlreadyExists;
  return vm->snapshots.size() < kSnapshots ? Code::kOk : Code::kTooMany;
}
template <>
void VmModel::Do(size_t, const vm_manager::SnapshotVm& op, int64_t) {
  ModelVm& vm = At(op.vm);
  vm.snapshots.push_back({op.name, vm.state, vm.shape});
}
template <>
Code VmModel::Judge(size_t actor, const vm_manager::RevertVm& op,
                    int64_t) const {
  const ModelVm* vm = nullptr;
  const Code code = Reach(actor, op.vm, Level::kManager, &vm);
  if (code != Code::kOk) return code;
  const ModelSnapshot* snapshot = FindSnapshot(*vm, op.name);
  if (snapshot == nullptr) return Code::kNoSnapshot;
  return JudgeGrowth(*vm, snapshot->shape);
}
template <>
void VmModel::Do(size_t, const vm_manager::RevertVm& op, int64_t) {
  ModelVm& vm = At(op.vm);
  const ModelSnapshot& snapshot = *FindSnapshot(vm, op.name);
  vm.state = snapshot.state;
  Reshape(vm, snapshot.shape);
}
template <>
Code VmModel::Judge(size_t actor, const vm_manager::ResizeVm& op,
                    int64_t) const {
  const ModelVm* vm = nullptr;
  const Code code = Reach(actor, op.vm, Level::kManager, &vm);
  if (code != Code::kOk) return code;
  if (vm->state != VmState::kStopped) return Code::kWrongState;
  if (LosesDisks(vm->shape, op.shape)) return Code::kWrongState;
  return JudgeGrowth(*vm, op.shape);
}
template <>
void VmModel::Do(size_t, const vm_manager::ResizeVm& op, int64_t) {
  Reshape(At(op.vm), op.shape);
}
template <>
Code VmModel::Judge(size_t actor, const vm_manager::MigrateVm& op,
                    int64_t) const {
  const ModelVm* vm = nullptr;
  const Code code = Reach(actor, op.vm, Level::kManager, &vm);
  if (code != Code::kOk) return code;
  if (vm->state != VmState::kRunning || !vm->snapshots.empty() ||
      vm->host == op.host) {
    return Code::kWrongState;
  }
  const bool known = std::find(std::begin(kHostsKnown), std::end(kHostsKnown),
                               op.host) != std::end(kHostsKnown);
  return known ? Code::kOk : Code::kHypervisorFailed;
}
template <>
void VmModel::Do(size_t, const vm_manager::MigrateVm& op, int64_t) {
  At(op.vm).host = op.host;
}

// Sharing.

template <>
Code VmModel::Judge(size_t actor, const vm_manager::GrantLevel& op,
                    int64_t) const {
  const ModelVm* vm = nullptr;
  const Code reached = Reach(actor, op.vm, Level::kOperator, &vm);
  if (reached != Code::kOk) return reached;
  const Level own = LevelOf(actor, *vm);
  const size_t target = ActorIndex(op.account);
  const Level held = vm->grants[target];
  if (op.level > own || held > own) return Code::kPermissionDenied;
  const Code code = Target(op.account);
  if (code != Code::kOk) return code;
  if (target == vm->owner) return Code::kWrongState;
  const bool one_more = held == Level::kNone && vm->CountGrants() >= kGrants;
  return one_more ? Code::kTooMany : Code::kOk;
}
template <>
void VmModel::Do(size_t, const vm_manager::GrantLevel& op, int64_t) {
  ModelVm& vm = At(op.vm);
  const size_t target = ActorIndex(op.account);
  if (vm.grants[target] == Level::kNone) vm.granted[target] = ++vm.grants_given;
  vm.grants[target] = op.level;
}
template <>
Code VmModel::Judge(size_t actor, const vm_manager::RevokeGrant& op,
                    int64_t) const {
  const ModelVm* vm = nullptr;
  const Code code = Reach(actor, op.vm, Level::kReadOnly, &vm);
  if (code != Code::kOk) return code;
  const Level own = LevelOf(actor, *vm);
  const size_t target = ActorIndex(op.account);
  const bool is_own = target == actor;
  if (!is_own && own < Level::kOperator) return Code::kPermissionDenied;
  const Level held = vm->grants[target];
  if (held == Level::kNone) return Code::kNoGrant;
  return !is_own && held > own ? Code::kPermissionDenied : Code::kOk;
}
template <>
void VmModel::Do(size_t, const vm_manager::RevokeGrant& op, int64_t) {
  At(op.vm).grants[ActorIndex(op.account)] = Level::kNone;
}

// Ownership.

template <>
Code VmModel::Judge(size_t actor, const vm_manager::OfferVm& op,
                    int64_t now_ms) const {
  const ModelVm* vm = nullptr;
  Code code = Reach(actor, op.vm, Level::kOwner, &vm);
  if (code == Code::kOk) code = Target(op.to);
  if (code != Code::kOk) return code;
  if (vm->offered && vm->offer_expires_ms > now_ms) return Code::kOfferPending;
  return ActorIndex(op.to) == vm->owner ? Code::kWrongState : Code::kOk;
}
template <>
void VmModel::Do(size_t actor, const vm_manager::OfferVm& op, int64_t now_ms) {
  ModelVm& vm = At(op.vm);
  offer_count_ += !vm.offered;
  vm.offered = true;
  vm.offer_from = actor;
  vm.offer_to = ActorIndex(op.to);
  vm.offer_expires_ms = now_ms + op.lifetime_ms;
}
template <>
Code VmModel::Judge(size_t actor, const vm_manager::AcceptOffer& op,
                    int64_t now_ms) const {
  const ModelVm* vm = Find(op.vm);
  if (vm == nullptr) return Code::kNotFound;
  if (!vm->offered || vm->offer_to != actor) {
    if (LevelOf(actor, *vm) == Level::kNone) return Code::kNotFound;
    return vm->offered ? Code::kPermissionDenied : Code::kNoOffer;
  }
  if (accounts_[vm->offer_from].revoked) return Code::kRevokedTarget;
  if (vm->offer_expires_ms <= now_ms) return Code::kOfferExpired;
  if (HasVmNamed(actor, vm->made.name)) return Code::kAlreadyExists;
  const ModelAccount& taker = accounts_[actor];
  return Affords(taker.quota, taker.usage, PriceOf(vm->shape))
             ? Code::kOk
             : Code::kQuotaExceeded;
}
template <>
void VmModel::Do(size_t actor, const vm_manager::AcceptOffer& op, int64_t) {
  ModelVm& vm = At(op.vm);
  Subtract(accounts_[vm.owner].usage, PriceOf(vm.shape));
  AddTo(accounts_[actor].usage, PriceOf(vm.shape));
  vm.owner = actor;
  vm.grants = {};
  EndOffer(vm);
}
template <>
Code VmModel::Judge(size_t actor, const vm_manager::CancelOffer& op,
                    int64_t) const {
  const ModelVm* vm = nullptr;
  const Code code = Reach(actor, op.vm, Level::kOwner, &vm);
  if (code != Code::kOk) return code;
  return vm->offered ? Code::kOk : Code::kNoOffer;
}
template <>
void VmModel::Do(size_t, const vm_manager::CancelOffer& op, int64_t) {
  EndOffer(At(op.vm));
}

// Administration.

template <>
Code VmModel::Judge(size_t actor, const vm_manager::AddAccount& op,
                    int64_t) const {
  if (!accounts_[actor].administrator) return Code::kPermissionDenied;
  return Target(op.account) == Code::kUnknownTarget ? Code::kOk
                                                    : Code::kAlreadyExists;
}
template <>
void VmModel::Do(size_t, const vm_manager::AddAccount& op, int64_t) {
  newcomer_ = ActorIndex(op.account);
  Add(static_cast<Actor>(newcomer_), op.quota, op.administrator);
}
template <>
Code VmModel::Judge(size_t actor, const vm_manager::RevokeAccount& op,
                    int64_t) const {
  const Code code = Administer(actor, op.account);
  if (code != Code::kOk) return code;
  const bool last = accounts_[ActorIndex(op.account)].administrator &&
                    ActiveAdministrators() == 1;
  return last ? Code::kWrongState : Code::kOk;
}
template <>
void VmModel::Do(size_t, const vm_manager::RevokeAccount& op, int64_t) {
  accounts_[ActorIndex(op.account)].revoked = true;
}
template <>
Code VmModel::Judge(size_t actor, const vm_manager::SetQuota& op,
                    int64_t) const {
  return Administer(actor, op.account);
}
template <>
void VmModel::Do(size_t, const vm_manager::SetQuota& op, int64_t) {
  accounts_[ActorIndex(op.account)].quota = op.quota;
}

// Questions.

template <>
Code VmModel::Judge(size_t actor, const vm_manager::GetVm& op, int64_t) const {
  const ModelVm* vm = nullptr;
  return Reach(actor, op.vm, Level::kReadOnly, &vm);
}
template <>
void VmModel::Do(size_t, const vm_manager::GetVm&, int64_t) {}
template <>
Code VmModel::Judge(size_t, const vm_manager::ListVms&, int64_t) const {
  return Code::kOk;
}
template <>
void VmModel::Do(size_t, const vm_manager::ListVms&, int64_t) {}

Code VmModel::Foretell(size_t actor, const vm_manager::Operation& operation,
                       int64_t now_ms) const {
  if (!HasValidArguments(operation)) return Code::kInvalidArgument;
  return std::visit([&](const auto& op) { return Judge(actor, op, now_ms); },
                    operation);
}

void VmModel::CarryOut(size_t actor, const vm_manager::Operation& operation,
                       int64_t now_ms) {
  std::visit([&](const auto& op) { Do(actor, op, now_ms); }, operation);
}

}  // namespace formfuzz
