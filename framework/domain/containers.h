// SPDX-License-Identifier: Apache-2.0
// Domains of sequences, sets and maps of another domain's values.
//
// Encoded as the count (from the least, in as many bytes as the bounds need)
// and the elements. A hostile count is clamped to what the bytes that are
// left can hold. std::span<const T> lives in the arena and is trivially
// destructible: the container for hot paths. It holds no handles.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_CONTAINERS_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_CONTAINERS_H_

#include <algorithm>
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include "framework/domain/domain.h"
#include "framework/domain/range_code.h"

namespace formfuzz {

inline constexpr size_t kContainerSizeMax = 16;  // unless a domain says so

namespace internal {

template <class C>
inline constexpr bool kIsSpan = false;
template <class T>
inline constexpr bool kIsSpan<std::span<const T>> = true;

template <class C>
inline constexpr bool kIsVector = false;
template <class T, class A>
inline constexpr bool kIsVector<std::vector<T, A>> = true;

// std::vector, except of bool, whose elements are not objects.
template <class Element>
using List = std::conditional_t<std::is_same_v<Element, bool>, std::deque<bool>,
                                std::vector<Element>>;

inline bool HoldsHandles(const Schema& schema) {
  return schema.kind == "handle" ||
         std::any_of(schema.children.begin(), schema.children.end(),
                     HoldsHandles);
}

// What a container's elements are kept in.
template <class C, class D>
struct ListRepr {
  using Type = List<ReprOf<D>>;
};
template <class T, class D>
struct ListRepr<std::span<const T>, D> {
  static_assert(kIsDirect<D>, "std::span needs elements kept as they are");
  using Type = std::span<const T>;
};

}  // namespace internal

template <class C, IsDomain D>
class ContainerDomain {
 public:
  using Value = C;
  using Element = ReprOf<D>;
  using List = internal::List<Element>;
  using Repr = typename internal::ListRepr<C, D>::Type;

  explicit ContainerDomain(D element) : element_(std::move(element)) {
    if constexpr (internal::kIsSpan<C>) {
      FORMFUZZ_CHECK(!internal::HoldsHandles(element_.Describe()),
                     "a span of handles: they are renumbered, and a span's "
                     "elements are shared; use VectorOf");
    }
    Measure();
  }
  ContainerDomain& WithMinSize(size_t size) {
    size_min_ = size;
    size_max_ = std::max(size_max_, size);
    return Measure();
  }
  ContainerDomain& WithMaxSize(size_t size) {
    size_max_ = size;
    return Measure();
  }
  ContainerDomain& WithSize(size_t size) {
    size_min_ = size_max_ = size;
    return Measure();
  }

  [[gnu::always_inline]] Repr Decode(ByteSource& in) const {
    ByteSource local = in;  // in registers while the elements are read
    const size_t count = DecodeCount(local);
    Repr elements = DecodeElements(count, local);
    in.ContinueAt(local);
    return elements;
  }
  void Encode(const Repr& elements, ByteSink& out) const {
    code_.Encode(elements.size() - size_min_, out);
    for (const Element& element : elements) element_.Encode(element, out);
  }
  decltype(auto) Get(const Repr& elements) const {
    if constexpr (std::is_same_v<Repr, Value>) {
      return static_cast<const Value&>(elements);
    } else {
      Value value;
      for (const Element& element : elements) {
        value.insert(value.end(), element_.Get(element));
      }
      return value;
    }
  }
  size_t BytesMin() const {
    return code_.width() + size_min_ * element_.BytesMin();
  }

  void Mutate(Repr& elements, Mutation& mutation) const {
    List list(elements.begin(), elements.end());
    MutateList(list, mutation);
    elements = Keep(std::move(list), mutation.arena());
  }

  bool Shrink(Repr& elements, Arena& arena, Accept<Repr> accept) const {
    bool shrank = ShrinkCount(elements, arena, accept);
    for (size_t i = 0; i < elements.size(); ++i) {
      Element element = elements[i];
      const auto accept_element = [&](const Element& candidate) {
        List list(elements.begin(), elements.end());
        list[i] = candidate;
        const Repr changed = Keep(std::move(list), arena);
        if (!accept(changed)) return false;
        elements = changed;
        return true;
      };
      shrank |= element_.Shrink(element, arena, accept_element);
    }
    return shrank;
  }

  void Print(const Repr& elements, TextSink& out) const {
    out.Put("[");
    bool first = true;
    for (const Element& element : elements) {
      if (!std::exchange(first, false)) out.Put(", ");
      element_.Print(element, out);
    }
    out.Put("]");
  }
  bool Parse(TextSource& in, Repr* elements) const {
    List list;
    if (!in.Expect("[")) return false;
    while (!in.TryPunctuation("]")) {
      if (!list.empty() && !in.Expect(",")) return false;
      list.push_back(SmallestOf(element_, in.arena()));
      if (!element_.Parse(in, &list.back())) return false;
      if (list.size() <= size_max_) continue;
      if (!in.lenient()) return in.Fail(SizeWanted());
      list.pop_back();
    }
    if (list.size() < size_min_ && !in.lenient()) return in.Fail(SizeWanted());
    while (list.size() < size_min_) {
      list.push_back(SmallestOf(element_, in.arena()));
    }
    *elements = Keep(std::move(list), in.arena());
    return true;
  }
  Schema Describe() const {
    return Schema{.kind = "list",
                  .lowest = size_min_,
                  .highest = size_max_,
                  .children = {element_.Describe()}};
  }

