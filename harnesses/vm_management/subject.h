// SPDX-License-Identifier: Apache-2.0
// What one scenario acts on: a VM manager with its surroundings, the actors
// who send it messages, and the model that foretells what comes of them.
//
// Four accounts exist from the start: root, an administrator without limits,
// and alice, bob and carol with room for four small VMs each. alice2 and Alice
// can be added. One VM, home, is alice's.
#ifndef FORMFUZZ_HARNESSES_VM_MANAGEMENT_SUBJECT_H_
#define FORMFUZZ_HARNESSES_VM_MANAGEMENT_SUBJECT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "framework/formfuzz.h"
#include "generators/identity.h"
#include "generators/permissions.h"
#include "generators/vm.h"
#include "generators/vm_domain.h"
#include "harnesses/vm_management/parts.h"
#include "harnesses/vm_management/vm_model.h"
#include "mocks/mock_clock.h"

namespace formfuzz {

class VmManagement {
 public:
  explicit VmManagement(Run& run);

  const vm_manager::VmManager& manager() const { return *manager_; }
  const VmModel& model() const { return model_; }

  // Steps: one signed message each.
  Outcome Create(SignedBy by, const VmSpec& spec);
  Outcome Start(SignedBy by, VmHandle vm);
  Outcome Stop(SignedBy by, VmHandle vm);
  Outcome Pause(SignedBy by, VmHandle vm);
  Outcome Resume(SignedBy by, VmHandle vm);
  Outcome Reboot(SignedBy by, VmHandle vm);
  Outcome TakeSnapshot(SignedBy by, VmHandle vm, std::string_view name);
  Outcome Revert(SignedBy by, VmHandle vm, std::string_view name);
  Outcome Resize(SignedBy by, VmHandle vm, const ShapeSpec& shape);
  Outcome Migrate(SignedBy by, VmHandle vm, std::string_view host);
  Outcome Delete(SignedBy by, VmHandle vm);
  Outcome Grant(SignedBy by, VmHandle vm, std::string_view account,
                vm_manager::Level level);
  // One message for each; the first that is refused is the last.
  Outcome Share(SignedBy by, VmHandle vm, PermissionSet with);
  // With two who are not the same.
  Outcome ShareWithTwo(SignedBy by, VmHandle vm, vm_manager::Level bob,
                       vm_manager::Level carol);
  Outcome RevokeGrant(SignedBy by, VmHandle vm, std::string_view account);
  // One's own, of which one needs no more than to hold it.
  Outcome DropGrant(SignedBy by, VmHandle vm);
  // Of another who shares it: the last one does.
  Outcome TakeGrant(SignedBy by, VmHandle vm);
  Outcome ChangeGrant(SignedBy by, VmHandle vm, vm_manager::Level level);
  Outcome Offer(SignedBy by, VmHandle vm, std::string_view to,
                int64_t lifetime_ms);
  Outcome Accept(SignedBy by, VmHandle vm);
  Outcome Cancel(SignedBy by, VmHandle vm);
  Outcome AddAccount(SignedBy by, std::string_view account,
                     const vm_manager::Resources& quota, bool administrator);
  Outcome RevokeAccount(SignedBy by, std::string_view account);
  Outcome SetQuota(SignedBy by, std::string_view account,
                   const vm_manager::Resources& quota, QuotaBase above);
  Outcome Get(SignedBy by, VmHandle vm);
  Outcome List(SignedBy by);

  // Steps that nobody signs. A replay sends again what was sent `back`
  // messages ago, byte for byte.
  Outcome Replay(uint8_t back);
  Outcome ExpireOffers();
  Outcome Restart();
  Outcome Reconcile();
  Outcome SetClockBack(uint32_t ms);

  // In the order in which they are judged.
  enum class Rule : uint8_t {
    kOwner,
    kQuota,
    kAccount,
    kGrants,
    kVm,
    kStored,
    kDomain,
  };
  // Rules, judged after every step on what the step touched and on one VM
  // more, each time another: the first Rule that is broken.
  std::optional<BrokenInvariant> JudgeStep() const;

  // The same at the end, on all there is.
  std::optional<BrokenInvariant> JudgeEnd() const;
  // After it, because it lets the longest offer's time pass.
  std::string EveryOfferEnds() const;

  // Of what is stored: what a refused step must leave alone.
  uint64_t StateDigest() const { return parts_->StoreDigest(); }

 private:
  using VmId = vm_manager::VmId;
  static constexpr VmId kHome = 1;
  using VmRecord = vm_manager::VmRecord;

