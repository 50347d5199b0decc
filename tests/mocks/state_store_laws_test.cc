// SPDX-License-Identifier: Apache-2.0
// The mock store and SQLite's keep the same records after the same commits.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "components/vm_manager/adapters/sqlite_store.h"
#include "framework/base/random.h"
#include "gtest/gtest.h"
#include "mocks/mock_state_store.h"

namespace formfuzz {
namespace {

using vm_manager::AccountRecord;
using vm_manager::Change;
using vm_manager::EraseVm;
using vm_manager::ForgetNonces;
using vm_manager::NonceRecord;
using vm_manager::Progress;
using vm_manager::StateImage;
using vm_manager::StateStore;
using vm_manager::VmId;
using vm_manager::VmRecord;

AccountRecord Account(std::string id) {
  AccountRecord account;
  account.id = std::move(id);
  account.key.fill(7);
  account.quota = {1, UINT64_MAX, 3, 4};
  return account;
}

VmRecord Record(VmId id) {
  VmRecord vm;
  vm.id = id;
  vm.name = "web" + std::to_string(id);
  vm.owner = "alice";
  vm.shape = {1, 512, {10, 20}};
  vm.host = "host-0";
  vm.image = "debian-12";
  vm.user_data = std::string("a\0b", 3);
  vm.networks = {"lan", "dmz"};
  return vm;
}

// Accounts and VMs come in any order.
StateImage Sorted(StateImage image) {
  const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
  std::sort(image.accounts.begin(), image.accounts.end(), by_id);
  std::sort(image.vms.begin(), image.vms.end(), by_id);
  std::sort(image.nonces.begin(), image.nonces.end(),
            [](const NonceRecord& a, const NonceRecord& b) {
              return a.account != b.account ? a.account < b.account
                                            : a.nonce < b.nonce;
            });
  return image;
}

void ExpectSame(const StateImage& a, const StateImage& b) {
  const StateImage one = Sorted(a);
  const StateImage other = Sorted(b);
  EXPECT_TRUE(one.accounts == other.accounts);
  EXPECT_TRUE(one.vms == other.vms);
  EXPECT_TRUE(one.nonces == other.nonces);
  EXPECT_TRUE(one.progress == other.progress);
}

struct Mocked {
  static std::unique_ptr<StateStore> Open() {
    return std::make_unique<MockStateStore>();
  }
};
struct Real {
  static std::unique_ptr<StateStore> Open() {
    auto opened = vm_manager::SqliteStore::Open(":memory:");
    EXPECT_TRUE(opened.ok()) << opened.status();
    return *std::move(opened);
  }
};

template <class T>
class StateStoreLaws : public testing::Test {
 protected:
  void SetUp() override {
    const AccountRecord alice = Account("alice");
    const AccountRecord bob = Account("bob");
    Commit({&alice, &bob});
  }
  void Commit(std::vector<Change> changes) {
    const absl::Status status = store_->Commit(changes);
    ASSERT_TRUE(status.ok()) << status;
  }
  StateImage Load() {
    StateImage image;
    image.nonces.resize(3);  // what was there is replaced
    EXPECT_TRUE(store_->Load(&image).ok());
    return Sorted(image);
  }

