// SPDX-License-Identifier: Apache-2.0
// Admission of a signed request: decoded, signed by whom it says, in time and
// new. Then it is carried out, and its nonce is used up with what it changes.
#include <algorithm>
#include <array>
#include <cassert>
#include <variant>

#include "components/vm_manager/limits.h"
#include "components/vm_manager/request/arguments.h"
#include "components/vm_manager/vm_manager.h"

namespace vm_manager {
namespace {

// The nonce, forgetting old ones, progress, and what an operation changes: an
// operation changes three records at most.
constexpr size_t kChangesMax = 6;

}  // namespace

Result VmManager::Submit(std::span<const uint8_t> canonical,
                         const Signature& signature, Answer* answer) {
  Request request;
  if (!DecodeRequest(canonical, &request)) return {Code::kMalformed};
  Code code = Code::kOk;
  AccountState* signer = FindSigner(request.signer, &code);
  if (signer == nullptr) return {code};
  // Without the lock: accounts are not removed and keys do not change.
  if (!with_.verifier->Verify(signer->record.key, canonical, signature)) {
    return {Code::kBadSignature};
  }
  MutexLock lock(mutex_);
  Call call;
  call.signer = signer;
  call.request = &request;
  call.now_ms = Now();
  call.answer = answer;
  code = Admit(call);
  if (code != Code::kOk) return {code};
  return CarryOut(call);
}

AccountState* VmManager::FindSigner(std::string_view id, Code* code) {
  MutexLock lock(mutex_);
  AccountState* signer = accounts_.Find(id);
  if (signer == nullptr) {
    *code = Code::kUnknownAccount;
  } else if (signer->record.revoked) {
    *code = Code::kRevoked;
    signer = nullptr;
  }
  return signer;
}

int64_t VmManager::Now() {
  const int64_t now_ms = std::min(with_.clock->NowMs(), kTimeMaxMs);
  progress_.time_floor_ms = std::max(progress_.time_floor_ms, now_ms);
  return progress_.time_floor_ms;
}

bool VmManager::KeepTime(int64_t passed_ms) {
  if (stored_floor_ms_ >= passed_ms) return true;
  const Change change = progress_;
  if (!with_.store->Commit({&change, 1}).ok()) return false;
  stored_floor_ms_ = progress_.time_floor_ms;
  return true;
}

Code VmManager::Admit(Call& call) {
  const Request& request = *call.request;
  // Again, because it may have happened while the signature was verified.
  if (call.signer->record.revoked) return Code::kRevoked;
  const int64_t validity_ms = request.expires_at_ms - request.issued_at_ms;
  if (validity_ms <= 0 || validity_ms > kValidityMaxMs) {
    return Code::kInvalidWindow;
  }
  if (request.issued_at_ms > call.now_ms + kClockSkewMs) return Code::kFuture;
  if (call.now_ms >= request.expires_at_ms) {
    return KeepTime(request.expires_at_ms) ? Code::kExpired
                                           : Code::kStoreFailed;
  }
  ReplayWindow& nonces = call.signer->nonces;
  call.forget = nonces.HasExpired(call.now_ms);
  if (call.forget) nonces.Forget(call.now_ms);
  if (nonces.Contains(request.nonce)) return Code::kReplayed;
  return nonces.IsFull(live_nonces_max_) ? Code::kThrottled : Code::kOk;
}

Result VmManager::CarryOut(Call& call) {
  Code code = Code::kInvalidArgument;
  if (AreValidArguments(call.request->operation)) {
    code = std::visit(
        [&](const auto& operation) { return Apply(call, operation); },
        call.request->operation);
  }
  if (!call.settled && !Commit(call, {})) code = Code::kStoreFailed;
  return {code, call.vm};
}

bool VmManager::Commit(Call& call, std::initializer_list<Change> changes) {
  call.settled = true;
  const Request& request = *call.request;
  const NonceRecord used{call.signer->record.id, request.nonce,
                         request.expires_at_ms};
  std::array<Change, kChangesMax> all;
  size_t count = 0;
  all[count++] = &used;
  // The time goes along, lest a clock set back revives what is forgotten or
  // was refused.
  bool keeps_time = call.forget || call.too_late;
  if (call.forget) all[count++] = ForgetNonces{call.now_ms};
  if (keeps_time) all[count++] = progress_;
  assert(count + changes.size() <= all.size());
  for (const Change& change : changes) {
    keeps_time |= std::holds_alternative<Progress>(change);
    all[count++] = change;
  }
  if (!with_.store->Commit({all.data(), count}).ok()) return false;
  if (keeps_time) stored_floor_ms_ = progress_.time_floor_ms;
  call.signer->nonces.Insert(request.nonce, request.expires_at_ms);
  return true;
}

}  // namespace vm_manager
