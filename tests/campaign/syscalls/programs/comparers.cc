// SPDX-License-Identifier: Apache-2.0
// Programs that make one rare system call where several things of what they are
// given are right, one behind the other: COMPARER is which. Chance does not
// come by them; what the program compares tells of each.
//
// Plain: without sanitizers, whose own calls would be the program's.

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

// No library makes this call by itself.
void MakeRareCall() { syscall(SYS_getsid, 0); }

// In none of the program's strings.
[[maybe_unused]] const char* Secret() {
  static char text[9];
  volatile int step = 5;
  for (int i = 0; i < 8; ++i) text[i] = static_cast<char>('c' + i * step % 23);
  return text;
}

[[maybe_unused]] uint32_t SumOf(const unsigned char* bytes, size_t size) {
  uint32_t sum = 0x811c9dc5;
  for (size_t i = 0; i < size; ++i) sum = (sum ^ bytes[i]) * 0x01000193;
  return sum;
}

[[maybe_unused]] uint32_t NumberAt(const unsigned char* bytes) {
  uint32_t number = 0;
  memcpy(&number, bytes, sizeof(number));
  return number;
}

// A mark of four bytes, a version, and what kind of record it is.
[[maybe_unused]] bool HasHeader(FILE* file) {
  unsigned char head[12];
  if (fread(head, 1, sizeof(head), file) != sizeof(head)) return false;
  if (NumberAt(head) != 0x1a474d49) return false;
  if (head[4] != 1 && head[4] != 2) return false;
  const int kind = head[6] << 8 | head[7];
  return head[4] == 2 && kind == 0x0309;
}

// A mark, four bytes of a sum, and what it is of, which begins with a 7.
[[maybe_unused]] bool IsIntact(const char* path) {
  FILE* const file = fopen(path, "r");
  unsigned char record[40];
  if (file == nullptr) return false;
  if (fread(record, 1, sizeof(record), file) != sizeof(record)) return false;
  if (NumberAt(record) != 0x52454331) return false;
  if (NumberAt(record + 4) != SumOf(record + 8, 32)) return false;
  return record[8] == 7 && record[9] == 201;
}

// Each line is understood behind another one only.
[[maybe_unused]] bool IsGreeted() {
  char line[256];
  int state = 0;
  while (fgets(line, sizeof(line), stdin) != nullptr) {
    line[strcspn(line, "\r\n")] = '\0';
    if (strncmp(line, "GREET ", 6) == 0) state = 1;
    if (strcmp(line, "ENTER north") == 0 && state == 1) state = 2;
    if (strcmp(line, "TAKE") == 0 && state == 2) return true;
  }
  return false;
}

[[maybe_unused]] bool IsSet() {
  char line[256];
  char name[64];
  char value[64];
  while (fgets(line, sizeof(line), stdin) != nullptr) {
    if (sscanf(line, "PUT %63s %63s", name, value) != 2) continue;
    if (strcmp(name, Secret()) == 0) return true;
  }
  return false;
}

bool Found(int argc, char** argv) {
  (void)argc;
  (void)argv;
#if COMPARER == 1
  return HasHeader(stdin);
#elif COMPARER == 2
  return argc == 2 && IsIntact(argv[1]);
#elif COMPARER == 3
  return IsGreeted();
#elif COMPARER == 4
  return IsSet();
#elif COMPARER == 5
  const char* const key = getenv("NEEDLE_KEY");
  return key != nullptr && strcmp(key, Secret()) == 0;
#else
  for (int i = 1; i < argc; ++i) {
    if (strncmp(argv[i], "--as=", 5) == 0) {
      return strcmp(argv[i] + 5, Secret()) == 0;
    }
  }
  return false;
#endif
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "--help") == 0) {
    fputs("Usage: comparer [FILE]\n      --as=WORD         what for\n", stdout);
    return 0;
  }
  if (Found(argc, argv)) MakeRareCall();
  return 0;
}
