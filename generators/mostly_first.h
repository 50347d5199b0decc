// SPDX-License-Identifier: Apache-2.0
// MostlyFirst<E>(): all enumerators of E, the first one (or another) most
// often: how a message is right in most places and wrong in one.
#ifndef FORMFUZZ_GENERATORS_MOSTLY_FIRST_H_
#define FORMFUZZ_GENERATORS_MOSTLY_FIRST_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/domain/choices.h"
#include "framework/domain/reflection.h"

namespace formfuzz {

// Of the enumerators with values 0 to 63 `first` stands for `shares` of them,
// and comes before all others.
template <class E>
ElementDomain<E> MostlyFirst(size_t shares = 8, E first = E{}) {
  std::vector<std::pair<std::string, E>> elements;
  const auto add = [&](std::string_view name, int number) {
    if (name.empty()) return;
    const auto value = static_cast<E>(number);
    const bool leads = value == first;
    elements.insert(leads ? elements.begin() : elements.end(),
                    leads ? shares : 1, {internal::Snake(name), value});
  };
  [&]<int... kNumber>(std::integer_sequence<int, kNumber...>) {
    (add(internal::EnumeratorName<E, kNumber>(), kNumber), ...);
  }(std::make_integer_sequence<int, internal::kEnumeratorsMax>());
  return ElementDomain<E>(std::move(elements));
}

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_MOSTLY_FIRST_H_
