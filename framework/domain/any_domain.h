// SPDX-License-Identifier: Apache-2.0
// Domain<T>: any domain of T behind one type, and recursive domains built on
// it. Costs a virtual call and an arena object for each value; where the type
// can be spelled with `auto`, spell it so.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_ANY_DOMAIN_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_ANY_DOMAIN_H_

#include <memory>
#include <utility>

#include "framework/domain/domain.h"

namespace formfuzz {

// Points to a representation in the arena that never changes: whoever changes
// a value makes another, in the same arena.
struct SharedRepr {
  const void* repr;
  Arena* arena;
};

template <class T>
class Domain {
 public:
  using Value = T;
  using Repr = SharedRepr;

  template <class D>
    requires(!std::is_same_v<D, Domain>) && IsDomain<D>
  Domain(D domain)  // NOLINT: implicit, so that Domain<T> d = InRange(…)
      : held_(std::make_shared<const Held<D>>(std::move(domain))) {}

  Repr Decode(ByteSource& in) const { return held_->Decode(in); }
  void Encode(const Repr& repr, ByteSink& out) const {
    held_->Encode(repr, out);
  }
  Value Get(const Repr& repr) const { return held_->Get(repr); }
  size_t BytesMin() const { return held_->BytesMin(); }
  void Mutate(Repr& repr, Mutation& mutation) const {
    repr = held_->Mutated(repr, mutation);
  }
  bool Shrink(Repr& repr, Arena& arena, Accept<Repr> accept) const {
    return held_->Shrink(repr, arena, accept);
  }
  void Print(const Repr& repr, TextSink& out) const { held_->Print(repr, out); }
  bool Parse(TextSource& in, Repr* repr) const {
    return held_->Parse(in, repr);
  }
  Schema Describe() const { return held_->Describe(); }
  void VisitHandles(
      Repr& repr, absl::FunctionRef<void(HandleKind, uint16_t&)> visit) const {
    held_->VisitHandles(repr, visit);
  }

 private:
  struct Interface {
    virtual ~Interface() = default;
    virtual Repr Decode(ByteSource& in) const = 0;
    virtual void Encode(Repr repr, ByteSink& out) const = 0;
    virtual Value Get(Repr repr) const = 0;
    virtual size_t BytesMin() const = 0;
    virtual Repr Mutated(Repr repr, Mutation& mutation) const = 0;
    virtual bool Shrink(Repr& repr, Arena& arena,
                        Accept<Repr> accept) const = 0;
    virtual void Print(Repr repr, TextSink& out) const = 0;
    virtual bool Parse(TextSource& in, Repr* repr) const = 0;
    virtual Schema Describe() const = 0;
    virtual void VisitHandles(
        Repr& repr,
        absl::FunctionRef<void(HandleKind, uint16_t&)> visit) const = 0;
  };

  template <class D>
  struct Held final : Interface {
    using Inner = ReprOf<D>;
    explicit Held(D held) : domain(std::move(held)) {}

    static const Inner& Open(Repr repr) {
      return *static_cast<const Inner*>(repr.repr);
    }
    static Repr Share(Arena& arena, Inner inner) {
      return {arena.New<Inner>(std::move(inner)), &arena};
    }

    Repr Decode(ByteSource& in) const override {
      return Share(in.arena(), domain.Decode(in));
    }
    void Encode(Repr repr, ByteSink& out) const override {
      domain.Encode(Open(repr), out);
    }
    Value Get(Repr repr) const override { return domain.Get(Open(repr)); }
    size_t BytesMin() const override { return domain.BytesMin(); }
    Repr Mutated(Repr repr, Mutation& mutation) const override {
      Inner changed = Open(repr);
      domain.Mutate(changed, mutation);
      return Share(mutation.arena(), std::move(changed));
    }
    bool Shrink(Repr& repr, Arena& arena, Accept<Repr> accept) const override {
      Inner smaller = Open(repr);
      const bool shrank =
          domain.Shrink(smaller, arena, [&](const Inner& candidate) {
            return accept(Share(arena, candidate));
          });
      if (shrank) repr = Share(arena, std::move(smaller));
      return shrank;
    }
    void Print(Repr repr, TextSink& out) const override {
      domain.Print(Open(repr), out);
    }
    bool Parse(TextSource& in, Repr* repr) const override {
      Inner parsed = SmallestOf(domain, in.arena());
      const bool ok = domain.Parse(in, &parsed);
      *repr = Share(in.arena(), std::move(parsed));
      return ok;
    }
    Schema Describe() const override { return domain.Describe(); }
    void VisitHandles(
        Repr& repr,
        absl::FunctionRef<void(HandleKind, uint16_t&)> visit) const override {
      Inner own = Open(repr);
      bool changed = false;
      const auto look = [&](HandleKind kind, uint16_t& index) {
        const uint16_t before = index;
        visit(kind, index);
        changed |= index != before;
      };
      VisitHandlesOf(domain, own, look);
      if (changed) repr = Share(*repr.arena, std::move(own));
    }

    D domain;
  };

  std::shared_ptr<const Interface> held_;
};

// T's that hold T's: `leaf` at the bottom, grow(Domain<T>) at each of
// `depth_max` levels above it. The depth is bounded by construction.
template <class T, IsDomain Leaf, class Grow>
Domain<T> Recursive(Leaf leaf, Grow grow, size_t depth_max = 4) {
  Domain<T> level(std::move(leaf));
  for (size_t depth = 0; depth < depth_max; ++depth) {
    level = Domain<T>(grow(level));
  }
  return level;
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_ANY_DOMAIN_H_
