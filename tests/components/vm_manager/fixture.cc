// SPDX-License-Identifier: Apache-2.0
// The world of the tests: accounts, requests, and what can be observed.
#include "tests/components/vm_manager/fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <utility>

namespace vm_manager {

void PrintTo(Code code, std::ostream* out) { *out << CodeName(code); }

}  // namespace vm_manager

namespace vm_manager::testing {
namespace {

uint64_t Digest(std::span<const uint8_t> bytes) {
  uint64_t digest = 14695981039346656037u;
  for (uint8_t byte : bytes) digest = (digest ^ byte) * 1099511628211u;
  return digest;
}

void Write(std::ostream& out, const Resources& amounts) {
  out << amounts.vcpus << '/' << amounts.memory_mb << '/' << amounts.disk_gb
      << '/' << amounts.vms;
}

void Write(std::ostream& out, const Shape& shape) {
  out << shape.vcpus << ' ' << shape.memory_mb;
  for (uint32_t gb : shape.disks_gb) out << ' ' << gb << 'G';
}

void Write(std::ostream& out, const VmRecord& vm) {
  out << "vm " << vm.id << ' ' << vm.name << " of " << vm.owner << " state "
      << static_cast<int>(vm.state) << " on " << vm.host << ' ';
  Write(out, vm.shape);
  for (const Grant& grant : vm.grants) {
    out << " grant " << grant.account << '=' << static_cast<int>(grant.level);
  }
  for (const Snapshot& snapshot : vm.snapshots) {
    out << " snapshot " << snapshot.name << ' '
        << static_cast<int>(snapshot.state) << ' ';
    Write(out, snapshot.shape);
  }
  if (vm.offer) {
    out << " offer " << vm.offer->from << "->" << vm.offer->to << " until "
        << vm.offer->expires_ms;
  }
  out << '\n';
}

}  // namespace

Signature FakeSign(const PublicKey& key, std::span<const uint8_t> message) {
  Signature signature{};
  signature.fill(key[0]);
  const uint64_t digest = Digest(message);
  for (size_t i = 0; i < 8; ++i) {
    signature[i] = static_cast<uint8_t>(digest >> (8 * i));
  }
  return signature;
}

bool FakeVerifier::Verify(const PublicKey& key,
                          std::span<const uint8_t> message,
                          const Signature& signature) const {
  return signature == FakeSign(key, message);
}

Shape SmallShape() {
  Shape shape{2, 512, {}};
  shape.disks_gb.push_back(10);
  return shape;
}

CreateVm SmallVm(std::string_view name) {
  CreateVm create;
  create.name = name;
  create.shape = SmallShape();
  create.networks.push_back("lan");
  create.image = "debian-12";
  return create;
}

std::vector<Operation> OneOfEach() {
  AddAccount add;
  add.account = "dave";
  add.key.fill(7);
  add.quota = {1, 2, 3, ~uint64_t{0}};
  add.administrator = true;
  return {SmallVm("web"),
          StartVm{1},
          StopVm{2},
          PauseVm{3},
          ResumeVm{~VmId{0}},
          RebootVm{5},
          SnapshotVm{6, "before"},
          RevertVm{7, "before"},
          ResizeVm{8, SmallShape()},
          MigrateVm{9, "host-1"},
          DeleteVm{10},
          GrantLevel{11, "bob", Level::kManager},
          RevokeGrant{12, "bob"},
          OfferVm{13, "bob", -5},
          AcceptOffer{14},
          CancelOffer{15},
          add,
          RevokeAccount{"dave"},
          SetQuota{"dave", {1, 2, 3, 4}},
          GetVm{16},
          ListVms{}};
}

PublicKey KeyOf(std::string_view account) {
  PublicKey key;
  key.fill(static_cast<uint8_t>(Digest(
      {reinterpret_cast<const uint8_t*>(account.data()), account.size()})));
  return key;
}

World::World(Resources quota) {
  for (const char* id : {"root", "alice", "bob", "carol"}) {
    AccountRecord account;
    account.id = id;
    account.key = KeyOf(id);
    account.quota = quota;
    account.administrator = account.id == "root";
    first_accounts_.push_back(account);
  }
  const absl::Status status = Reopen();
  if (!status.ok()) {
    ADD_FAILURE() << status;
    std::abort();
  }
}

absl::Status World::Reopen() {
  manager_.reset();
  Config config;
  config.first_accounts = first_accounts_;
  auto opened =
      VmManager::Open(config, {&clock, &verifier_, &hypervisor, &store});
  if (!opened.ok()) return opened.status();
  manager_ = *std::move(opened);
  return absl::OkStatus();
}

Request World::Draft(std::string_view signer, const Operation& operation) {
  Request request;
  request.signer = signer;
  request.nonce = next_nonce_++;
  request.issued_at_ms = clock.now_ms;
  request.expires_at_ms = clock.now_ms + 60'000;
  request.operation = operation;
  return request;
}

SignedRequest World::Seal(const Request& request) const {
  SignedRequest sealed;
  EncodeRequest(request, &sealed.canonical);
  sealed.signature = FakeSign(KeyOf(request.signer), sealed.canonical);
  return sealed;
}

Result World::Send(const SignedRequest& request, Answer* answer) {
  return manager_->Submit(request.canonical, request.signature, answer);
}

Result World::Do(std::string_view signer, const Operation& operation,
                 Answer* answer) {
  return Send(Seal(Draft(signer, operation)), answer);
}

Code World::Try(std::string_view signer, const Operation& operation) {
  return Do(signer, operation).code;
}

VmId World::Create(std::string_view signer, std::string_view name) {
  const Result result = Do(signer, SmallVm(name));
  EXPECT_EQ(result.code, Code::kOk) << "creating " << name;
  return result.vm;
}

std::string World::Describe() const {
  std::ostringstream out;
  const View view = manager_->Observe();
  std::vector<const AccountState*> by_id;
  for (const auto& account : view.accounts()) by_id.push_back(account.get());
  std::sort(by_id.begin(), by_id.end(), [](const auto* a, const auto* b) {
    return a->record.id < b->record.id;
  });
  for (const AccountState* account : by_id) {
    out << account->record.id << " admin " << account->record.administrator
        << " revoked " << account->record.revoked << " quota ";
    Write(out, account->record.quota);
    out << " usage ";
    Write(out, account->usage);
    out << '\n';
  }
  for (const VmRecord* vm : view.vms()) Write(out, *vm);
  out << "offers " << view.offer_count() << '\n';
  return out.str();
}

bool World::Agrees() const {
  const View view = manager_->Observe();
  if (view.vms().size() != store.vms.size()) return false;
  if (view.vms().size() != hypervisor.domains.size()) return false;
  for (const VmRecord* vm : view.vms()) {
    const auto stored = store.vms.find(vm->id);
    const auto domain = hypervisor.domains.find(vm->id);
    if (stored == store.vms.end() || !(stored->second == *vm)) return false;
    if (domain == hypervisor.domains.end()) return false;
    const Domain& is = domain->second;
    if (is.state != vm->state || !(is.shape == vm->shape) ||
        is.host != vm->host || is.snapshots.size() != vm->snapshots.size()) {
      return false;
    }
  }
  return true;
}

Resources World::UsageOf(std::string_view account) const {
  return manager_->Observe().FindAccount(account)->usage;
}

VmRecord World::Get(VmId vm) const {
  const View view = manager_->Observe();
  const VmRecord* found = view.FindVm(vm);
  return found == nullptr ? VmRecord{} : *found;
}

}  // namespace vm_manager::testing
