// SPDX-License-Identifier: Apache-2.0
// A multi-tenant manager of virtual machines: the control plane that decides
// who may do what, and keeps the store and the hypervisor in agreement.
//
// Requests: everything but time comes as signed bytes through Submit. The order
// of the checks is the order of the values of Code.
// Durability: the hypervisor acts first, then the store commits, then memory
// and the caller learn of it. When either fails, the hypervisor, which may have
// done what it says has failed, is brought back to what the records say; if
// that fails too, the VM is out of step and is brought back before its next
// operation. Guest contents lost by a delete or a revert that was refused so do
// not come back. A request that authenticates uses up its nonce even when it
// is refused afterwards, so that it cannot be tried again later.
// Threads: every public member may be called from any thread at any time. One
// mutex guards all state and is held over hypervisor and store; signatures are
// verified without it, and the account is judged again afterwards.
// Time: the highest clock value seen; it never goes back. What was refused as
// too late is too late after a restart, too, whatever the clock says then.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_VM_MANAGER_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_VM_MANAGER_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "components/vm_manager/clock.h"
#include "components/vm_manager/code.h"
#include "components/vm_manager/hypervisor.h"
#include "components/vm_manager/limits.h"
#include "components/vm_manager/records.h"
#include "components/vm_manager/request/request.h"
#include "components/vm_manager/request/verifier.h"
#include "components/vm_manager/state/account_table.h"
#include "components/vm_manager/state/offer_calendar.h"
#include "components/vm_manager/state/vm_table.h"
#include "components/vm_manager/state_store.h"
#include "components/vm_manager/sync.h"
#include "components/vm_manager/view.h"

namespace vm_manager {

// Not owned; they outlive the manager.
struct Collaborators {
  Clock* clock = nullptr;
  const SignatureVerifier* verifier = nullptr;
  Hypervisor* hypervisor = nullptr;
  StateStore* store = nullptr;
};

struct Config {
  std::string home_host = "host-0";  // where new VMs are placed
  // Written to a store that holds no account yet; an administrator is among
  // them. Ignored otherwise.
  std::span<const AccountRecord> first_accounts;
  // Lower ones than the bounds are for those who want to see them reached.
  size_t live_nonces_max = kLiveNoncesMax;
  size_t grants_max = kGrantsMax;
};

// What a query found. Only what the signer may see.
struct Answer {
  std::optional<VmRecord> vm;  // get
  std::vector<VmId> vms;       // list: those with a level, ascending
};

class VmManager {
 public:
  // Restores what the store holds. Fails when the store fails, holds records
  // that contradict each other (kDataLoss), or when there is no administrator
  // (kFailedPrecondition). Does not speak to the hypervisor: after a crash call
  // Reconcile.
  static absl::StatusOr<std::unique_ptr<VmManager>> Open(
      const Config& config, const Collaborators& collaborators);

  VmManager(const VmManager&) = delete;
  VmManager& operator=(const VmManager&) = delete;

  // Verifies, checks and carries out one signed request. `answer`, where given,
  // is filled by get and list and left alone by everything else.
  Result Submit(std::span<const uint8_t> canonical, const Signature& signature,
                Answer* answer = nullptr);

  // Ends the offers whose time is over and returns how many through `ended`,
  // where given. kStoreFailed: the rest stays for the next call. An expired
  // offer cannot be accepted in any case.
  Code ExpireOffers(size_t* ended = nullptr);

  // Makes the hypervisor agree with the records: domains without a record are
  // removed, the others brought in step. kHypervisorFailed: some are not.
  Code Reconcile();

  View Observe() const;

 private:
  friend class View;

