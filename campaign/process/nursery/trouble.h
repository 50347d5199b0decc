// SPDX-License-Identifier: Apache-2.0
// How a step of setting a sandbox up fails: with an errno, and what was done.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_TROUBLE_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_TROUBLE_H_

#include <cerrno>

namespace formfuzz::campaign {

struct Trouble {
  int error = 0;  // 0: none
  const char* doing = "";

  explicit operator bool() const { return error != 0; }
};

// Of the system call that failed just now.
inline Trouble TroubleWith(const char* doing) { return {errno, doing}; }

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_TROUBLE_H_
