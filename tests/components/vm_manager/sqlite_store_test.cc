// SPDX-License-Identifier: Apache-2.0
// The SQLite store: what is committed comes back, whole, also after a process
// was killed at any moment.
#include "components/vm_manager/adapters/sqlite_store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "components/vm_manager/request/ed25519.h"
#include "tests/components/vm_manager/fixture.h"

namespace vm_manager {
namespace {

namespace fs = std::filesystem;

class SqliteStoreTest : public ::testing::Test {
 protected:
  SqliteStoreTest() {
    std::string folder = (fs::temp_directory_path() / "vm_store.XXXXXX");
    folder_ = mkdtemp(folder.data());
    path_ = (folder_ / "state.db").string();
  }
  ~SqliteStoreTest() override { fs::remove_all(folder_); }

  std::unique_ptr<SqliteStore> Open() {
    auto store = SqliteStore::Open(path_);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }

  fs::path folder_;
  std::string path_;
};

AccountRecord SomeAccount(std::string id) {
  AccountRecord account;
  account.id = std::move(id);
  account.key.fill(0xff);
  account.quota = {1, ~uint64_t{0}, 3, 4};
  return account;
}

VmRecord SomeVm() {
  VmRecord vm;
  vm.id = 5;
  vm.name = "web";
  vm.owner = "alice";
  vm.state = VmState::kPaused;
  vm.shape = {64, 1024, {1, 0xffffffff}};
  vm.host = "host-1";
  vm.image = "debian-12";
  vm.user_data = std::string("\0'\xff", 3);
  vm.networks = {"lan", "lan"};
  vm.grants = {{"bob", Level::kManager}};
  vm.snapshots = {{"z", VmState::kRunning, {1, 64, {}}},
                  {"a", VmState::kStopped, {2, 65, {7}}}};
  vm.offer = Offer{"alice", "bob", 77};
  return vm;
}

void CommitSome(SqliteStore& store) {
  const AccountRecord alice = SomeAccount("alice");
  const AccountRecord bob = SomeAccount("bob");
  const VmRecord vm = SomeVm();
  const NonceRecord nonce{"alice", ~uint64_t{0}, 9};
  const Change changes[] = {&bob, &alice, &vm, &nonce, Progress{6, 8}};
  ASSERT_TRUE(store.Commit(changes).ok());
}

StateImage Loaded(SqliteStore& store) {
  StateImage image;
  EXPECT_TRUE(store.Load(&image).ok());
  return image;
}

TEST_F(SqliteStoreTest, StartsEmpty) {
  const StateImage image = Loaded(*Open());
  EXPECT_TRUE(image.accounts.empty());
  EXPECT_TRUE(image.vms.empty());
  EXPECT_EQ(image.progress, Progress{});
}

TEST_F(SqliteStoreTest, GivesBackWhatWasCommitted) {
  CommitSome(*Open());
  const StateImage image = Loaded(*Open());
  ASSERT_EQ(image.accounts.size(), 2u);
  EXPECT_EQ(image.accounts[0], SomeAccount("bob"));
  EXPECT_EQ(image.accounts[1], SomeAccount("alice"));
  ASSERT_EQ(image.vms.size(), 1u);
  EXPECT_EQ(image.vms[0], SomeVm());
  ASSERT_EQ(image.nonces.size(), 1u);
  EXPECT_EQ(image.nonces[0], (NonceRecord{"alice", ~uint64_t{0}, 9}));
  EXPECT_EQ(image.progress, (Progress{6, 8}));
}

TEST_F(SqliteStoreTest, ReplacesAndErases) {
  auto store = Open();
  CommitSome(*store);
  AccountRecord bob = SomeAccount("bob");
  bob.revoked = true;
  VmRecord vm = SomeVm();
  vm.offer.reset();
  vm.grants.clear();
  vm.snapshots.pop_back();
  vm.owner = "bob";
  const Change replaced[] = {&bob, &vm, ForgetNonces{8}};
  ASSERT_TRUE(store->Commit(replaced).ok());
  StateImage image = Loaded(*store);
  EXPECT_EQ(image.accounts[0], bob);
  EXPECT_EQ(image.vms[0], vm);
  EXPECT_EQ(image.nonces.size(), 1u);
  const Change erased[] = {EraseVm{5}, ForgetNonces{9}};
  ASSERT_TRUE(store->Commit(erased).ok());
  image = Loaded(*store);
  EXPECT_TRUE(image.vms.empty());
  EXPECT_TRUE(image.nonces.empty());
}

TEST_F(SqliteStoreTest, AppliesAllOrNone) {
  auto store = Open();
  CommitSome(*store);
  AccountRecord bob = SomeAccount("bob");
  bob.revoked = true;
  VmRecord orphan = SomeVm();
  orphan.id = 6;
  orphan.name = "other";
  orphan.owner = "nobody";
  const Change changes[] = {&bob, EraseVm{5}, &orphan};
  EXPECT_FALSE(store->Commit(changes).ok());
  const StateImage image = Loaded(*store);
  EXPECT_FALSE(image.accounts[0].revoked);
  ASSERT_EQ(image.vms.size(), 1u);
  EXPECT_EQ(image.vms[0], SomeVm());
  const Change good[] = {&bob};
  EXPECT_TRUE(store->Commit(good).ok());
}

TEST_F(SqliteStoreTest, RefusesASecondOwner) {
  auto store = Open();
  CommitSome(*store);
  EXPECT_FALSE(SqliteStore::Open(path_).ok());
  store.reset();
  EXPECT_TRUE(SqliteStore::Open(path_).ok());
}

TEST_F(SqliteStoreTest, RefusesADamagedFile) {
  CommitSome(*Open());
  std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(0);
  file << "no database at all";
  file.close();
  const auto store = SqliteStore::Open(path_);
  EXPECT_EQ(store.status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(SqliteStoreTest, RefusesAnotherSchema) {
  {
    CommitSome(*Open());
  }
  auto database = OpenDatabase(path_);
  ASSERT_TRUE(database.ok());
  ASSERT_TRUE(
      Execute(database->get(), "PRAGMA user_version = 99", "ageing").ok());
  database->reset();
  EXPECT_EQ(SqliteStore::Open(path_).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(SqliteStoreTest, RefusesRowsThatNoRecordCanHold) {
  {
    CommitSome(*Open());
  }
  auto database = OpenDatabase(path_);
  ASSERT_TRUE(database.ok());
  ASSERT_TRUE(
      Execute(database->get(), "UPDATE vm SET state = 3", "damaging").ok());
  database->reset();
  StateImage image;
  EXPECT_EQ(Open()->Load(&image).code(), absl::StatusCode::kDataLoss);
}

TEST_F(SqliteStoreTest, SaysWhyItCannotOpen) {
  const auto store = SqliteStore::Open((folder_ / "no" / "such").string());
  EXPECT_EQ(store.status().code(), absl::StatusCode::kUnavailable);
}

// Generation n of the state: VM n of owner (n odd: alice, else bob), the one
// before it erased, progress n + 1. Anything in between is a torn commit.
void CommitGeneration(SqliteStore& store, uint64_t n) {
  VmRecord vm = SomeVm();
  vm.id = n;
  vm.owner = n % 2 == 1 ? "alice" : "bob";
  const Change changes[] = {EraseVm{n - 1}, &vm,
                            Progress{n + 1, static_cast<int64_t>(n)}};
  if (!store.Commit(changes).ok()) _exit(1);
}

// Commits generations and acknowledges each on the pipe, until it is killed.
[[noreturn]] void RunWriter(const std::string& path, uint64_t from, int pipe) {
  auto store = SqliteStore::Open(path);
  if (!store.ok()) _exit(1);
  for (uint64_t n = from;; ++n) {
    CommitGeneration(**store, n);
    if (write(pipe, &n, sizeof(n)) != sizeof(n)) _exit(2);
  }
}

// Kills the writer after `acks` acknowledged commits, somewhere inside a later
// one, and returns the last generation that was acknowledged.
uint64_t KillAfter(const std::string& path, uint64_t from, uint64_t acks) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) RunWriter(path, from, ends[1]);
  close(ends[1]);
  uint64_t last = 0;
  uint64_t n = 0;
  for (uint64_t i = 0; i < acks && read(ends[0], &n, sizeof(n)) > 0; ++i) {
    last = n;
  }
  kill(child, SIGKILL);
  while (read(ends[0], &n, sizeof(n)) == sizeof(n)) last = n;
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  return last;
}

TEST_F(SqliteStoreTest, SurvivesBeingKilledBetweenAndWithinCommits) {
  {
    CommitSome(*Open());
  }
  uint64_t next = 6;
  for (uint64_t acks = 1; acks <= 12; ++acks) {
    const uint64_t acknowledged = KillAfter(path_, next, acks);
    ASSERT_GE(acknowledged, next);
    const StateImage image = Loaded(*Open());
    // The one under way when the process died may have become durable.
    const uint64_t found = image.progress.next_vm - 1;
    EXPECT_GE(found, acknowledged);
    EXPECT_LE(found, acknowledged + 1);
    ASSERT_EQ(image.vms.size(), 1u);
    EXPECT_EQ(image.vms[0].id, found);
    EXPECT_EQ(image.vms[0].owner, found % 2 == 1 ? "alice" : "bob");
    EXPECT_EQ(image.vms[0].snapshots.size(), 2u);
    next = found + 1;
  }
}

// With real signatures too: only the machines are make-believe.
TEST_F(SqliteStoreTest, RestoresAManager) {
  testing::FakeClock clock;
  testing::FakeHypervisor hypervisor;
  const Ed25519Verifier verifier;
  const KeyPair keys = KeyPairFromSeed({});
  AccountRecord root = SomeAccount("root");
  root.key = keys.public_key;
  root.administrator = true;
  root.quota = {8, 4096, 100, 4};
  Config config;
  config.first_accounts = {&root, 1};
  Request request;
  request.signer = "root";
  request.issued_at_ms = clock.now_ms;
  request.expires_at_ms = clock.now_ms + 1000;
  request.operation = testing::SmallVm("web");
  SignedRequest sealed;
  EncodeRequest(request, &sealed.canonical);
  sealed.signature = Sign(keys, sealed.canonical);
  {
    auto store = Open();
    auto manager =
        VmManager::Open(config, {&clock, &verifier, &hypervisor, store.get()});
    ASSERT_TRUE(manager.ok());
    EXPECT_EQ((*manager)->Submit(sealed.canonical, sealed.signature),
              (Result{Code::kOk, 1}));
  }
  auto store = Open();
  auto manager =
      VmManager::Open(config, {&clock, &verifier, &hypervisor, store.get()});
  ASSERT_TRUE(manager.ok());
  EXPECT_EQ((*manager)->Submit(sealed.canonical, sealed.signature).code,
            Code::kReplayed);
  const View view = (*manager)->Observe();
  ASSERT_NE(view.FindVm("root", "web"), nullptr);
  EXPECT_EQ(view.FindAccount("root")->usage, (Resources{2, 512, 10, 1}));
}

}  // namespace
}  // namespace vm_manager