  template <class Visit>
  void VisitHandles(Repr& elements, Visit&& visit) const {
    if constexpr (!internal::kIsSpan<C>) {
      for (Element& element : elements) {
        VisitHandlesOf(element_, element, visit);
      }
    }
  }

 private:
  ContainerDomain& Measure() {
    FORMFUZZ_CHECK(size_min_ <= size_max_, "list: least size above largest");
    code_ = RangeCode(size_max_ - size_min_);
    return *this;
  }
  [[gnu::always_inline]] size_t DecodeCount(ByteSource& in) const {
    const size_t count = size_min_ + code_.Decode(in);
    const size_t each = element_.BytesMin();
    if (each == 0 || count * each <= in.left()) return count;
    return std::max(size_min_, in.left() / each);
  }
  [[gnu::always_inline]] Repr DecodeElements(size_t count,
                                             ByteSource& in) const {
    if constexpr (internal::kIsSpan<C>) {
      using T = typename C::value_type;
      T* const first = in.arena().template Uninitialised<T>(count);
      for (size_t i = 0; i < count; ++i) new (first + i) T(element_.Decode(in));
      return {first, count};
    } else {
      Repr elements;
      if constexpr (requires { elements.reserve(count); }) {
        elements.reserve(count);
      }
      for (size_t i = 0; i < count; ++i) {
        elements.push_back(element_.Decode(in));
      }
      return elements;
    }
  }
  static Repr Keep(List list, Arena& arena) {
    if constexpr (internal::kIsSpan<C>) {
      using T = typename C::value_type;
      const std::span<T> kept = arena.template NewArray<T>(list.size());
      std::move(list.begin(), list.end(), kept.begin());
      return kept;
    } else {
      return list;
    }
  }
  std::string SizeWanted() const {
    return Concat("a list of ", size_min_, " to ", size_max_,
                  " elements, before this");
  }

  void MutateList(List& list, Mutation& mutation) const {
    Random& random = mutation.random();
    const bool can_grow = list.size() < size_max_;
    const bool can_cut = list.size() > size_min_;
    switch (random.Below(6)) {
      case 0:
        if (can_grow) Insert(list, mutation);
        return;
      case 1:
        if (can_cut) list.erase(list.begin() + Place(random, list.size()));
        return;
      case 2:
        if (list.size() > 1) {
          std::swap(list[random.Below(list.size())],
                    list[random.Below(list.size())]);
        }
        return;
      default:
        if (!list.empty()) {
          element_.Mutate(list[random.Below(list.size())], mutation);
        } else if (can_grow) {
          Insert(list, mutation);
        }
    }
  }
  void Insert(List& list, Mutation& mutation) const {
    Random& random = mutation.random();
    Element element = list.empty() || random.OneIn(2)
                          ? SmallestOf(element_, mutation.arena())
                          : list[random.Below(list.size())];
    element_.Mutate(element, mutation);
    list.insert(list.begin() + Place(random, list.size() + 1),
                std::move(element));
  }
  static ptrdiff_t Place(Random& random, size_t bound) {
    return static_cast<ptrdiff_t>(random.Below(bound));
  }
  // Leaves out ever smaller runs of elements.
  bool ShrinkCount(Repr& elements, Arena& arena, Accept<Repr> accept) const {
    bool shrank = false;
    for (size_t cut = elements.size(); cut > 0; cut /= 2) {
      for (size_t at = 0; at + cut <= elements.size();) {
        if (elements.size() - cut < size_min_) break;
        List list(elements.begin(), elements.end());
        const auto from = list.begin() + static_cast<ptrdiff_t>(at);
        list.erase(from, from + static_cast<ptrdiff_t>(cut));
        const Repr shorter = Keep(std::move(list), arena);
        if (accept(shorter)) {
          elements = shorter;
          shrank = true;
        } else {
          at += cut;
        }
      }
    }
    return shrank;
  }

  D element_;
  size_t size_min_ = 0;
  size_t size_max_ = kContainerSizeMax;
  RangeCode code_{kContainerSizeMax};  // of the count, less the least
};

// Any container with insert(end, value): vector, set, map (of pairs), deque;
// or std::span<const T>.
template <class C, IsDomain D>
ContainerDomain<C, D> ContainerOf(D element) {
  return ContainerDomain<C, D>(std::move(element));
}

template <IsDomain D>
ContainerDomain<std::vector<ValueOf<D>>, D> VectorOf(D element) {
  return ContainerOf<std::vector<ValueOf<D>>>(std::move(element));
}

template <IsDomain D>
ContainerDomain<std::span<const ValueOf<D>>, D> SpanOf(D element) {
  return ContainerOf<std::span<const ValueOf<D>>>(std::move(element));
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_CONTAINERS_H_
