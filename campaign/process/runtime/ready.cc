// SPDX-License-Identifier: Apache-2.0
// A forkserver at the place that the program chose. Its words are then those
// that the server was started with: it has read them already.

#include "campaign/process/runtime/forks/fork_server.h"
#include "campaign/process/runtime/formfuzz_program.h"
#include "campaign/process/runtime/program_main.h"

extern "C" {

extern const char formfuzz_says_ready;
const char formfuzz_says_ready = 1;

void formfuzz_ready(void) {
  static bool done = false;
  if (done) return;
  done = true;
  if (formfuzz::campaign::HasSupervisor()) {
    formfuzz::campaign::BecomeForkServer(/*before_main=*/false);
  }
}
}
