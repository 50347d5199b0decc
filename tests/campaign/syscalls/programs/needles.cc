// SPDX-License-Identifier: Apache-2.0
// Programs that make one rare system call under one condition each: NEEDLE is
// which. What a learner is told of them is what they print with --help, and
// the strings that are in them.
//
// Plain: without sanitizers, whose own calls would be the program's.

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

bool IsMagicLine(const char* line);  // in a library

namespace {

volatile sig_atomic_t signalled = 0;

// No library makes this call by itself.
void MakeRareCall() { syscall(SYS_getsid, 0); }

[[maybe_unused]] bool Has(int argc, char** argv, const char* flag) {
  for (int i = 1; i < argc; ++i) {
    if (strcmp(argv[i], flag) == 0) return true;
  }
  return false;
}

[[maybe_unused]] const char* ValueOf(int argc, char** argv, const char* flag) {
  const size_t size = strlen(flag);
  for (int i = 1; i < argc; ++i) {
    if (strncmp(argv[i], flag, size) == 0 && argv[i][size] == '=') {
      return argv[i] + size + 1;
    }
  }
  return nullptr;
}

[[maybe_unused]] bool BeginsWith(int fd, const char* magic) {
  char text[16] = "";
  const ssize_t size = read(fd, text, sizeof(text) - 1);
  return size > 0 && strncmp(text, magic, strlen(magic)) == 0;
}

[[maybe_unused]] void* CallFromThread(void*) {
  MakeRareCall();
  return nullptr;
}

[[maybe_unused]] void OnSignal(int) { signalled = 1; }

[[maybe_unused]] void SpinFor(int rounds) {
  for (int i = 0; i < rounds && signalled == 0; ++i) getppid();
}

const char* const kHelp[] = {
    "",
    "  -r, --rare            make the call\n  -q, --quiet           say "
    "nothing\n",
    "  -a, --alpha           one half\n  -b, --beta            the other\n"
    "  -c, --gamma           neither\n  -d, --delta           neither\n",
    "  -n, --count=NUM       so many\n  -v                    more words\n",
    "      --mode=WORD       how: 'shallow', 'medium' or 'deep'\n",
    "Reads standard input.\n",
    "  -x                    nothing\n",
    "Looks for its settings at home.\n",
    "Waits a moment; can be told to reload.\n",
    "  FILE                  is read\nUsage: needle [FILE]\n",
    "  -t, --threads         with a thread\n",
    "  -j, --job             in another process\n",
    "  -e, --exec            by another program\n",
    "Writes to standard output.\n",
    "Talks to a terminal.\n",
    "Commands:\n  show        Show things\n  sync        Bring up to date\n",
    "Usage: needle [DIRECTORY]\n  -l                    long\n",
    "Usage: needle [FILE]\n",
    "  -k                    nothing\n",
    "Looks at itself.\n",
    "  -D, --daemon          go on alone\n",
    "Looks for its settings.\n",
    "Talks to a person.\n",
    "Can be told where to begin.\n",
    "Reads commands.\n",
    "usage: needle [-x] [-r revision] [program [file ...]]\n",
    "Serves who is on the other end.\n",
    "Says so until nobody listens.\n",
    "Writes to standard output.\n",
    "Reads standard input.\n",
    "Usage: needle [FILE]\n  -k                    nothing\n",
    "  -n, --count=NUM       so many\n",
    "Looks around.\n",
    "Usage: needle FILE1 FILE2\n",
    "Reads commands.\n"};

[[maybe_unused]] int Daemonise() {
  if (fork() != 0) return 0;
  setsid();
  if (fork() != 0) _exit(0);
  poll(nullptr, 0, 2);  // the parent is gone by then
  MakeRareCall();
  _exit(0);
}

[[maybe_unused]] bool Sync(int argc, char** argv) {
  if (argc < 2 || strcmp(argv[1], "sync") != 0) return false;
  if (Has(argc, argv, "--help")) {
    puts("Commands of sync:\n  now         At once\n  later       Not yet");
    return false;
  }
  return argc > 2 && strcmp(argv[2], "now") == 0;
}

// Whether a file at home has that line.
[[maybe_unused]] bool IsSet(const char* name, const char* wanted) {
  char text[256];
  const char* home = getenv("HOME");
  snprintf(text, sizeof(text), "%s%s", home == nullptr ? "" : home, name);
  FILE* const settings = fopen(text, "r");
  while (settings != nullptr &&
         fgets(text, sizeof(text), settings) != nullptr) {
    text[strcspn(text, "\n")] = '\0';
    if (strcmp(text, wanted) == 0) return true;
  }
  return false;
}

// Whether standard input has a line of the two.
[[maybe_unused]] bool LineIs(const char* name, const char* wanted) {
  char text[256];
  const size_t size = strlen(name);
  while (fgets(text, sizeof(text), stdin) != nullptr) {
    text[strcspn(text, "\n")] = '\0';
    if (strncmp(text, name, size) == 0 && strcmp(text + size, wanted) == 0) {
      return true;
    }
  }
  return false;
}

// What it takes is in the words, the input or the environment.
bool FoundInWords(int argc, char** argv) {
  (void)argc;
  (void)argv;
#if NEEDLE == 1
  return Has(argc, argv, "--rare") || Has(argc, argv, "-r");
#elif NEEDLE == 2
  return (Has(argc, argv, "-a") || Has(argc, argv, "--alpha")) &&
         (Has(argc, argv, "-b") || Has(argc, argv, "--beta"));
#elif NEEDLE == 3
  const char* count = ValueOf(argc, argv, "--count");
  return count != nullptr && atoi(count) > 500;
#elif NEEDLE == 4
  const char* mode = ValueOf(argc, argv, "--mode");
  return mode != nullptr && strcmp(mode, "deep") == 0;
#elif NEEDLE == 5
  return BeginsWith(0, "QMAG");
#elif NEEDLE == 6
  return getenv("NEEDLE_TRACE") != nullptr;
#elif NEEDLE == 7
  return getenv("HOME") == nullptr;
#elif NEEDLE == 21
  return IsSet("/.needlerc", "deep=true");
#elif NEEDLE == 23
  const char* path = getenv("NEEDLE_START_FILE");
  return path != nullptr && open(path, O_RDONLY) >= 0;
#elif NEEDLE == 25
  static const char* const kFunctions[] = {"launch", "length"};
  return argc > 1 && strncmp(argv[1], "BEGIN{", 6) == 0 &&
         strncmp(argv[1] + 6, kFunctions[argc > 99 ? 1 : 0], 6) == 0;
#elif NEEDLE == 18
  return Has(argc, argv, "--undocumented");
#else
  return false;
#endif
}

// In what the descriptors that it starts with are, or hold.
bool FoundInDescriptors() {
#if NEEDLE == 26
  struct stat file{};
  return fstat(0, &file) == 0 && S_ISSOCK(file.st_mode);
#elif NEEDLE == 27
  signal(SIGPIPE, SIG_IGN);
  return write(1, "x", 1) < 0 && errno == EPIPE;
#elif NEEDLE == 28
  return write(1, "x", 1) < 0 && errno == ENOSPC;
#elif NEEDLE == 29
  constexpr ssize_t kMuch = 100'000;
  static char block[4096];
  ssize_t all = 0;
  for (ssize_t size = 1; size > 0 && all < kMuch; all += size) {
    size = read(0, block, sizeof(block));
  }
  return all >= kMuch;
#elif NEEDLE == 34
  char line[64] = "";
  while (fgets(line, sizeof(line), stdin) != nullptr) {
    line[strcspn(line, "\n")] = '\0';
    if (IsMagicLine(line)) return true;
  }
  return false;
#else
  return false;
#endif
}

#if NEEDLE == 33
bool ReadsTheSame(const char* path, const char* other) {
  char one[64];
  char two[64];
  const ssize_t size = read(open(path, O_RDONLY), one, sizeof(one));
  return size > 0 && strcmp(path, other) != 0 &&
         read(open(other, O_RDONLY), two, sizeof(two)) == size &&
         memcmp(one, two, static_cast<size_t>(size)) == 0;
}
#endif

// In files, and how they are named.
bool FoundInFiles(int argc, char** argv) {
  (void)argc;
  (void)argv;
#if NEEDLE == 30
  return argc > 2 && strcmp(argv[1], "--") == 0 && argv[2][0] == '-' &&
         open(argv[2], O_RDONLY) >= 0;
#elif NEEDLE == 31
  const char* count = ValueOf(argc, argv, "--count");
  return count != nullptr && strtoll(count, nullptr, 10) > UINT32_MAX;
#elif NEEDLE == 32
  // Nowhere in the program's file.
  char name[] = "Xbmlgjof";
  volatile size_t i = 1;
  while (name[i] != '\0') {
    --name[i];
    i = i + 1;
  }
  return open(name, O_RDONLY) >= 0;
#elif NEEDLE == 33
  return argc > 2 && ReadsTheSame(argv[1], argv[2]);
#else
  return false;
#endif
}

// In what happens while it runs.
bool FoundInCourse(int argc, char** argv) {
  (void)argc;
  (void)argv;
#if NEEDLE == 8
  signal(SIGUSR1, OnSignal);
  SpinFor(3000);
  return signalled != 0;
#elif NEEDLE == 9
  // Out of descriptors: another way is taken.
  return argc > 1 && open("/dev/null", O_RDONLY) < 0 && errno == EMFILE;
#elif NEEDLE == 10
  pthread_t thread;
  if ((Has(argc, argv, "-t") || Has(argc, argv, "--threads")) &&
      pthread_create(&thread, nullptr, CallFromThread, nullptr) == 0) {
    pthread_join(thread, nullptr);
  }
  return false;
#elif NEEDLE == 11
  if (Has(argc, argv, "-j") || Has(argc, argv, "--job")) {
    if (fork() == 0) {
      MakeRareCall();
      _exit(0);
    }
    wait(nullptr);
  }
  return false;
#elif NEEDLE == 12
  if (Has(argc, argv, "-e") || Has(argc, argv, "--exec")) {
    execl("/proc/self/exe", "needle", "\001again", nullptr);
  }
  return Has(argc, argv, "\001again");
#elif NEEDLE == 13
  return fcntl(1, F_GETFD) < 0;
#elif NEEDLE == 14
  return isatty(0) != 0;
#elif NEEDLE == 22
  return isatty(2) != 0;
#elif NEEDLE == 24
  const char* const volatile name = "mode=";  // stays in the program's file
  const char* const volatile wanted = "turbo";
  return LineIs(name, wanted);
#elif NEEDLE == 15
  return Sync(argc, argv);
#elif NEEDLE == 16
  struct stat file{};
  return argc > 1 && stat(argv[argc - 1], &file) == 0 && S_ISDIR(file.st_mode);
#elif NEEDLE == 17
  const int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
  return fd >= 0 && BeginsWith(fd, "#!");
#elif NEEDLE == 19
  // What a kernel without the newer call has instead.
  char byte = 0;
  return syscall(SYS_getrandom, &byte, 1, 0) < 0 && errno == ENOSYS;
#elif NEEDLE == 20
  if (Has(argc, argv, "-D") || Has(argc, argv, "--daemon")) Daemonise();
  return false;
#else
  return false;
#endif
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "--help") == 0) {
    fputs(kHelp[NEEDLE], stdout);
    return 0;
  }
#if NEEDLE == 18
  if (argc > 1 && strncmp(argv[1], "--", 2) == 0 &&
      strcmp(argv[1], "--undocumented") != 0) {
    fputs("unrecognized option\n", stderr);
    return 2;
  }
#endif
  if (FoundInWords(argc, argv) || FoundInDescriptors() ||
      FoundInFiles(argc, argv) || FoundInCourse(argc, argv)) {
    MakeRareCall();
  }
  return 0;
}