  // One authenticated request under way.
  struct Call {
    AccountState* signer = nullptr;
    const Request* request = nullptr;
    int64_t now_ms = 0;
    Answer* answer = nullptr;
    VmId vm = 0;            // for the result
    bool forget = false;    // nonces of the signer have expired
    bool too_late = false;  // the time is what it was refused for
    bool settled = false;   // Commit was tried, the nonce's fate is decided
  };
  // A step of a VM's life that changes its power state only.
  struct PowerStep {
    bool (*allowed)(VmState from) = nullptr;
    VmState to = VmState::kStopped;
    absl::Status (Hypervisor::*act)(VmId vm) = nullptr;
  };

  VmManager(const Config& config, const Collaborators& collaborators);

  // Opening.
  absl::Status Bootstrap(std::span<const AccountRecord> accounts,
                         StateImage* image);
  absl::Status Restore(StateImage image);
  absl::Status RestoreNonce(const NonceRecord& nonce);
  absl::Status RestoreVm(VmRecord&& stored);

  // Admission: who signed, and is it in time and new.
  AccountState* FindSigner(std::string_view id, Code* code);
  Code Admit(Call& call);
  int64_t Now();
  // Makes it durable that this time has passed, unless it is.
  bool KeepTime(int64_t passed_ms);
  Result CarryOut(Call& call);

  // Makes the changes and the use of the nonce durable, in one commit.
  bool Commit(Call& call, std::initializer_list<Change> changes);
  // The VM when the signer has the level that the operation needs.
  Code Reach(Call& call, VmId id, VmRecord** vm);
  // The account when it exists and is not revoked.
  Code Target(std::string_view id, AccountState** account);

  // Agreement with the hypervisor.
  bool InStep(const VmRecord& vm);
  // Whether the hypervisor did what it was asked for, or else is brought back.
  bool Acted(const VmRecord& vm, const absl::Status& status);
  void BringBack(const VmRecord& vm);
  void Unmake(VmId vm);

  Code Apply(Call& call, const CreateVm& create);
  Code Apply(Call& call, const StartVm& start);
  Code Apply(Call& call, const StopVm& stop);
  Code Apply(Call& call, const PauseVm& pause);
  Code Apply(Call& call, const ResumeVm& resume);
  Code Apply(Call& call, const RebootVm& reboot);
  Code Apply(Call& call, const SnapshotVm& snapshot);
  Code Apply(Call& call, const RevertVm& revert);
  Code Apply(Call& call, const ResizeVm& resize);
  Code Apply(Call& call, const MigrateVm& migrate);
  Code Apply(Call& call, const DeleteVm& erase);
  Code Apply(Call& call, const GrantLevel& grant);
  Code Apply(Call& call, const RevokeGrant& revoke);
  Code Apply(Call& call, const OfferVm& offer);
  Code Apply(Call& call, const AcceptOffer& accept);
  Code Apply(Call& call, const CancelOffer& cancel);
  Code Apply(Call& call, const AddAccount& add);
  Code Apply(Call& call, const RevokeAccount& revoke);
  Code Apply(Call& call, const SetQuota& set);
  Code Apply(Call& call, const GetVm& get);
  Code Apply(Call& call, const ListVms& list);

  Code ChangePower(Call& call, VmId id, const PowerStep& step);
  Code JudgeAccept(const Call& call, const VmRecord& vm) const;
  Code Place(Call& call, std::unique_ptr<VmRecord> vm);
  Code TakeOver(Call& call, VmRecord* vm);
  // Changes the shape, and the state, of a VM whose domain has changed so.
  Code Reshape(Call& call, VmRecord* vm, const Shape& shape, VmState state);
  Code ChangeGrant(Call& call, VmRecord* vm, const GrantLevel& grant);
  bool EndOffer(VmRecord* vm);

  mutable Mutex mutex_;  // guards everything below
  const std::string home_host_;
  const size_t live_nonces_max_;
  const size_t grants_max_;
  const Collaborators with_;
  AccountTable accounts_;
  VmTable vms_;
  OfferCalendar offers_;
  Progress progress_;
  int64_t stored_floor_ms_ = 0;  // the time floor that a restart would find
  absl::flat_hash_set<VmId> out_of_step_;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_VM_MANAGER_H_
