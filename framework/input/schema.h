// SPDX-License-Identifier: Apache-2.0
// What a domain says of itself: names, kinds and bounds.
//
// The digest of a schema goes with a corpus. A corpus of another digest is
// read with the schema it was written under and printed as text, which the
// new domains then parse leniently: fields keep their values by name.
#ifndef FORMFUZZ_FRAMEWORK_INPUT_SCHEMA_H_
#define FORMFUZZ_FRAMEWORK_INPUT_SCHEMA_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace formfuzz {

struct Schema {
  // scenario, faults, struct, bool, integer, float, option, string, regexp,
  // list, tuple, optional, one_of, variant, handle, dependent
  std::string kind = {};
  std::string name = {};   // of the field it stands in; may be empty
  std::string text = {};   // pattern, alphabet, kind of handle
  bool is_signed = false;  // integer
  uint64_t lowest = 0;     // integer: two's complement; list, string:
  uint64_t highest = 0;    //   sizes; float: bits of the bounds
  std::vector<std::string> options = {};  // option: the words
  std::vector<Schema> children = {};

  friend bool operator==(const Schema&, const Schema&) = default;
};

// Stable; differs when any name, kind or bound differs.
uint64_t SchemaDigest(const Schema& schema);

// {"kind": …, "name": …, …}: empty members are left out.
std::string SchemaToJson(const Schema& schema);

// InvalidArgument where the text is no schema.
absl::StatusOr<Schema> SchemaFromJson(std::string_view json);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_INPUT_SCHEMA_H_
