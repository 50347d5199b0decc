// SPDX-License-Identifier: Apache-2.0
// The ends of a process whose harness, or whose component, is broken.
#include "framework/base/check.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace formfuzz {

void HarnessBroken(const char* file, int line, std::string_view what) {
  std::fprintf(stderr, "formfuzz: harness_broken: %.*s (%s:%d)\n",
               static_cast<int>(what.size()), what.data(), file, line);
  std::fflush(stderr);
  _exit(kHarnessBrokenExit);
}

void ComponentBroken(std::string_view what) {
  std::fprintf(stderr, "formfuzz: the component made a mistake: %.*s\n",
               static_cast<int>(what.size()), what.data());
  std::fflush(stderr);
  std::abort();
}

}  // namespace formfuzz
