// SPDX-License-Identifier: Apache-2.0
// A state store in memory: commits are all or nothing, loads give back what
// was committed.
//
// May break: a commit or a load can fail when its fault point fires; it then
// reports kUnavailable and nothing was written. A fault that asks for
// "afterwards" fails like any other: the interface promises that after an
// error the store holds what it held before. A delay lets the scenario's time
// pass before the call is done.
// Never breaks: what was committed stays; a commit is never applied in part
// or in another order; loads invent nothing.
// Every call is a yield point, before anything is written.
// Cost: one change searches its record: VMs by halves, nonces from the latest
// on.
#ifndef FORMFUZZ_MOCKS_MOCK_STATE_STORE_H_
#define FORMFUZZ_MOCKS_MOCK_STATE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "components/vm_manager/state_store.h"
#include "framework/base/recycled.h"
#include "framework/fault/fault_plan.h"
#include "framework/schedule/task_tally.h"
#include "mocks/by_id.h"

namespace formfuzz {

// Of everything in the record; equal records, equal digests.
uint64_t DigestOf(const vm_manager::AccountRecord& account);
uint64_t DigestOf(const vm_manager::VmRecord& vm);

class MockStateStore final : public vm_manager::StateStore {
 public:
  using VmId = vm_manager::VmId;

  // Fault points.
  static constexpr std::string_view kCommit = "state_store.commit";
  static constexpr std::string_view kLoad = "state_store.load";
  static constexpr FaultKinds kKinds = CanDo(FaultKind::kDelay);

  MockStateStore() = default;  // one that never fails
  // The plan must name both points and outlive the mock.
  explicit MockStateStore(FaultPlan& faults)
      : commit_(faults, kCommit, kKinds), load_(faults, kLoad, kKinds) {}
  // One that holds what another holds, from the start.
  MockStateStore(FaultPlan& faults, const MockStateStore& holding)
      : MockStateStore(faults) {
    *memory_ = *holding.memory_;
    progress_ = holding.progress_;
    digest_ = holding.digest_;
  }

  absl::Status Load(vm_manager::StateImage* image) override;
  absl::Status Commit(std::span<const vm_manager::Change> changes) override;

  // For validators: never fail, null where there is no such record.
  const vm_manager::VmRecord* FindVm(VmId vm) const;
  const vm_manager::AccountRecord* FindAccount(std::string_view id) const;
  size_t vm_count() const { return vms_.size(); }
  size_t account_count() const { return accounts_.size(); }
  const std::vector<vm_manager::NonceRecord>& nonces() const { return nonces_; }
  const vm_manager::Progress& progress() const { return progress_; }

  // Of all accounts and VMs, in no order; kept up to date by every commit.
  uint64_t digest() const { return digest_; }
  // Calls that a fault made fail, so far.
  const TaskTally& faults_shown() const { return faults_shown_; }

 private:
  template <class Record>
  struct Kept {
    Record record;
    uint64_t digest = 0;
  };

  void Apply(const vm_manager::AccountRecord* account);
  void Apply(const vm_manager::VmRecord* vm);
  void Apply(const vm_manager::NonceRecord* nonce);
  void Apply(const vm_manager::EraseVm& erase);
  void Apply(const vm_manager::ForgetNonces& forget);
  void Apply(const vm_manager::Progress& progress);
  template <class Record>
  void Keep(Kept<Record>& kept, const Record& record);

  struct Memory {
    std::vector<Kept<vm_manager::AccountRecord>> accounts;  // a handful
    ById<Kept<vm_manager::VmRecord>> vms;
    std::vector<vm_manager::NonceRecord> nonces;

    void Clear() {
      accounts.clear();
      vms.Clear();
      nonces.clear();
    }
  };

  Recycled<Memory> memory_;
  std::vector<Kept<vm_manager::AccountRecord>>& accounts_ = memory_->accounts;
  ById<Kept<vm_manager::VmRecord>>& vms_ = memory_->vms;
  std::vector<vm_manager::NonceRecord>& nonces_ = memory_->nonces;
  vm_manager::Progress progress_;
  uint64_t digest_ = 0;
  FaultPoint commit_;
  FaultPoint load_;
  TaskTally faults_shown_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_MOCKS_MOCK_STATE_STORE_H_
