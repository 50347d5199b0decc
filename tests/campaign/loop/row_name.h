// SPDX-License-Identifier: Apache-2.0
// What a row of a suite of laws is called: the name that users give, spelt as
// GoogleTest takes it.
#ifndef FORMFUZZ_TESTS_CAMPAIGN_LOOP_ROW_NAME_H_
#define FORMFUZZ_TESTS_CAMPAIGN_LOOP_ROW_NAME_H_

#include <algorithm>
#include <string>
#include <string_view>

namespace formfuzz::campaign {

inline std::string RowName(std::string_view name) {
  std::string row(name);
  std::replace(row.begin(), row.end(), '-', '_');
  return row;
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_TESTS_CAMPAIGN_LOOP_ROW_NAME_H_
