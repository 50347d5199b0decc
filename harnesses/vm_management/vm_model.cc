// SPDX-License-Identifier: Apache-2.0
// Admission, time and what outlives a restart. What each operation does is in
// vm_model_rules.cc.
#include "harnesses/vm_management/vm_model.h"

#include <algorithm>
#include <variant>

namespace formfuzz {
namespace {

constexpr int64_t kSkewMs = 30'000;
constexpr int64_t kWindowMaxMs = 300'000;

}  // namespace

void VmModel::Add(Actor actor, const vm_manager::Resources& quota,
                  bool administrator) {
  accounts_[static_cast<size_t>(actor)] = {
      true, false, administrator, quota, {}};
}

vm_manager::Code VmModel::Authenticate(const Sealed& message) const {
  const ModelAccount& signer = accounts_[static_cast<size_t>(message.signer)];
  if (message.malformed) return Code::kMalformed;
  if (!signer.exists) return Code::kUnknownAccount;
  if (signer.revoked) return Code::kRevoked;
  return message.badly_signed ? Code::kBadSignature : Code::kOk;
}

vm_manager::Code VmModel::Admit(const Sealed& message, int64_t now_ms) const {
  const int64_t window_ms = message.expires_ms - message.issued_ms;
  if (window_ms <= 0 || window_ms > kWindowMaxMs) return Code::kInvalidWindow;
  if (message.issued_ms - kSkewMs > now_ms) return Code::kFuture;
  if (message.expires_ms <= now_ms) return Code::kExpired;
  const auto actor = static_cast<size_t>(message.signer);
  size_t live = 0;
  for (const Nonce& used : nonces_) {
    if (!used.remembered || used.actor != actor) continue;
    if (used.expires_ms <= now_ms) continue;
    if (used.nonce == message.nonce) return Code::kReplayed;
    ++live;
  }
  return live >= kLiveNonces ? Code::kThrottled : Code::kOk;
}

int64_t VmModel::Now(int64_t clock_ms) {
  return floor_ms_ = std::max(floor_ms_, clock_ms);
}

bool VmModel::Forget(size_t actor, int64_t now_ms) {
  bool forgot = false;
  for (Nonce& used : nonces_) {
    if (used.actor != actor || !used.remembered || used.expires_ms > now_ms) {
      continue;
    }
    used.remembered = false;
    forgot = true;
  }
  return forgot;
}

void VmModel::Remember(const Sealed& message) {
  const auto actor = static_cast<size_t>(message.signer);
  std::erase_if(nonces_, [&](const Nonce& used) {
    return used.actor == actor && used.nonce == message.nonce;
  });
  nonces_.push_back({actor, message.nonce, message.expires_ms, true, true});
}

// With the forgotten nonces goes the time, so that a clock set back does not
// make their requests valid again.
void VmModel::StoreProgress(bool forgot, int64_t now_ms) {
  stored_next_id_ = next_id_;
  stored_floor_ms_ = floor_ms_;
  if (!forgot) return;
  std::erase_if(nonces_, [now_ms](Nonce& used) {
    if (used.expires_ms <= now_ms) used.stored = false;
    return !used.stored && !used.remembered;
  });
}

vm_manager::Code VmModel::Submit(const Sealed& message,
                                 const vm_manager::Operation& operation,
                                 int64_t clock_ms, Failures failures) {
  Code code = Authenticate(message);
  if (code != Code::kOk) return code;
  const int64_t now_ms = Now(clock_ms);
  const auto actor = static_cast<size_t>(message.signer);
  code = Admit(message, now_ms);
  // It stays too late, whatever happens.
  if (code == Code::kExpired && message.expires_ms > stored_floor_ms_) {
    if (failures.store > 0) return Code::kStoreFailed;
    StoreProgress(false, now_ms);
  }
  // Only what gets as far as the nonces tidies them up.
  const bool looked =
      code == Code::kOk || code == Code::kReplayed || code == Code::kThrottled;
  const bool forgot = looked && Forget(actor, now_ms);
  if (code != Code::kOk) return code;
  code = Foretell(actor, operation, now_ms);
  const bool makes = std::holds_alternative<vm_manager::CreateVm>(operation);
  if (makes && code == Code::kOk) ++next_id_;  // used up in any case
  if (failures.store > 0) return Code::kStoreFailed;
  if (code == Code::kOk && failures.hypervisor > 0) {
    code = Code::kHypervisorFailed;
  }
  Remember(message);
  if (forgot || code == Code::kOfferExpired || (makes && code == Code::kOk)) {
    StoreProgress(forgot, now_ms);
  }
  if (code == Code::kOk) CarryOut(actor, operation, now_ms);
  return code;
}

size_t VmModel::ExpireOffers(int64_t clock_ms, size_t ended) {
  const int64_t now_ms = Now(clock_ms);
  size_t due = 0;
  for (const ModelVm& vm : vms_) {
    due += vm.exists && vm.offered && vm.offer_expires_ms <= now_ms;
  }
  for (size_t count = 0; count < std::min(ended, due); ++count) {
    ModelVm* first = nullptr;
    for (ModelVm& vm : vms_) {
      if (!vm.exists || !vm.offered) continue;
      if (first == nullptr || vm.offer_expires_ms < first->offer_expires_ms) {
        first = &vm;
      }
    }
    EndOffer(*first);
  }
  return due;
}

void VmModel::Reopen() {
  next_id_ = stored_next_id_;
  floor_ms_ = stored_floor_ms_;
  std::erase_if(nonces_, [](const Nonce& used) { return !used.stored; });
  for (Nonce& used : nonces_) used.remembered = true;
}

size_t VmModel::stored_nonce_count() const {
  return static_cast<size_t>(
      std::count_if(nonces_.begin(), nonces_.end(),
                    [](const Nonce& used) { return used.stored; }));
}

size_t VmModel::remembered_nonce_count(size_t actor) const {
  return static_cast<size_t>(
      std::count_if(nonces_.begin(), nonces_.end(), [actor](const Nonce& used) {
        return used.remembered && used.actor == actor;
      }));
}

bool VmModel::HasStored(const vm_manager::NonceRecord& nonce) const {
  const size_t actor = ActorIndex(nonce.account);
  return std::any_of(nonces_.begin(), nonces_.end(), [&](const Nonce& used) {
    return used.stored && used.actor == actor && used.nonce == nonce.nonce &&
           used.expires_ms == nonce.expires_ms;
  });
}

const ModelVm* VmModel::Find(VmId id) const {
  if (id == 0 || id > vms_.size() || !vms_[id - 1].exists) return nullptr;
  return &vms_[id - 1];
}

vm_manager::Level VmModel::LevelOf(size_t actor, const ModelVm& vm) const {
  if (accounts_[actor].administrator || vm.owner == actor) {
    return vm_manager::Level::kOwner;
  }
  return vm.grants[actor];
}

}  // namespace formfuzz
