// SPDX-License-Identifier: Apache-2.0
// The small structures by themselves, against plain ones that are obviously
// right.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>

#include "components/vm_manager/limits.h"
#include "components/vm_manager/state/account_table.h"
#include "components/vm_manager/state/offer_calendar.h"
#include "components/vm_manager/state/replay_window.h"
#include "components/vm_manager/state/vm_table.h"

namespace vm_manager {
namespace {

TEST(ReplayWindowTest, ForgetsExactlyWhatHasExpired) {
  std::minstd_rand random(1);
  ReplayWindow window;
  std::map<uint64_t, int64_t> model;
  for (int64_t now = 0; now < 5000; ++now) {
    const uint64_t nonce = random() % 300;
    if (window.HasExpired(now)) window.Forget(now);
    std::erase_if(model, [now](const auto& one) { return one.second <= now; });
    ASSERT_EQ(window.Contains(nonce), model.count(nonce) == 1);
    ASSERT_EQ(window.size(), model.size());
    if (model.count(nonce) == 1) continue;
    const int64_t expires = now + 1 + static_cast<int64_t>(random() % 200);
    window.Insert(nonce, expires);
    model[nonce] = expires;
  }
}

TEST(ReplayWindowTest, IsFullAtItsLimit) {
  ReplayWindow window;
  for (size_t i = 0; i < kLiveNoncesMax; ++i) {
    EXPECT_FALSE(window.IsFull(kLiveNoncesMax));
    window.Insert(i, 10);
  }
  EXPECT_TRUE(window.IsFull(kLiveNoncesMax));
}

TEST(OfferCalendarTest, GivesTheEarliestFirst) {
  std::minstd_rand random(2);
  OfferCalendar calendar;
  std::set<std::pair<int64_t, VmId>> model;
  for (int64_t now = 0; now < 2000; ++now) {
    const std::pair<int64_t, VmId> entry(
        now + static_cast<int64_t>(random() % 50), 1 + static_cast<VmId>(now));
    calendar.Add(entry.second, entry.first);
    model.insert(entry);
    while (!model.empty() && model.begin()->first <= now) {
      const auto [expires_ms, due] = *model.begin();
      ASSERT_EQ(calendar.NextDue(now), due);
      calendar.Remove(due, expires_ms);
      model.erase(model.begin());
    }
    ASSERT_EQ(calendar.NextDue(now), 0u);
    ASSERT_EQ(calendar.size(), model.size());
  }
}

std::unique_ptr<VmRecord> Vm(VmId id, std::string owner, std::string name) {
  auto vm = std::make_unique<VmRecord>();
  vm->id = id;
  vm->owner = std::move(owner);
  vm->name = std::move(name);
  return vm;
}

TEST(VmTableTest, RefusesAnIdOrANameThatIsTaken) {
  VmTable table;
  table.Reserve(2);
  const VmRecord* first = table.Add(Vm(1, "alice", "web"));
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(table.Add(Vm(1, "bob", "db")), nullptr);
  EXPECT_EQ(table.Add(Vm(2, "alice", "web")), nullptr);
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.Find(1), first);
  EXPECT_EQ(table.Find(2), nullptr);
  EXPECT_EQ(table.FindByName("alice", "web"), first);
  EXPECT_EQ(table.FindByName("bob", "db"), nullptr);
  EXPECT_NE(table.Add(Vm(2, "bob", "web")), nullptr) << "nothing was left";
}

AccountRecord Account(std::string id) {
  AccountRecord account;
  account.id = std::move(id);
  return account;
}

TEST(AccountTableTest, RefusesAnIdThatIsTaken) {
  AccountTable table;
  const AccountState* first = table.Add(Account("alice"));
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(table.Add(Account("alice")), nullptr);
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.Find("alice"), first);
}

TEST(VmTableTest, KeepsItsIndexesAlike) {
  std::minstd_rand random(3);
  VmTable table;
  std::set<VmId> model;
  for (int step = 0; step < 3000; ++step) {
    const VmId id = 1 + random() % 40;
    if (model.count(id) == 0) {
      auto vm = std::make_unique<VmRecord>();
      vm->id = id;
      vm->name = std::to_string(id);
      vm->owner = "alice";
      table.Add(std::move(vm));
      model.insert(id);
    } else if (random() % 2 == 0) {
      VmRecord* vm = table.Find(id);
      const std::string next = vm->owner == "alice" ? "bob" : "alice";
      EXPECT_NE(table.ChangeOwner(vm, next), next);
      EXPECT_EQ(table.FindByName(next, vm->name), vm);
    } else {
      EXPECT_EQ(table.Remove(id)->id, id);
      EXPECT_EQ(table.FindByName("alice", std::to_string(id)), nullptr);
      EXPECT_EQ(table.FindByName("bob", std::to_string(id)), nullptr);
      model.erase(id);
    }
    ASSERT_EQ(table.size(), model.size());
    ASSERT_EQ(table.name_count(), model.size());
  }
  auto expected = model.begin();
  for (const VmRecord* vm : table.in_order()) EXPECT_EQ(vm->id, *expected++);
}

}  // namespace
}  // namespace vm_manager
