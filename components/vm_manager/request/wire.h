// SPDX-License-Identifier: Apache-2.0
// The layout of the canonical bytes, once for both directions: a field list an
// operation, walked by the encoder and by the decoder alike. Integers are
// little-endian and of fixed width, texts and lists carry their length before
// them, so that no value has two encodings:
//   tag[16] operation:u8 signer:text nonce:u64 issued:u64 expires:u64 fields...
// An Io offers Number, Text, Bytes, Flag, LevelByte and Length, see encode.cc
// and decode.cc.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_WIRE_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_WIRE_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "components/vm_manager/request/request.h"

namespace vm_manager {

// Keeps signatures made for anything else from being valid here.
inline constexpr std::string_view kWireTag = "vm-manager/req/1";
static_assert(kWireTag.size() == 16);

template <typename Io, typename List, typename Each>
void WalkList(Io& io, List& list, const Each& each) {
  io.Length(list);
  for (auto& item : list) each(item);
}

template <typename Io, typename S>
void WalkShape(Io& io, S& shape) {
  io.Number(shape.vcpus);
  io.Number(shape.memory_mb);
  WalkList(io, shape.disks_gb, [&io](auto& gb) { io.Number(gb); });
}

template <typename Io, typename R>
void WalkResources(Io& io, R& amounts) {
  io.Number(amounts.vcpus);
  io.Number(amounts.memory_mb);
  io.Number(amounts.disk_gb);
  io.Number(amounts.vms);
}

// Every field that any operation has, in wire order; absent ones are skipped at
// compile time.
template <typename Io, typename Op>
void Walk(Io& io, Op& op) {
  if constexpr (requires { op.vm; }) io.Number(op.vm);
  if constexpr (requires { op.name; }) io.Text(op.name);
  if constexpr (requires { op.account; }) io.Text(op.account);
  if constexpr (requires { op.to; }) io.Text(op.to);
  if constexpr (requires { op.host; }) io.Text(op.host);
  if constexpr (requires { op.shape; }) WalkShape(io, op.shape);
  if constexpr (requires { op.networks; }) {
    WalkList(io, op.networks, [&io](auto& network) { io.Text(network); });
  }
  if constexpr (requires { op.image; }) io.Text(op.image);
  if constexpr (requires { op.user_data; }) io.Text(op.user_data);
  if constexpr (requires { op.level; }) io.LevelByte(op.level);
  if constexpr (requires { op.lifetime_ms; }) io.Number(op.lifetime_ms);
  if constexpr (requires { op.key; }) io.Bytes(op.key);
  if constexpr (requires { op.quota; }) WalkResources(io, op.quota);
  if constexpr (requires { op.administrator; }) io.Flag(op.administrator);
}

template <typename Io, typename R>
void WalkHeader(Io& io, R& request) {
  io.Text(request.signer);
  io.Number(request.nonce);
  io.Number(request.issued_at_ms);
  io.Number(request.expires_at_ms);
}

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_WIRE_H_
