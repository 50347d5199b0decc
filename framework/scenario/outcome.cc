// SPDX-License-Identifier: Apache-2.0
// The words for the codes of absl::Status.
#include "framework/scenario/outcome.h"

namespace formfuzz {

Outcome ToOutcome(const absl::Status& status) {
  constexpr std::string_view kWords[] = {"ok",
                                         "cancelled",
                                         "unknown",
                                         "invalid",
                                         "deadline_exceeded",
                                         "not_found",
                                         "exists",
                                         "permission_denied",
                                         "resource_exhausted",
                                         "precondition",
                                         "aborted",
                                         "out_of_range",
                                         "unimplemented",
                                         "internal",
                                         "unavailable",
                                         "data_loss",
                                         "unauthenticated"};
  const auto code = static_cast<size_t>(status.code());
  if (code == 0) return Outcome::Ok();
  return Outcome::Refused(code < std::size(kWords) ? kWords[code] : "unknown");
}

}  // namespace formfuzz
