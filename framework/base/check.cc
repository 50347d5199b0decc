// SPDX-License-Identifier: Apache-2.0
// The end of a process whose harness is broken.
#include "framework/base/check.h"

#include <unistd.h>

#include <cstdio>

namespace formfuzz {

void HarnessBroken(const char* file, int line, std::string_view what) {
  std::fprintf(stderr, "formfuzz: harness_broken: %.*s (%s:%d)\n",
               static_cast<int>(what.size()), what.data(), file, line);
  std::fflush(stderr);
  _exit(kHarnessBrokenExit);
}

}  // namespace formfuzz
