// SPDX-License-Identifier: Apache-2.0
// StructOf<T>: an aggregate, field by field, with the names it declares.
//
// Where every field is kept as itself the representation is T itself.
// Text: {vcpus: 2, memory_mb: 512}; fields may be left out (they take their
// smallest value) and come in any order.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_STRUCTS_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_STRUCTS_H_

#include <boost/pfr.hpp>
#include <tuple>
#include <utility>

#include "framework/domain/domain.h"
#include "framework/domain/reflection.h"

namespace formfuzz {
namespace internal {

// A fixed list of domains over named places: struct fields, step arguments.
template <IsDomain... Ds>
class Fields {
 public:
  static constexpr size_t kCount = sizeof...(Ds);
  using Reprs = std::tuple<ReprOf<Ds>...>;

  explicit Fields(Ds... domains) : domains_(std::move(domains)...) {}

  template <size_t kIndex>
  const auto& At() const {
    return std::get<kIndex>(domains_);
  }

  // Calls visit(std::integral_constant<size_t, i>, domain i) in order.
  template <class Visit>
  void ForEach(Visit&& visit) const {
    [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
      (visit(std::integral_constant<size_t, kIndex>(),
             std::get<kIndex>(domains_)),
       ...);
    }(std::make_index_sequence<kCount>());
  }
  // Calls it for one index known at run time.
  template <class Visit>
  void ForOne(size_t wanted, Visit&& visit) const {
    ForEach([&](auto index, const auto& domain) {
      if (index == wanted) visit(index, domain);
    });
  }

  Schema Describe(std::span<const std::string_view> names) const {
    Schema schema{.kind = "struct"};
    ForEach([&](auto index, const auto& domain) {
      schema.children.push_back(domain.Describe());
      schema.children.back().name = names[index];
    });
    return schema;
  }
  size_t BytesMin() const {
    size_t bytes = 0;
    ForEach([&](auto, const auto& domain) { bytes += domain.BytesMin(); });
    return bytes;
  }

 private:
  std::tuple<Ds...> domains_;
};

}  // namespace internal

template <class T, IsDomain... Ds>
class StructDomain {
  static_assert(sizeof...(Ds) == kFieldCount<T>,
                "StructOf: one domain for each field, in order");
  static constexpr bool kWhole = (kIsDirect<Ds> && ...);

 public:
  using Value = T;
  using Repr = std::conditional_t<kWhole, T, std::tuple<ReprOf<Ds>...>>;

  explicit StructDomain(Ds... fields) : fields_(std::move(fields)...) {}

  [[gnu::always_inline]] Repr Decode(ByteSource& in) const {
    ByteSource local = in;  // in registers while the fields are read
    Repr repr = DecodeFields(local, std::make_index_sequence<sizeof...(Ds)>());
    in.ContinueAt(local);
    return repr;
  }
  void Encode(const Repr& value, ByteSink& out) const {
    fields_.ForEach([&](auto index, const auto& domain) {
      domain.Encode(Field<index>(value), out);
    });
  }
  decltype(auto) Get(const Repr& value) const {
    if constexpr (kWhole) {
      return static_cast<const Value&>(value);
    } else {
      return [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
        return Value{
            fields_.template At<kIndex>().Get(Field<kIndex>(value))...};
      }(std::make_index_sequence<sizeof...(Ds)>());
    }
  }
  size_t BytesMin() const { return fields_.BytesMin(); }

  void Mutate(Repr& value, Mutation& mutation) const {
    if constexpr (sizeof...(Ds) > 0) {
      fields_.ForOne(mutation.random().Below(sizeof...(Ds)),
                     [&](auto index, const auto& domain) {
                       domain.Mutate(Field<index>(value), mutation);
                     });
    }
  }
  bool Shrink(Repr& value, Arena& arena, Accept<Repr> accept) const {
    bool shrank = false;
    fields_.ForEach([&](auto index, const auto& domain) {
      auto field = Field<index>(value);
      const auto accept_field = [&](const auto& candidate) {
        Repr changed = value;
        Field<index>(changed) = candidate;
        if (!accept(changed)) return false;
        value = std::move(changed);
        return true;
      };
      shrank |= domain.Shrink(field, arena, accept_field);
    });
    return shrank;
  }

  void Print(const Repr& value, TextSink& out) const {
    out.Put("{");
    fields_.ForEach([&](auto index, const auto& domain) {
      if (index > 0) out.Put(", ");
      out.Put(kNames[index]).Put(": ");
      domain.Print(Field<index>(value), out);
    });
    out.Put("}");
  }
  bool Parse(TextSource& in, Repr* value) const {
    *value = SmallestOf(*this, in.arena());
    if (!in.Expect("{")) return false;
    for (bool first = true; !in.TryPunctuation("}"); first = false) {
      if (!first && !in.Expect(",")) return false;
      if (!ParseField(in, value)) return false;
    }
    return true;
  }
  Schema Describe() const { return fields_.Describe(kNames); }

  template <class Visit>
  void VisitHandles(Repr& value, Visit&& visit) const {
    fields_.ForEach([&](auto index, const auto& domain) {
      VisitHandlesOf(domain, Field<index>(value), visit);
    });
  }

 private:
  static constexpr auto kNames = FieldNames<T>();

  template <size_t kIndex>
  static auto& Field(Repr& value) {
    if constexpr (kWhole) {
      return boost::pfr::get<kIndex>(value);
    } else {
      return std::get<kIndex>(value);
    }
  }
  template <size_t kIndex>
  static const auto& Field(const Repr& value) {
    if constexpr (kWhole) {
      return boost::pfr::get<kIndex>(value);
    } else {
      return std::get<kIndex>(value);
    }
  }

  template <size_t... kIndex>
  [[gnu::always_inline]] Repr DecodeFields(
      ByteSource& in, std::index_sequence<kIndex...>) const {
    return Repr{fields_.template At<kIndex>().Decode(in)...};
  }

  bool ParseField(TextSource& in, Repr* value) const {
    for (size_t wanted = 0; wanted < kNames.size(); ++wanted) {
      if (!in.TryWord(kNames[wanted])) continue;
      if (!in.Expect(":")) return false;
      const TextSource before = in;
      bool parsed = false;
      fields_.ForOne(wanted, [&](auto index, const auto& domain) {
        parsed = domain.Parse(in, &Field<index>(*value));
        if (!parsed) Field<index>(*value) = SmallestOf(domain, in.arena());
      });
      return parsed || in.PassInstead(before);
    }
    if (in.lenient() && !in.TryWord().empty()) {
      return in.Expect(":") && in.SkipValue();
    }
    size_t unused = 0;
    return in.ParseOption(kNames, &unused);  // fails, names the fields
  }

  internal::Fields<Ds...> fields_;
};

template <class T, IsDomain... Ds>
StructDomain<T, Ds...> StructOf(Ds... fields) {
  return StructDomain<T, Ds...>(std::move(fields)...);
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_STRUCTS_H_
