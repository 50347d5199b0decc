// SPDX-License-Identifier: Apache-2.0
// A manager over doubles that can be told to fail: four accounts (root, the
// administrator; alice, bob, carol), a clock in hand, and requests sent in one
// line. Keys are filled with one byte; a signature is valid when it repeats
// that byte and a digest of the message, so nothing is spent on cryptography.
#ifndef FORMFUZZ_TESTS_COMPONENTS_VM_MANAGER_FIXTURE_H_
#define FORMFUZZ_TESTS_COMPONENTS_VM_MANAGER_FIXTURE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "components/vm_manager/vm_manager.h"

namespace vm_manager {

// Found by GoogleTest: codes print by name.
void PrintTo(Code code, std::ostream* out);

}  // namespace vm_manager

namespace vm_manager::testing {

class FakeClock : public Clock {
 public:
  int64_t NowMs() override { return now_ms; }
  int64_t now_ms = 1'000'000'000;
};

class FakeVerifier : public SignatureVerifier {
 public:
  bool Verify(const PublicKey& key, std::span<const uint8_t> message,
              const Signature& signature) const override;
};
Signature FakeSign(const PublicKey& key, std::span<const uint8_t> message);

// Holds copies of the records. With fail_commits n > 0 the next n commits
// fail, leaving everything as it was.
class FakeStore : public StateStore {
 public:
  absl::Status Load(StateImage* image) override;
  absl::Status Commit(std::span<const Change> changes) override;

  int fail_commits = 0;
  int commits = 0;
  std::map<std::string, AccountRecord> accounts;
  std::map<VmId, VmRecord> vms;
  std::vector<NonceRecord> nonces;
  Progress progress;

 private:
  void Apply(const Change& change);
};

// Refuses calls that the state of the domain does not allow. With fail_calls
// n > 0 the next n calls fail; skip_calls come first. With late, calls that
// change a domain have done so when they fail.
class FakeHypervisor : public Hypervisor {
 public:
  absl::Status Define(const VmRecord& vm) override;
  absl::Status Start(VmId vm) override;
  absl::Status Stop(VmId vm) override;
  absl::Status Pause(VmId vm) override;
  absl::Status Resume(VmId vm) override;
  absl::Status Reboot(VmId vm) override;
  absl::Status TakeSnapshot(VmId vm, std::string_view name) override;
  absl::Status DropSnapshot(VmId vm, std::string_view name) override;
  absl::Status Revert(VmId vm, const Snapshot& snapshot) override;
  absl::Status Resize(VmId vm, const Shape& shape) override;
  absl::Status Migrate(VmId vm, std::string_view host) override;
  absl::Status Undefine(VmId vm) override;
  absl::StatusOr<Domain> Observe(VmId vm) override;
  absl::StatusOr<std::vector<VmId>> List() override;

  int skip_calls = 0;
  int fail_calls = 0;
  bool late = false;
  int calls = 0;
  std::map<VmId, Domain> domains;

 private:
  absl::Status Enter();
  // What a call that has done its part reports.
  absl::Status Leave();
  absl::Status Power(VmId vm, bool allowed, VmState to);
  absl::Status Move(VmId vm, bool allowed, VmState to);

  bool is_late_ = false;
};

// A machine of 2 CPUs, 512 MiB and one disk of 10 GiB.
Shape SmallShape();
CreateVm SmallVm(std::string_view name);
PublicKey KeyOf(std::string_view account);
// Some request of each operation, in wire order.
std::vector<Operation> OneOfEach();

class World {
 public:
  explicit World(Resources quota = {8, 4096, 100, 4});

  // Signs and submits with a fresh nonce, valid from now for a minute.
  Result Do(std::string_view signer, const Operation& operation,
            Answer* answer = nullptr);
  Code Try(std::string_view signer, const Operation& operation);
  // Creates a small VM; a failure fails the test and gives 0.
  VmId Create(std::string_view signer, std::string_view name = "web");

  // A request as Do would send it, to be changed before it is sent.
  Request Draft(std::string_view signer, const Operation& operation);
  SignedRequest Seal(const Request& request) const;
  Result Send(const SignedRequest& request, Answer* answer = nullptr);

  // Throws the manager away and opens another over the same store.
  absl::Status Reopen();
  VmManager& manager() { return *manager_; }

  // All that can be observed, as text: equal texts, equal states.
  std::string Describe() const;
  // Whether records, store and hypervisor hold the same VMs.
  bool Agrees() const;
  Resources UsageOf(std::string_view account) const;
  VmRecord Get(VmId vm) const;

  FakeClock clock;
  FakeStore store;
  FakeHypervisor hypervisor;

 private:
  FakeVerifier verifier_;
  std::vector<AccountRecord> first_accounts_;
  std::unique_ptr<VmManager> manager_;
  uint64_t next_nonce_ = 1;
};

}  // namespace vm_manager::testing

#endif  // FORMFUZZ_TESTS_COMPONENTS_VM_MANAGER_FIXTURE_H_
