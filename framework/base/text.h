// SPDX-License-Identifier: Apache-2.0
// Messages from pieces. Debian's absl::string_view is not std::string_view;
// this is the one place that has to know.
#ifndef FORMFUZZ_FRAMEWORK_BASE_TEXT_H_
#define FORMFUZZ_FRAMEWORK_BASE_TEXT_H_

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace formfuzz {

template <class Piece>
const Piece& ToAbsl(const Piece& piece) {
  return piece;
}
inline absl::string_view ToAbsl(std::string_view piece) {
  return {piece.data(), piece.size()};
}

template <class... Pieces>
std::string Concat(const Pieces&... pieces) {
  return absl::StrCat(ToAbsl(pieces)...);
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_BASE_TEXT_H_
