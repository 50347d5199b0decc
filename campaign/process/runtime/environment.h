// SPDX-License-Identifier: Apache-2.0
// What is meant for us is not left for the program to see.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_ENVIRONMENT_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_ENVIRONMENT_H_

#include <cstring>

extern "C" char** environ;

namespace formfuzz::campaign {

inline void TakeOut(const char* name) {
  const size_t size = strlen(name);
  char** to = environ;
  for (char** from = environ; *from != nullptr; ++from) {
    if (strncmp(*from, name, size) != 0 || (*from)[size] != '=') *to++ = *from;
  }
  *to = nullptr;
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_ENVIRONMENT_H_