  // One VM as the manager has it, and as the model says it should be.
  struct Watched {
    VmId id = 0;
    const VmRecord* vm = nullptr;
    const ModelVm* model = nullptr;
  };

  // One look at the manager, and the first rule that it breaks. What is wrong
  // is told only then: each rule is a function that is nearly always true.
  struct Judging {
    explicit Judging(const vm_manager::VmManager& manager)
        : view(manager.Observe()) {}
    // All give false.
    [[gnu::cold]] bool Breaks(Rule rule, std::string how);
    [[gnu::cold]] bool Breaks(Rule rule, const VmRecord& vm,
                              std::string_view how);
    [[gnu::cold]] bool Breaks(Rule rule, size_t actor, std::string_view how);

    vm_manager::View view;
    std::optional<BrokenInvariant> broken;
  };

  absl::Status Open();
  VmId IdOf(VmHandle vm) const;
  // Who plays the part, in the VM or, where there is none, in the last one.
  Actor ActorFor(Signer signer, VmId vm) const;
  std::string_view IdFor(std::string_view account, VmId vm) const;
  std::string_view LastGuestOf(VmId vm) const;
  // `vm`: what the operation is about, if any.
  Outcome Send(SignedBy by, const vm_manager::Operation& operation,
               VmId vm = 0);
  template <class Op>
  Outcome SendAbout(SignedBy by, VmHandle vm, Op operation);
  Outcome Submit(const Sealed& message, const vm_manager::Operation& operation);
  void NoteDeadlines(const Sealed& message,
                     const vm_manager::Operation& operation);
  static vm_manager::Answer UsedAnswerFor(
      const vm_manager::Operation& operation);
  void CheckAnswer(const Sealed& message,
                   const vm_manager::Operation& operation,
                   const vm_manager::Result& result,
                   const vm_manager::Answer& answer);
  void CheckRefusal(size_t signer, const vm_manager::Operation& operation,
                    const vm_manager::Result& result,
                    const vm_manager::Answer& answer);
  void CheckList(size_t signer, const std::vector<VmId>& listed);
  bool MayKnow(size_t signer, VmId vm) const;
  Failures FailuresSince(Failures before) const;
  void ObserveVm(uint64_t what);
  void ObserveAccounts();
  void Watch(VmId touched);
  bool RemembersAll(const vm_manager::VmManager& before) const;

  Watched Look(VmId id, const vm_manager::View& view) const;
  // All rules on one VM but that of its owner.
  bool OthersHold(const Watched& watched, Judging& judging) const;
  bool EveryVmHolds(Judging& judging) const;
  bool EveryAccountHolds(Judging& judging) const;
  bool OwnerHolds(const Watched& watched, Judging& judging) const;
  bool NamesHold(Judging& judging) const;
  bool UsagesHold(const vm_manager::AccountState* account,
                  Judging& judging) const;
  bool UsageHolds(size_t actor, const vm_manager::AccountState* account,
                  Judging& judging) const;
  bool AccountHolds(size_t actor, const vm_manager::AccountState* account,
                    Judging& judging) const;
  bool SumsHold(Judging& judging) const;
  bool NoncesHold(size_t actor, const vm_manager::AccountState* account,
                  Judging& judging) const;
  bool CountsHold(Judging& judging) const;
  bool GrantsHold(const Watched& watched, Judging& judging) const;
  bool VmHolds(const Watched& watched, Judging& judging) const;
  bool StoredHolds(const Watched& watched, Judging& judging) const;
  bool StoredAccountHolds(size_t actor, const vm_manager::AccountState* account,
                          Judging& judging) const;
  bool StoredProgressHolds(Judging& judging) const;
  bool StoredCountsHold(Judging& judging) const;
  bool DomainHolds(const Watched& watched, Judging& judging) const;
  bool DomainCountHolds(Judging& judging) const;

  Run& run_;
  AdjustableTime time_;
  MockClock<AdjustableTime> clock_;
  std::unique_ptr<Parts> parts_;
  std::unique_ptr<vm_manager::VmManager> manager_;
  Sealer sealer_;
  VmModel model_;
  Handles<Vm, VmId> vms_;
  VmId made_ = 0;        // by the last message, where it made a VM
  VmId about_ = kHome;   // what the last message about a VM was about
  VmId touched_ = 0;     // by the last step; 0 if none
  VmId other_ = 0;       // the one that is watched besides
  size_t actor_ = 0;     // whose usage is watched
  bool in_step_ = true;  // all that does not agree is known to the manager
  bool strays_ = false;  // domains without a record may be about
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_VM_MANAGEMENT_SUBJECT_H_