  std::unique_ptr<StateStore> store_ = T::Open();
};
using Implementations = testing::Types<Mocked, Real>;
TYPED_TEST_SUITE(StateStoreLaws, Implementations);

TYPED_TEST(StateStoreLaws, IsEmptyAtFirst) {
  StateImage image;
  ASSERT_TRUE(TypeParam::Open()->Load(&image).ok());
  ExpectSame(image, {});
}

TYPED_TEST(StateStoreLaws, GivesBackWhatWasCommitted) {
  VmRecord vm = Record(1);
  vm.state = vm_manager::VmState::kPaused;
  vm.grants = {{"bob", vm_manager::Level::kManager}};
  vm.snapshots = {{"first", vm_manager::VmState::kRunning, vm.shape}};
  vm.offer = vm_manager::Offer{"alice", "bob", 99};
  const NonceRecord nonce{"alice", UINT64_MAX, 50};
  this->Commit({&vm, &nonce, Progress{2, 40}});
  const StateImage image = this->Load();
  ASSERT_EQ(image.accounts.size(), 2u);
  EXPECT_TRUE(image.accounts[0] == Account("alice"));
  ASSERT_EQ(image.vms.size(), 1u);
  EXPECT_TRUE(image.vms[0] == vm);
  ASSERT_EQ(image.nonces.size(), 1u);
  EXPECT_TRUE(image.nonces[0] == nonce);
  EXPECT_TRUE((image.progress == Progress{2, 40}));
}

TYPED_TEST(StateStoreLaws, ReplacesTheRecordOfTheSameKey) {
  VmRecord vm = Record(1);
  vm.grants = {{"bob", vm_manager::Level::kManager}};
  AccountRecord alice = Account("alice");
  NonceRecord nonce{"alice", 1, 50};
  this->Commit({&vm, &nonce});
  vm.grants.clear();
  vm.networks = {"wan"};
  alice.revoked = true;
  nonce.expires_ms = 60;
  this->Commit({&vm, &alice, &nonce});
  const StateImage image = this->Load();
  EXPECT_TRUE(image.vms == std::vector<VmRecord>{vm});
  EXPECT_TRUE(image.accounts[0] == alice);
  EXPECT_TRUE(image.nonces == std::vector<NonceRecord>{nonce});
}

TYPED_TEST(StateStoreLaws, ErasesOneVmWithAllItHas) {
  VmRecord first = Record(1);
  first.grants = {{"bob", vm_manager::Level::kManager}};
  const VmRecord second = Record(2);
  this->Commit({&first, &second});
  this->Commit({EraseVm{1}});
  EXPECT_TRUE(this->Load().vms == std::vector<VmRecord>{second});
}

TYPED_TEST(StateStoreLaws, ForgetsNoncesUpToAndIncludingTheTime) {
  const NonceRecord before{"alice", 1, 49};
  const NonceRecord at{"bob", 1, 50};
  const NonceRecord after{"alice", 2, 51};
  this->Commit({&before, &at, &after});
  this->Commit({ForgetNonces{50}});
  EXPECT_TRUE(this->Load().nonces == std::vector<NonceRecord>{after});
}

TYPED_TEST(StateStoreLaws, AppliesChangesInOrder) {
  const VmRecord vm = Record(1);
  const NonceRecord nonce{"alice", 1, 50};
  this->Commit({&vm, EraseVm{1}, &nonce, ForgetNonces{50}, Progress{3, 0},
                Progress{2, 0}});
  const StateImage image = this->Load();
  EXPECT_TRUE(image.vms.empty());
  EXPECT_TRUE(image.nonces.empty());
  EXPECT_EQ(image.progress.next_vm, 2u);
}

class Walk {
 public:
  explicit Walk(uint64_t seed) : random_(seed) {}

  // Commits the same few random changes to both.
  void Step(StateStore& one, StateStore& other) {
    vm_ = Record(1 + random_.Below(4));
    vm_.state = static_cast<vm_manager::VmState>(random_.Below(3));
    if (random_.OneIn(2)) {
      vm_.grants = {{"bob", vm_manager::Level::kOperator}};
    }
    account_ = Account(random_.OneIn(2) ? "alice" : "bob");
    account_.revoked = random_.OneIn(2);
    nonce_ = {account_.id, random_.Below(8),
              static_cast<int64_t>(random_.Below(100))};
    std::vector<Change> changes;
    for (size_t left = random_.Below(4); left > 0; --left) {
      changes.push_back(Draw());
    }
    ASSERT_EQ(one.Commit(changes).ok(), other.Commit(changes).ok());
  }

 private:
  Change Draw() {
    switch (random_.Below(6)) {
      case 0:
        return &account_;
      case 1:
        return &vm_;
      case 2:
        return EraseVm{1 + random_.Below(4)};
      case 3:
        return ForgetNonces{static_cast<int64_t>(random_.Below(100))};
      case 4:
        return Progress{5 + random_.Below(9), 1};
      default:
        return &nonce_;
    }
  }

  Random random_;
  AccountRecord account_;
  VmRecord vm_;
  NonceRecord nonce_;
};

TEST(StateStoresAgree, OnARandomWalk) {
  MockStateStore mock;
  const auto real = Real::Open();
  const AccountRecord alice = Account("alice");
  const AccountRecord bob = Account("bob");
  for (StateStore* store : {static_cast<StateStore*>(&mock), real.get()}) {
    ASSERT_TRUE(store->Commit(std::array<Change, 2>{&alice, &bob}).ok());
  }
  Walk walk(1);
  for (int i = 0; i < 500; ++i) {
    walk.Step(mock, *real);
    StateImage a;
    StateImage b;
    ASSERT_TRUE(mock.Load(&a).ok());
    ASSERT_TRUE(real->Load(&b).ok());
    ExpectSame(a, b);
    ASSERT_FALSE(testing::Test::HasFailure()) << "after commit " << i;
  }
}

}  // namespace
}  // namespace formfuzz
