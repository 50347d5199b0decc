// SPDX-License-Identifier: Apache-2.0
// References to the results of earlier steps.
//
// A Handle<Vm> names the n-th thing that steps of this scenario were to make,
// whether or not the making succeeded; it may be stale (made, then deleted),
// foreign (somebody else's) or of nothing at all, all on purpose. The harness
// resolves it at run time.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_HANDLE_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_HANDLE_H_

#include <bit>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "framework/base/check.h"
#include "framework/base/text.h"
#include "framework/input/byte_sink.h"
#include "framework/input/byte_source.h"
#include "framework/input/handle_counts.h"
#include "framework/input/mutation.h"
#include "framework/input/schema.h"
#include "framework/input/text_sink.h"
#include "framework/input/text_source.h"

namespace formfuzz {

namespace internal {
inline HandleKind NextHandleKind() {
  static HandleKind next = 0;
  FORMFUZZ_CHECK(next < kHandleKindsMax, "more than 8 kinds of handles");
  return next++;
}
}  // namespace internal

// Small and dense; differs between binaries, so it is never written down.
template <class Kind>
HandleKind HandleKindOf() {
  static const HandleKind kind = internal::NextHandleKind();
  return kind;
}

// `Kind` is any type with `static constexpr std::string_view kName`.
template <class Kind>
class Handle {
 public:
  Handle() = default;
  explicit Handle(uint16_t index) : index_(index) {}
  bool IsNone() const { return index_ == kNoHandle; }
  uint16_t index() const { return index_; }
  void set_index(uint16_t index) { index_ = index; }
  friend bool operator==(Handle, Handle) = default;

 private:
  uint16_t index_ = kNoHandle;
};

// Every handle of a kind, also stale and absent ones. Text: vm1, no_vm.
template <class Kind>
class HandleDomain {
 public:
  using Value = Handle<Kind>;
  using Repr = Value;

  Repr Decode(ByteSource& in) const {
    const uint64_t raw = in.Fixed<1>();
    if (in.handles() == nullptr) return Repr(static_cast<uint16_t>(raw));
    const uint8_t made = Counts(*in.handles()).made;
    if (raw == kNoHandle || made == 0) return Repr(kNoHandle);
    return Repr(static_cast<uint16_t>(raw < made ? raw : raw % made));
  }
  void Encode(const Repr& handle, ByteSink& out) const {
    out.Fixed<1>(handle.index());
  }
  const Value& Get(const Repr& handle) const { return handle; }
  size_t BytesMin() const { return 1; }

  // Mostly something alive, often something stale, seldom nothing.
  void Mutate(Repr& handle, Mutation& mutation) const {
    Random& random = mutation.random();
    if (mutation.handles() == nullptr) {
      return handle.set_index(static_cast<uint16_t>(random.Below(256)));
    }
    const HandleCounts::OfKind& counts = Counts(*mutation.handles());
    if (counts.made == 0 || random.OneIn(16)) {
      return handle.set_index(kNoHandle);
    }
    if (counts.retired != 0 && random.OneIn(4)) {
      return handle.set_index(PickBit(counts.retired, random));
    }
    handle.set_index(static_cast<uint16_t>(random.Below(counts.made)));
  }

  bool Shrink(Repr& handle, Arena&, Accept<Repr> accept) const {
    if (handle.IsNone() || handle.index() == 0) return false;
    const Repr first(0);
    if (!accept(first)) return false;
    handle = first;
    return true;
  }

  void Print(const Repr& handle, TextSink& out) const {
    if (handle.IsNone()) {
      out.Put("no_").Put(Kind::kName);
    } else {
      out.Put(Kind::kName).PutNumber(handle.index() + 1);
    }
  }
  bool Parse(TextSource& in, Repr* handle) const {
    const std::string_view word = in.TryWord();
    uint16_t index = kNoHandle;
    if (!ParseName(word, &index)) {
      return in.Fail(Concat("a ", Kind::kName, " such as ", Kind::kName,
                            "1, or no_", Kind::kName));
    }
    if (in.handles() != nullptr && index != kNoHandle &&
        index >= Counts(*in.handles()).made) {
      return in.Fail(Concat("a ", Kind::kName,
                            " that an earlier step makes, before ", word));
    }
    handle->set_index(index);
    return true;
  }
  Schema Describe() const {
    return Schema{.kind = "handle", .text = std::string(Kind::kName)};
  }

  template <class Visit>
  void VisitHandles(Repr& handle, Visit&& visit) const {
    if (handle.IsNone()) return;
    uint16_t index = handle.index();
    visit(HandleKindOf<Kind>(), index);
    handle.set_index(index);
  }

 private:
  static const HandleCounts::OfKind& Counts(const HandleCounts& counts) {
    return counts.of[HandleKindOf<Kind>()];
  }
  static uint16_t PickBit(uint64_t bits, Random& random) {
    size_t skip = random.Below(static_cast<size_t>(std::popcount(bits)));
    while (skip-- > 0) bits &= bits - 1;
    return static_cast<uint16_t>(std::countr_zero(bits));
  }
  static bool ParseName(std::string_view word, uint16_t* index) {
    if (word.starts_with("no_") && word.substr(3) == Kind::kName) return true;
    if (!word.starts_with(Kind::kName)) return false;
    word.remove_prefix(Kind::kName.size());
    uint16_t number = 0;
    const auto [end, code] =
        std::from_chars(word.data(), word.data() + word.size(), number);
    if (code != std::errc() || end != word.data() + word.size()) return false;
    if (number == 0 || number > kHandlesMax) return false;
    *index = static_cast<uint16_t>(number - 1);
    return true;
  }
};

template <class Kind>
HandleDomain<Kind> AnyHandle() {
  return {};
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_HANDLE_H_
