// SPDX-License-Identifier: Apache-2.0
// One line a step, a strategy or a rule.
#include "harnesses/vm_management/recipe.h"

#include <string>
#include <vector>

#include "generators/operation_sequences.h"
#include "harnesses/vm_management/goals/goals.h"

namespace formfuzz {
namespace {

using Subject = VmManagement;

auto By(Signer usual) { return Arg("by", SignedByDomain(usual)); }
auto ByOwner() { return By(Signer::kOwner); }
auto ByRoot() { return By(Signer::kRoot); }
auto AnyVm() { return Arg("vm", VmDomain()); }
auto Account(std::string name) { return Arg(std::move(name), AccountIds()); }

void DescribeMachines(HarnessBuilder<Subject>& target) {
  target
      .Step("create", &Subject::Create, By(Signer::kAlice),
            Arg("spec", VmSpecs()))
      .Makes<Vm>()
      .Step("start", &Subject::Start, ByOwner(), AnyVm())
      .Step("stop", &Subject::Stop, ByOwner(), AnyVm())
      .Step("pause", &Subject::Pause, ByOwner(), AnyVm())
      .Step("resume", &Subject::Resume, ByOwner(), AnyVm())
      .Step("reboot", &Subject::Reboot, ByOwner(), AnyVm())
      .Step("snapshot", &Subject::TakeSnapshot, ByOwner(), AnyVm(),
            Arg("as", SnapshotNames()))
      .Step("revert", &Subject::Revert, ByOwner(), AnyVm(),
            Arg("to", SnapshotNames()))
      .Step("resize", &Subject::Resize, ByOwner(), AnyVm(),
            Arg("shape", ShapeSpecs()))
      .Step("migrate", &Subject::Migrate, ByOwner(), AnyVm(),
            Arg("to", HostNames()))
      .Step("delete", &Subject::Delete, ByOwner(), AnyVm())
      .Retires<Vm>();
}

void DescribeRights(HarnessBuilder<Subject>& target) {
  target
      .Step("grant", &Subject::Grant, ByOwner(), AnyVm(), Account("to"),
            Arg("level", GrantedLevels()))
      .Step("share", &Subject::Share, ByOwner(), AnyVm(),
            Arg("with", PermissionSets()))
      .Step("share_with_two", &Subject::ShareWithTwo, ByOwner(), AnyVm(),
            Arg("bob", GrantedLevels()), Arg("carol", GrantedLevels()))
      .Step("revoke_grant", &Subject::RevokeGrant, ByOwner(), AnyVm(),
            Account("of"))
      .Step("drop_grant", &Subject::DropGrant, By(Signer::kGuest), AnyVm())
      .Step("take_grant", &Subject::TakeGrant, By(Signer::kGuest), AnyVm())
      .Step("change_grant", &Subject::ChangeGrant, By(Signer::kGuest), AnyVm(),
            Arg("level", GrantedLevels()))
      .Step("offer", &Subject::Offer, ByOwner(), AnyVm(), Account("to"),
            Arg("for_ms", OfferLifetimes()))
      .Step("accept", &Subject::Accept, By(Signer::kInvited), AnyVm())
      .Step("cancel", &Subject::Cancel, ByOwner(), AnyVm())
      .Step("add_account", &Subject::AddAccount, ByRoot(),
            Arg("id", NewAccountIds()), Arg("quota", Quotas()),
            Arg("administrator", BoolDomain()))
      .Step("revoke_account", &Subject::RevokeAccount, ByRoot(),
            Arg("id", OwnerIds()))
      .Step("set_quota", &Subject::SetQuota, ByRoot(), Arg("of", OwnerIds()),
            Arg("quota", Quotas()), Arg("above", QuotaBases()))
      .Step("get", &Subject::Get, ByOwner(), AnyVm())
      .Step("list", &Subject::List, By(Signer::kAlice));
}

void DescribeSurroundings(HarnessBuilder<Subject>& target) {
  target.Step("replay", &Subject::Replay, Arg("back", InRange<uint8_t>(0, 15)))
      .Step("expire_offers", &Subject::ExpireOffers)
      .Step("restart", &Subject::Restart)
      .Step("reconcile", &Subject::Reconcile)
      .Step("set_clock_back", &Subject::SetClockBack,
            Arg("ms", ElementOf<uint32_t>({600'000, 60'000, 1, 86'400'000})));
}

void DescribeStrategies(HarnessBuilder<Subject>& target) {
  target
      .Strategy("signatures", {"create", "start", "stop", "delete", "resize",
                               "get", "list", "add_account", "revoke_account",
                               "replay", "restart", "set_clock_back"})
      .Strategy("permissions",
                {"create",      "start",          "stop",
                 "pause",       "resume",         "reboot",
                 "snapshot",    "revert",         "resize",
                 "migrate",     "delete",         "grant",
                 "share",       "revoke_grant",   "drop_grant",
                 "take_grant",  "change_grant",   "share_with_two",
                 "add_account", "revoke_account", "set_quota",
                 "get",         "list",           "replay",
                 "restart"})
      .Strategy("transfer_race",
                {"create", "delete", "resize", "grant", "share", "revoke_grant",
                 "drop_grant", "offer", "accept", "cancel", "add_account",
                 "revoke_account", "set_quota", "list", "replay",
                 "expire_offers", "restart"},
                Tasks(3))
      .Strategy("lifecycle",
                {"create", "start", "stop", "pause", "resume", "reboot",
                 "snapshot", "revert", "resize", "migrate", "delete",
                 "set_quota", "restart", "reconcile"})
      .Strategy("lifecycle_race",
                {"create", "start", "stop", "pause", "resume", "snapshot",
                 "revert", "resize", "migrate", "delete", "offer", "accept",
                 "expire_offers", "get", "reconcile"},
                Tasks(3))
      .Sequences(OperationSequences());
}

void DescribeRules(HarnessBuilder<Subject>& target) {
  const std::vector<std::string> rules = {"OneOwnerPerVm",
                                          "QuotaIsSumOfVms",
                                          "AccountIsAsForetold",
                                          "OnlyGrantsGivenStand",
                                          "VmIsAsForetold",
                                          "StoreAgreesWithMemory",
                                          "HypervisorAgreesWithRecords"};
  target.Invariants(rules, &Subject::JudgeStep)
      .AtEnd(rules, &Subject::JudgeEnd)
      .AtEnd("OffersEndInTime", &Subject::EveryOfferEnds)
      .State(&Subject::StateDigest);
}

}  // namespace

HarnessBuilder<VmManagement> DescribeVmManagement(
    HarnessBuilder<VmManagement> target) {
  DescribeMachines(target);
  DescribeRights(target);
  DescribeSurroundings(target);
  DescribeStrategies(target);
  DescribeRules(target);
  DescribeGoals(target);
  return target;
}

}  // namespace formfuzz
