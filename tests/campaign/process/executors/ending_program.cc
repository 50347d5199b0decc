// SPDX-License-Identifier: Apache-2.0
// Says which of the things were done that are to be done when a program ends:
// a handler, a destructor of an object, text of the C library's that is not
// written yet, and by -DWITH_DESTRUCTOR or -DWITH_FINI what only the loader
// calls. With a library's path it loads that, which has a destructor, too.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "campaign/process/runtime/forks/loader_end.h"

namespace {

void Say(const char* line) {
  if (write(1, line, strlen(line)) < 0) abort();
}

struct Object {
  ~Object() { Say("object\n"); }
};
Object object;

}  // namespace

#ifdef WITH_DESTRUCTOR
namespace {
__attribute__((destructor)) void OnUnload() { Say("destructor\n"); }
}  // namespace
#endif
#ifdef WITH_FINI
extern "C" void OnFini();
extern "C" void OnFini() { Say("fini\n"); }
#endif
#ifdef IS_LIBRARY
namespace {
__attribute__((destructor)) void OnUnload() { Say("library\n"); }
}  // namespace
#else
namespace {
bool called = false;
}  // namespace

// PROGRAM [LIBRARY [asks|looks]] tells whether the loader would be called: by
// what its forkserver has found, or finds itself.
int main(int argc, char** argv) {
  using namespace formfuzz::campaign;  // NOLINT: of this file
  const bool asked = argc > 2;
  const LoaderEnd end = asked ? InPlaceOf([] { called = true; }) : nullptr;
  if (asked && strcmp(argv[2], "looks") == 0) LeaveOutLoaderEnd();
  const bool loads = argc > 1 && *argv[1] != '\0';
  if (loads && dlopen(argv[1], RTLD_NOW) == nullptr) return 2;
  if (asked) {
    end();
    Say(called ? "called\n" : "left out\n");
    _exit(0);
  }
  if (atexit([] { Say("handler\n"); }) != 0) return 2;
  printf("text\n");  // to a pipe: not written before the end
  return 0;
}
#endif
