// SPDX-License-Identifier: Apache-2.0
// The structure that decoding is measured on: a batch of 16 requests with
// names, numbers, enums, tags and doubles, from 1 KiB of input. The same once
// with views and once with types that own their memory.
#ifndef FORMFUZZ_BENCH_BATCH_H_
#define FORMFUZZ_BENCH_BATCH_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/domain/arbitrary.h"

namespace formfuzz::bench {

inline constexpr size_t kRequests = 16;
inline constexpr size_t kNameMax = 16;
inline constexpr size_t kTagsMax = 4;
inline constexpr size_t kTagMax = 8;
inline constexpr size_t kInputBytes = 1024;

enum class Action { kCreate, kStart, kStop, kResize, kDelete };

struct RequestView {
  std::string_view name;
  uint32_t vcpus;
  uint64_t memory_mb;
  Action action;
  std::span<const std::string_view> tags;
  double weight;
};

struct RequestOwner {
  std::string name;
  uint32_t vcpus;
  uint64_t memory_mb;
  Action action;
  std::vector<std::string> tags;
  double weight;
};

inline auto ViewDomain() {
  return SpanOf(StructOf<RequestView>(
                    BytesString<std::string_view>().WithMaxSize(kNameMax),
                    InRange<uint32_t>(1, 64), Arbitrary<uint64_t>(),
                    EnumOf<Action>(),
                    SpanOf(BytesString<std::string_view>().WithMaxSize(kTagMax))
                        .WithMaxSize(kTagsMax),
                    Arbitrary<double>()))
      .WithSize(kRequests);
}

inline auto OwnerDomain() {
  return VectorOf(
             StructOf<RequestOwner>(BytesString().WithMaxSize(kNameMax),
                                    InRange<uint32_t>(1, 64),
                                    Arbitrary<uint64_t>(), EnumOf<Action>(),
                                    VectorOf(BytesString().WithMaxSize(kTagMax))
                                        .WithMaxSize(kTagsMax),
                                    Arbitrary<double>()))
      .WithSize(kRequests);
}

}  // namespace formfuzz::bench

#endif  // FORMFUZZ_BENCH_BATCH_H_
