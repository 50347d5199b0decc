// SPDX-License-Identifier: Apache-2.0
// One way through for every message: date, encode, misshape, sign, swap.
#include "generators/sealing.h"

#include <utility>
#include <variant>

namespace formfuzz {
namespace {

using vm_manager::Operation;
using vm_manager::Request;
using vm_manager::Signature;

constexpr size_t kTagBytes = 16;
// Tag, operation, length of the signer's id, nonce, issued, expires.
constexpr size_t kHeaderBytes = kTagBytes + 1 + 2 + 3 * 8;

bool IsSwap(Tamper tamper) {
  return tamper >= Tamper::kNonceSwapped && tamper <= Tamper::kArgumentSwapped;
}
bool IsBadlySigned(Tamper tamper) {
  return tamper >= Tamper::kWrongKey && tamper <= Tamper::kArgumentSwapped;
}
bool IsMisshapen(Tamper tamper) {
  return tamper >= Tamper::kTruncated && tamper <= Tamper::kOtherTag;
}

Actor NextActor(Actor actor) {
  return static_cast<Actor>((static_cast<size_t>(actor) + 1) % kActors);
}

// Adds the order of the base point of edwards25519 (RFC 8032, 5.1) to S.
void AddGroupOrder(Signature& signature) {
  static constexpr std::array<uint8_t, 32> kOrder = {
      0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
      0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
      0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  unsigned carry = 0;
  for (size_t i = 0; i < kOrder.size(); ++i) {
    carry += unsigned{signature[32 + i]} + kOrder[i];
    signature[32 + i] = static_cast<uint8_t>(carry);
    carry >>= 8;
  }
}

// False when the operation has no argument to change.
bool ChangeArgument(Operation& operation) {
  return std::visit(
      [](auto& op) {
        if constexpr (requires { op.vm; }) {
          op.vm ^= 1;
        } else if constexpr (requires { op.shape; }) {
          op.shape.vcpus ^= 1;
        } else if constexpr (requires { op.quota; }) {
          op.quota.vcpus ^= 1;
        } else {
          return false;
        }
        return true;
      },
      operation);
}

vm_manager::Shape* ShapeOf(Operation& operation) {
  if (auto* create = std::get_if<vm_manager::CreateVm>(&operation)) {
    return &create->shape;
  }
  auto* resize = std::get_if<vm_manager::ResizeVm>(&operation);
  return resize == nullptr ? nullptr : &resize->shape;
}

// Where the canonical bytes count the disks of a shape.
size_t DiskCountAt(const Request& request) {
  const auto* create = std::get_if<vm_manager::CreateVm>(&request.operation);
  const size_t before = create == nullptr ? 8 : 2 + create->name.size();
  return kHeaderBytes + request.signer.size() + before + 8;
}

}  // namespace

const Sealed& Sealer::Seal(Author by, const Operation& operation,
                           int64_t now_ms) {
  Request request{.signer = IdOf(by.actor),
                  .nonce = next_nonce_++,
                  .issued_at_ms = 0,
                  .expires_at_ms = 0,
                  .operation = operation};
  if (by.tamper == Tamper::kReplayed) {
    const uint64_t last = last_nonce_[static_cast<size_t>(by.actor)];
    if (last != 0) request.nonce = last;
  }
  Date(by.tamper, now_ms, request);
  EncodeRequest(request, &memory_->bytes);
  if (IsMisshapen(by.tamper)) Misshape(by.tamper, request);
  const Signature signature = SignAs(by, request);
  if (IsSwap(by.tamper)) SwapAfterSigning(by.tamper, request);
  Keep(by, request, signature);
  return *sent().back();
}

void Sealer::Date(Tamper tamper, int64_t now_ms, Request& request) {
  request.issued_at_ms = now_ms;
  if (tamper == Tamper::kFuture || tamper == Tamper::kFastClock) {
    request.issued_at_ms += vm_manager::kClockSkewMs;
    request.issued_at_ms += tamper == Tamper::kFuture ? 1 : 0;
  } else if (tamper == Tamper::kExpired || tamper == Tamper::kLastMoment) {
    request.issued_at_ms -= kValidMs;
    request.issued_at_ms += tamper == Tamper::kLastMoment ? 1 : 0;
  }
  int64_t valid_ms = kValidMs;
  if (tamper == Tamper::kLongestValid) valid_ms = vm_manager::kValidityMaxMs;
  if (tamper == Tamper::kTooLong) valid_ms = vm_manager::kValidityMaxMs + 1;
  if (tamper == Tamper::kNoWindow) valid_ms = 0;
  request.expires_at_ms = request.issued_at_ms + valid_ms;
}

// Leaves the bytes as no canonical ones.
void Sealer::Misshape(Tamper tamper, Request& request) {
  vm_manager::Shape* shape = ShapeOf(request.operation);
  if (tamper == Tamper::kTrailingByte) {
    memory_->bytes.push_back(0);
  } else if (tamper == Tamper::kLongText) {
    memory_->bytes[kTagBytes + 1] = memory_->bytes[kTagBytes + 2] = 0xff;
  } else if (tamper == Tamper::kLongList && shape != nullptr) {
    while (shape->disks_gb.push_back(1)) {
    }
    EncodeRequest(request, &memory_->bytes);
    memory_->bytes[DiskCountAt(request)] = vm_manager::kListCapacity + 1;
  } else if (tamper == Tamper::kReencoded) {
    const bool has_flag =
        std::holds_alternative<vm_manager::AddAccount>(request.operation);
    has_flag ? memory_->bytes.back() = 2 : memory_->bytes[kTagBytes] |= 0x80;
  } else if (tamper == Tamper::kOtherTag) {
    memory_->bytes[0] ^= 0x20;
  } else {
    memory_->bytes.pop_back();
  }
}

Signature Sealer::SignAs(Author by, const Request& request) {
  if (by.tamper == Tamper::kWrongKey) {
    return keys_->Sign(NextActor(by.actor), memory_->bytes);
  }
  if (by.tamper == Tamper::kOtherRequest) {
    return OtherSignature(by.actor, request);
  }
  Signature signature = keys_->Sign(by.actor, memory_->bytes);
  if (by.tamper == Tamper::kBitFlipped) {
    const size_t bit = (request.nonce * 37) % (signature.size() * 8);
    signature[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
  } else if (by.tamper == Tamper::kCutSignature) {
    std::fill(signature.begin() + 32, signature.end(), uint8_t{0});
  } else if (by.tamper == Tamper::kSecondForm) {
    AddGroupOrder(signature);
  }
  return signature;
}

// The latest good one, as somebody on the wire would have it; else one made
// for the purpose.
Signature Sealer::OtherSignature(Actor actor, const Request& request) {
  for (size_t back = sent().size(); back > 0; --back) {
    const Sealed& sealed = *sent()[back - 1];
    if (sealed.signer == actor && !sealed.forged()) return sealed.signature;
  }
  Request other = request;
  other.operation = vm_manager::ListVms();
  ++other.nonce;
  std::vector<uint8_t> bytes;
  EncodeRequest(other, &bytes);
  return keys_->Sign(actor, bytes);
}

void Sealer::SwapAfterSigning(Tamper tamper, Request& request) {
  if (tamper == Tamper::kSignerSwapped) {
    request.signer =
        IdOf(NextActor(static_cast<Actor>(ActorIndex(request.signer))));
  } else if (tamper == Tamper::kExpirySwapped) {
    ++request.expires_at_ms;
  } else if (tamper != Tamper::kArgumentSwapped ||
             !ChangeArgument(request.operation)) {
    request.nonce = next_nonce_++;
  }
  EncodeRequest(request, &memory_->bytes);
}

void Sealer::Keep(Author by, const Request& request,
                  const Signature& signature) {
  const bool swapped = by.tamper == Tamper::kSignerSwapped;
  const Sealed* sealed = memory_->arena.New<Sealed>(
      memory_->arena.CopyGuarded(memory_->bytes), signature,
      swapped ? NextActor(by.actor) : by.actor, IsMisshapen(by.tamper),
      IsBadlySigned(by.tamper), request.nonce, request.issued_at_ms,
      request.expires_at_ms);
  if (!sealed->forged()) {
    last_nonce_[static_cast<size_t>(by.actor)] = request.nonce;
  }
  memory_->sent.push_back(sealed);
}

}  // namespace formfuzz
