// SPDX-License-Identifier: Apache-2.0
// Speaks AFL++'s forkserver protocol as its compilers' runtimes do, in the
// handshake that the first argument names: old or new. Each run counts its
// input's bytes in the map; "a" aborts, "h" hangs, "w" writes to stderr.

#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

constexpr int kControl = 198;
constexpr int kStatus = 199;
constexpr uint32_t kMapBytes = 256;

void Say(uint32_t word) {
  if (write(kStatus, &word, 4) != 4) _exit(1);
}

uint32_t Hear() {
  uint32_t word = 0;
  if (read(kControl, &word, 4) != 4) _exit(0);
  return word;
}

uint8_t* Attach(const char* variable) {
  const char* id = getenv(variable);
  if (id == nullptr) _exit(2);
  return static_cast<uint8_t*>(shmat(atoi(id), nullptr, 0));
}

bool ShakeHands(const std::string& handshake) {
  if (handshake == "old") {
    // Enabled, a map's size, shared inputs; the answer accepts them.
    Say(0x80000001 | 0x40000000 | 0x01000000 | ((kMapBytes - 1) << 1));
    return Hear() == (0x80000001 | 0x01000000);
  }
  constexpr uint32_t kHello = 0x41464c01;
  Say(kHello);
  if (Hear() != ~kHello) return false;
  Say(0x1 | 0x2 | 0x800);  // size, shared inputs, a dictionary
  Say(kMapBytes);
  Say(4);
  if (write(kStatus, "\3abc", 4) != 4) return false;
  Say(kHello);
  return true;
}

[[noreturn]] void RunOnce(const uint8_t* input, uint8_t* map) {
  uint32_t size = 0;
  memcpy(&size, input, 4);
  const uint8_t* bytes = input + 4;
  for (uint32_t i = 0; i < size; ++i) ++map[bytes[i]];
  if (size > 0 && bytes[0] == 'a') abort();
  if (size > 0 && bytes[0] == 'w' && write(2, "words", 5) != 5) _exit(4);
  while (size > 0 && bytes[0] == 'h') pause();
  _exit(0);
}

}  // namespace

int main(int argc, char** argv) {
  uint8_t* map = Attach("__AFL_SHM_ID");
  const uint8_t* input = Attach("__AFL_SHM_FUZZ_ID");
  if (argc < 2 || !ShakeHands(argv[1])) return 3;
  while (true) {
    Hear();
    const pid_t child = fork();
    if (child == 0) RunOnce(input, map);
    Say(static_cast<uint32_t>(child));
    int status = 0;
    waitpid(child, &status, 0);
    Say(static_cast<uint32_t>(status));
  }
}
