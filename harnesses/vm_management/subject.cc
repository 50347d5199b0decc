// SPDX-License-Identifier: Apache-2.0
// The steps: operations are sealed, submitted, and held against the model.
#include "harnesses/vm_management/subject.h"

#include <array>
#include <limits>
#include <utility>

#include "framework/schedule/scheduler.h"
#include "mocks/mock_hypervisor.h"

namespace formfuzz {
namespace {

using vm_manager::Code;

constexpr vm_manager::Resources kRoom{8, 4096, 100, 4};
constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();
constexpr vm_manager::Resources kUnlimited{kNoLimit, kNoLimit, kNoLimit,
                                           kNoLimit};
constexpr std::array<Actor, 4> kFirstActors = {Actor::kRoot, Actor::kAlice,
                                               Actor::kBob, Actor::kCarol};
constexpr int kOpenAttempts = 64;

vm_manager::Resources FirstQuota(Actor actor) {
  return actor == Actor::kRoot ? kUnlimited : kRoom;
}

const Furniture& FirstFurniture() {
  static const Furniture* const furniture = [] {
    auto* made = new Furniture();
    for (const Actor actor : kFirstActors) {
      vm_manager::AccountRecord& account = made->accounts.emplace_back();
      account.id = IdOf(actor);
      account.quota = FirstQuota(actor);
      account.administrator = actor == Actor::kRoot;
    }
    made->home.id = 1;
    made->home.name = "home";
    made->home.owner = IdOf(Actor::kAlice);
    made->home.shape = {1, 512, {10}};
    made->home.host = MockHypervisor::kHosts[0];
    made->home.image = "debian-12";
    made->home.user_data = "#!/bin/sh\n";
    made->home.networks = {"lan"};
    made->progress.next_vm = made->home.id + 1;
    return made;
  }();
  return *furniture;
}

Outcome OutcomeOf(Code code) {
  return code == Code::kOk ? Outcome::Ok()
                           : Outcome::Refused(vm_manager::CodeName(code));
}

// Whether the request got past the signature, the window and the nonce.
bool HasAuthenticated(Code code) {
  return code == Code::kOk || code >= Code::kInvalidArgument;
}

// What it is about; 0 where that is no VM, or none yet.
vm_manager::VmId VmOf(const vm_manager::Operation& operation) {
  return std::visit(
      [](const auto& op) {
        vm_manager::VmId vm = 0;
        if constexpr (requires { op.vm; }) vm = op.vm;
        return vm;
      },
      operation);
}

}  // namespace

VmManagement::VmManagement(Run& run)
    : run_(run),
      time_(run.clock()),
      clock_(time_),
      parts_(MakeParts(run, FirstFurniture())),
      sealer_(*parts_),
      vms_(run) {
  for (const Actor actor : kFirstActors) {
    model_.Add(actor, FirstQuota(actor), actor == Actor::kRoot);
  }
  const vm_manager::VmRecord& home = FirstFurniture().home;
  model_.AddVm(
      kHome, Actor::kAlice,
      {home.name, home.shape, {home.networks[0]}, home.image, home.user_data});
  absl::Status opened = Open();
  // The first opening meets the faults of the scenario too; it is repeated,
  // as whoever runs the manager would, and who in the end mends what fails.
  for (int attempt = 0; attempt < kOpenAttempts && !opened.ok(); ++attempt) {
    opened = Open();
  }
  if (!opened.ok()) {
    const FaultsPaused mended(run.faults());
    opened = Open();
  }
  FORMFUZZ_CHECK(opened.ok(), "the VM manager cannot be opened");
}

absl::Status VmManagement::Open() {
  vm_manager::Config config;
  config.live_nonces_max = VmModel::kLiveNonces;
  config.grants_max = VmModel::kGrants;
  auto opened = vm_manager::VmManager::Open(
      config,
      {&clock_, &parts_->verifier(), &parts_->hypervisor(), &parts_->store()});
  if (!opened.ok()) return opened.status();
  manager_ = *std::move(opened);
  return absl::OkStatus();
}

vm_manager::VmId VmManagement::IdOf(VmHandle vm) const {
  if (vm.IsNone()) return kHome;
  const VmId* id = vms_.Find(vm);
  return id == nullptr ? 0 : *id;
}

Outcome VmManagement::Send(SignedBy by, const vm_manager::Operation& operation,
                           VmId vm) {
  const auto now_ms = static_cast<int64_t>(run_.clock().NowMs());
  const Author author{ActorFor(by.signer, vm), by.tamper};
  return Submit(sealer_.Seal(author, operation, now_ms), operation);
}

template <class Op>
Outcome VmManagement::SendAbout(SignedBy by, VmHandle vm, Op operation) {
  about_ = operation.vm = IdOf(vm);
  return Send(by, operation, operation.vm);
}

Outcome VmManagement::Submit(const Sealed& message,
                             const vm_manager::Operation& operation) {
  const Failures before = parts_->failures();
  const size_t refusals = parts_->refusals();
  vm_manager::Answer answer = UsedAnswerFor(operation);
  const vm_manager::Result result =
      manager_->Submit(message.bytes, message.signature, &answer);
  // No yield point from here on: the model follows in the manager's order.
  const VmId next_id = model_.next_id();
  Failures failed = FailuresSince(before);
  // Only where it is known not to agree with the records may it do so.
  if (strays_ || !in_step_) failed.hypervisor += parts_->refusals() - refusals;
  const Code should =
      model_.Submit(message, operation, clock_.last_ms(), failed);
  const bool refused_as_forged =
      result.code >= Code::kMalformed && result.code <= Code::kBadSignature;
  run_.Expect(message.forged()
                  ? refused_as_forged
                  : HasAuthenticated(should) || !HasAuthenticated(result.code),
              "TamperedRequestsAreRejected", vm_manager::CodeName(result.code));
  const bool reachable =
      should != Code::kPermissionDenied && should != Code::kNotFound;
  run_.Expect(
      reachable || (!result.ok() && result.code <= Code::kPermissionDenied),
      "NobodyExceedsItsLevel", vm_manager::CodeName(result.code));
  run_.Foretell(OutcomeOf(should));
  actor_ = static_cast<size_t>(message.signer);
  made_ = 0;
  NoteDeadlines(message, operation);
  const bool creates = std::holds_alternative<vm_manager::CreateVm>(operation);
  if (result.ok() && creates) {
    run_.Expect(result.vm == next_id, "IdsAreNeverReused");
    made_ = result.vm;
  } else if (result.ok()) {
    run_.Expect(result.vm == VmOf(operation), "ResultsNameTheirVm");
  }
  // What was made and could not be taken away again.
  strays_ |= !result.ok() && creates && failed.hypervisor > 0 &&
             failed.hypervisor + failed.store > 1;
  CheckAnswer(message, operation, result, answer);
  ObserveVm(operation.index() << 1 | result.ok());
  ObserveAccounts();
  Watch(result.vm);
  return OutcomeOf(result.code);
}

Failures VmManagement::FailuresSince(Failures before) const {
  const Failures now = parts_->failures();
  return {now.hypervisor - before.hypervisor, now.store - before.store};
}

Outcome VmManagement::Create(SignedBy by, const VmSpec& spec) {
  const Outcome outcome = Send(by, ToCreate(spec));
  if (made_ != 0) vms_.Bind(made_);
  return outcome;
}
Outcome VmManagement::Start(SignedBy by, VmHandle vm) {
  return SendAbout(by, vm, vm_manager::StartVm{});
}
Outcome VmManagement::Stop(SignedBy by, VmHandle vm) {
  return SendAbout(by, vm, vm_manager::StopVm{});
}
Outcome VmManagement::Pause(SignedBy by, VmHandle vm) {
  return SendAbout(by, vm, vm_manager::PauseVm{});
}
Outcome VmManagement::Resume(SignedBy by, VmHandle vm) {
  return SendAbout(by, vm, vm_manager::ResumeVm{});
}
Outcome VmManagement::Reboot(SignedBy by, VmHandle vm) {
  return SendAbout(by, vm, vm_manager::RebootVm{});
}
Outcome VmManagement::TakeSnapshot(SignedBy by, VmHandle vm,
                                   std::string_view name) {
  return SendAbout(by, vm, vm_manager::SnapshotVm{0, name});
}
Outcome VmManagement::Revert(SignedBy by, VmHandle vm, std::string_view name) {
  return SendAbout(by, vm, vm_manager::RevertVm{0, name});
}
Outcome VmManagement::Resize(SignedBy by, VmHandle vm, const ShapeSpec& shape) {
  return SendAbout(by, vm, vm_manager::ResizeVm{0, ToShape(shape)});
}
Outcome VmManagement::Migrate(SignedBy by, VmHandle vm, std::string_view host) {
  return SendAbout(by, vm, vm_manager::MigrateVm{0, host});
}
Outcome VmManagement::Delete(SignedBy by, VmHandle vm) {
  return SendAbout(by, vm, vm_manager::DeleteVm{});
}
Outcome VmManagement::Grant(SignedBy by, VmHandle vm, std::string_view account,
                            vm_manager::Level level) {
  return SendAbout(by, vm,
                   vm_manager::GrantLevel{0, IdFor(account, IdOf(vm)), level});
}
Outcome VmManagement::Share(SignedBy by, VmHandle vm, PermissionSet with) {
  size_t given = 0;
  for (const Permission& permission : with) {
    const Outcome outcome = Grant(by, vm, permission.account, permission.level);
    if (outcome != run_.foretold()) return outcome;
    if (!outcome.ok() && given == 0) return outcome;
    if (!outcome.ok()) break;
    ++given;
  }
  // What was given before one was refused stays given.
  run_.Foretell(Outcome::Ok());
  return Outcome::Ok();
}
Outcome VmManagement::RevokeGrant(SignedBy by, VmHandle vm,
                                  std::string_view account) {
  const std::string_view id = IdFor(account, IdOf(vm));
  return SendAbout(by, vm, vm_manager::RevokeGrant{0, id});
}
Outcome VmManagement::Offer(SignedBy by, VmHandle vm, std::string_view to,
                            int64_t lifetime_ms) {
  const std::string_view id = IdFor(to, IdOf(vm));
  return SendAbout(by, vm, vm_manager::OfferVm{0, id, lifetime_ms});
}
Outcome VmManagement::Accept(SignedBy by, VmHandle vm) {
  return SendAbout(by, vm, vm_manager::AcceptOffer{});
}
Outcome VmManagement::Cancel(SignedBy by, VmHandle vm) {
  return SendAbout(by, vm, vm_manager::CancelOffer{});
}
Outcome VmManagement::AddAccount(SignedBy by, std::string_view account,
                                 const vm_manager::Resources& quota,
                                 bool administrator) {
  const size_t index = ActorIndex(account);
  vm_manager::PublicKey key{};  // nobody's: it verifies nothing
  if (index < kActors) key = parts_->PublicKeyOf(static_cast<Actor>(index));
  return Send(by, vm_manager::AddAccount{account, key, quota, administrator});
}
Outcome VmManagement::RevokeAccount(SignedBy by, std::string_view account) {
  return Send(by, vm_manager::RevokeAccount{IdFor(account, 0)});
}
Outcome VmManagement::SetQuota(SignedBy by, std::string_view account,
                               const vm_manager::Resources& quota,
                               QuotaBase above) {
  const std::string_view id = IdFor(account, 0);
  vm_manager::Resources sum = quota;
  const size_t actor = ActorIndex(id);
  if (above != QuotaBase::kNothing && actor < kActors) {
    const vm_manager::Resources& usage = model_.account(actor).usage;
    if (above == QuotaBase::kUsageAlone) sum = {};
    // The largest amount wraps round: one less than what is used.
    sum.vcpus += usage.vcpus;
    sum.memory_mb += usage.memory_mb;
    sum.disk_gb += usage.disk_gb;
    sum.vms += usage.vms;
  }
  return Send(by, vm_manager::SetQuota{id, sum});
}
Outcome VmManagement::Get(SignedBy by, VmHandle vm) {
  return SendAbout(by, vm, vm_manager::GetVm{});
}
Outcome VmManagement::List(SignedBy by) {
  return Send(by, vm_manager::ListVms());
}

Outcome VmManagement::Replay(uint8_t back) {
  const auto& sent = sealer_.sent();
  if (sent.empty()) return Outcome::Refused("nothing_sent");
  const Sealed& message = *sent[sent.size() - 1 - back % sent.size()];
  vm_manager::Request request;
  if (!DecodeRequest(message.bytes, &request)) {
    request.operation = vm_manager::ListVms();
  }
  return Submit(message, request.operation);
}

Outcome VmManagement::ExpireOffers() {
  const Failures before = parts_->failures();
  size_t ended = 0;
  const Code code = manager_->ExpireOffers(&ended);
  const size_t due = model_.ExpireOffers(clock_.last_ms(), ended);
  const bool failed = FailuresSince(before).store > 0;
  run_.Expect(failed ? ended < due : ended == due, "OffersEndInTime");
  run_.Expect(failed == (code == Code::kStoreFailed), "OffersEndInTime");
  Watch(0);
  // What was ended before the store failed stays ended.
  return ended > 0 ? Outcome::Ok() : OutcomeOf(code);
}

Outcome VmManagement::Restart() {
  if (!run_.alone()) return Outcome::Refused("busy");
  const Scheduler::Still still;
  const Failures before = parts_->failures();
  std::unique_ptr<vm_manager::VmManager> former = std::move(manager_);
  const absl::Status opened = Open();
  if (!opened.ok()) {
    manager_ = std::move(former);
    run_.Expect(FailuresSince(before).store > 0, "RestartRestoresState",
                {opened.message().data(), opened.message().size()});
    return Outcome::Refused("store_failed");
  }
  model_.Reopen();
  run_.Expect(RemembersAll(*former), "RestartRestoresState",
              "accounts, VMs or usage are others than before");
  in_step_ = false;  // what was known of the hypervisor is not stored
  return Reconcile();
}

Outcome VmManagement::Reconcile() {
  const Failures before = parts_->failures();
  const Code code = manager_->Reconcile();
  const bool failed = FailuresSince(before).hypervisor > 0;
  run_.Foretell(OutcomeOf(failed ? Code::kHypervisorFailed : Code::kOk));
  in_step_ |= code == Code::kOk;
  strays_ &= code != Code::kOk;
  Watch(0);
  return OutcomeOf(code);
}

Outcome VmManagement::SetClockBack(uint32_t ms) {
  time_.SetBackMs(ms);
  return Outcome::Ok();
}

}  // namespace formfuzz
