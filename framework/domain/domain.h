// SPDX-License-Identifier: Apache-2.0
// What every domain is: a set of values with seven operations.
//
// A domain is itself a small value; combinators copy the domains they are
// made of. `Repr` is what is decoded, changed, shrunk and printed; `Value` is
// what the user's code gets. For most domains they are the same type and Get
// returns the Repr itself, so a decoded struct reaches the step uncopied.
//
//   D::Value, D::Repr
//   Repr  Decode(ByteSource&) const         total; zeros give a small value
//   void  Encode(const Repr&, ByteSink&)    Decode(Encode(r)) is r
//   Value Get(const Repr&) const            or const Value&
//   void  Mutate(Repr&, Mutation&) const    stays inside, reaches all
//   bool  Shrink(Repr&, Arena&, Accept<Repr>) const
//             offers ever smaller candidates; keeps accepted ones; true if
//             one was accepted; always ends
//   void  Print(const Repr&, TextSink&) const
//   bool  Parse(TextSource&, Repr*) const   Parse(Print(r)) is r
//   Schema Describe() const
//   size_t BytesMin() const                 the fewest bytes Encode makes
//   VisitHandles(Repr&, visit)              optional: see handle.h
//
// The laws are in framework/domain/laws.h; run your own domains through them.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_DOMAIN_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_DOMAIN_H_

#include <algorithm>
#include <concepts>
#include <type_traits>

#include "framework/domain/handle.h"
#include "framework/input/byte_sink.h"
#include "framework/input/byte_source.h"
#include "framework/input/mutation.h"
#include "framework/input/schema.h"
#include "framework/input/text_sink.h"
#include "framework/input/text_source.h"

namespace formfuzz {

template <class D>
concept IsDomain = requires(
    const D& domain, typename D::Repr& repr, ByteSource& in, ByteSink& out,
    Mutation& mutation, Arena& arena, TextSink& text_out, TextSource& text_in) {
  typename D::Value;
  { domain.Decode(in) } -> std::same_as<typename D::Repr>;
  domain.Encode(repr, out);
  { domain.Get(repr) } -> std::convertible_to<typename D::Value>;
  domain.Mutate(repr, mutation);
  domain.Print(repr, text_out);
  { domain.Parse(text_in, &repr) } -> std::same_as<bool>;
  { domain.Describe() } -> std::same_as<Schema>;
  { domain.BytesMin() } -> std::same_as<size_t>;
};

template <IsDomain D>
using ReprOf = typename D::Repr;
template <IsDomain D>
using ValueOf = typename D::Value;

// True where the user's value is the representation itself.
template <IsDomain D>
inline constexpr bool kIsDirect = std::is_same_v<ReprOf<D>, ValueOf<D>>;

// The value that no bytes at all decode to.
template <IsDomain D>
ReprOf<D> SmallestOf(const D& domain, Arena& arena) {
  ByteSource nothing({}, arena);
  return domain.Decode(nothing);
}

template <IsDomain D>
size_t EncodedSize(const D& domain, const ReprOf<D>& repr) {
  ByteSink out;
  domain.Encode(repr, out);
  return out.size();
}

template <IsDomain D, class Visit>
void VisitHandlesOf(const D& domain, ReprOf<D>& repr, Visit&& visit) {
  if constexpr (requires { domain.VisitHandles(repr, visit); }) {
    domain.VisitHandles(repr, visit);
  }
}

// Carries a representation over to another domain of the same shape.
template <IsDomain D>
ReprOf<D> Refit(const D& from, const ReprOf<D>& repr, const D& to,
                Arena& arena) {
  ByteSink bytes;
  from.Encode(repr, bytes);
  ByteSource again(AsBytes(arena.Copy(AsText(bytes.bytes()))), arena);
  return to.Decode(again);
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_DOMAIN_H_
