// SPDX-License-Identifier: Apache-2.0
// Programs that make one rare system call where what they read is of one kind,
// in what they made themselves, or when they are told twice: READER is which.
// As with needles.cc, nothing but --help and strings tells of it.
//
// Plain: without sanitizers, whose own calls would be the program's.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

// No library makes this call by itself.
void MakeRareCall() { syscall(SYS_getsid, 0); }

const char* const kHelp[] = {
    "",
    "  -c, --create=FILE     make one\n  -x, --extract=FILE    read one\n",
    "Reads standard input.\n",
    "Reads standard input.\n",
    "Reads a table.\n",
    "Reads an object.\n",
    "  -d, --deep            look further\n@FILE stands for what is in it.\n",
    "Can be interrupted.\n",
    "Can be told to read its settings again.\n",
    "      --block=BYTES     of a block; a multiple of 48\n",
    "      --from=FILE       names of files\n",
    "  -f FILE               what to read\n",
    "Asks for a number.\n",
    "Writes a file.\n",
    "Commands:\n  init   Begin a store\n  add    Take in\n  log    List it\n",
    "Say :help for help.\n",
    "      --as=NAME         what for\n      --by=NAME         who\n"
    "Example:\n    $ reader_16 --as=q7w1 --by=z3k9 notes.md\n",
    "      --as=NAME         what for\n      --by=NAME         who\n"
    "Examples:\n    reader_17 --as=q7w1 --by=z3k9 box.d\n"
    "    reader_17 --as=m5t2 --by=z3k9 box.d\n",
    "Usage: reader_18 [OPTION]... URL\n",
    "Usage: reader_19 HOST PORT\n",
    "Asks somebody elsewhere.\n",
    "  -o   pack what standard input names\n  -i   unpack it\n",
    "  -a   all\n"};

// In none of the program's strings, and different for each place.
[[maybe_unused]] char MagicAt(int at) {
  volatile int factor = 37;
  return static_cast<char>(at * factor + 11);
}

[[maybe_unused]] bool WriteMagic(const char* path) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  char text[8];
  for (int i = 0; i < 8; ++i) text[i] = MagicAt(i);
  return fd >= 0 && write(fd, text, sizeof(text)) == sizeof(text);
}

[[maybe_unused]] bool HoldsMagic(const char* path) {
  const int fd = open(path, O_RDONLY);
  char text[8] = "";
  if (fd < 0 || read(fd, text, sizeof(text)) != sizeof(text)) return false;
  int same = 0;
  for (int i = 0; i < 8; ++i) same += text[i] == MagicAt(i) ? 1 : 0;
  return same == 8;
}

// "--flag=VALUE" or "-f VALUE".
[[maybe_unused]] const char* ValueOf(int argc, char** argv, const char* name,
                                     char letter) {
  const size_t size = strlen(name);
  for (int i = 1; i < argc; ++i) {
    const char* word = argv[i];
    if (strncmp(word, name, size) == 0 && word[size] == '=') {
      return word + size + 1;
    }
    const bool is_short = letter != '\0' && word[0] == '-' &&
                          word[1] == letter && word[2] == '\0';
    if (is_short && i + 1 < argc) return argv[i + 1];
  }
  return nullptr;
}

[[maybe_unused]] ssize_t ReadInput(char* text, size_t size) {
  ssize_t all = 0;
  while (all < static_cast<ssize_t>(size) - 1) {
    const ssize_t more =
        read(0, text + all, size - 1 - static_cast<size_t>(all));
    if (more <= 0) break;
    all += more;
  }
  text[all] = '\0';
  return all;
}

[[maybe_unused]] bool BeginsWith(int first, int second) {
  unsigned char text[64] = "";
  return read(0, text, sizeof(text)) > 2 && text[0] == first &&
         text[1] == second;
}

// Two lines with as many fields, one of which is called so.
[[maybe_unused]] bool HasColumn(const char* name) {
  static char names[8192];
  static char values[8192];
  if (fgets(names, sizeof(names), stdin) == nullptr ||
      fgets(values, sizeof(values), stdin) == nullptr) {
    return false;
  }
  const auto commas = [](const char* line) {
    return std::count(line, line + strlen(line), ',');
  };
  if (commas(names) < 2 || commas(names) != commas(values)) return false;
  for (char* field = strtok(names, ",\n"); field != nullptr;
       field = strtok(nullptr, ",\n")) {
    if (strcmp(field, name) == 0) return true;
  }
  return false;
}

// An object in which the field is a number.
[[maybe_unused]] bool HasField(const char* name) {
  static char text[65536];
  const ssize_t size = ReadInput(text, sizeof(text));
  if (size < 3 || text[0] != '{' || text[size - 2] != '}') return false;
  char wanted[64];
  snprintf(wanted, sizeof(wanted), "\"%s\": 1", name);
  return strstr(text, wanted) != nullptr;
}

// A line of the file that holds what may be opened, or is the word.
[[maybe_unused]] bool HasLine(const char* path, const char* word) {
  FILE* const file = fopen(path, "r");
  char line[256];
  while (file != nullptr && fgets(line, sizeof(line), file) != nullptr) {
    line[strcspn(line, "\n")] = '\0';
    if (word != nullptr ? strcmp(line, word) == 0 : open(line, O_RDONLY) >= 0) {
      return true;
    }
  }
  return false;
}

// A line that is the command, behind what commands begin with.
[[maybe_unused]] bool IsTold(const char* command) {
  char line[256];
  while (fgets(line, sizeof(line), stdin) != nullptr) {
    line[strcspn(line, "\n")] = '\0';
    if (line[0] == ':' && strcmp(line + 1, command) == 0) return true;
  }
  return false;
}

// From one pipe to another: what is packed has no name.
[[maybe_unused]] bool Unpacks(const char* flag) {
  const bool packs = strcmp(flag, "-o") == 0;
  if (packs && HasLine("/proc/self/fd/0", nullptr)) {
    WriteMagic("/proc/self/fd/1");
  }
  return strcmp(flag, "-i") == 0 && HoldsMagic("/proc/self/fd/0");
}

volatile sig_atomic_t counts[65];

[[maybe_unused]] void Count(int number) { counts[number] = counts[number] + 1; }

// A moment, without a call; ends early where both came as often as wanted.
[[maybe_unused]] bool Awaits(int one, int one_wanted, int other,
                             int other_wanted) {
  constexpr int kRounds = 2'000'000;
  for (volatile int i = 0; i < kRounds;) {
    if (counts[one] >= one_wanted && counts[other] >= other_wanted) return true;
    const int next = i + 1;
    i = next;
  }
  return false;
}

// The third command needs what the second makes, which needs the first's.
[[maybe_unused]] bool UsesStore(int argc, char** argv) {
  const char* command = argc > 1 ? argv[1] : "";
  if (strcmp(command, "init") == 0) {
    mkdir(".store", 0755);
    WriteMagic(".store/HEAD");
  } else if (strcmp(command, "add") == 0) {
    const bool can = argc > 2 && open(argv[2], O_RDONLY) >= 0;
    if (can && HoldsMagic(".store/HEAD")) WriteMagic(".store/object");
  }
  return strcmp(command, "log") == 0 && HoldsMagic(".store/object");
}

// The last word names a file; the flags have these values.
[[maybe_unused]] bool IsCalled(int argc, char** argv, const char* as,
                               const char* by) {
  const char* what = ValueOf(argc, argv, "--as", '\0');
  const char* who = ValueOf(argc, argv, "--by", '\0');
  return argc == 4 && what != nullptr && who != nullptr &&
         strcmp(what, as) == 0 && strcmp(who, by) == 0;
}

// A connection to "127.0.0.1:80", or what begins so; -1: there is none.
[[maybe_unused]] int ConnectTo(const char* host, const char* port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(atoi(port)));
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) return -1;
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  return connect(fd, reinterpret_cast<const sockaddr*>(&address),
                 sizeof(address)) == 0
             ? fd
             : -1;
}

// By HTTP; the last line of the head has been read.
[[maybe_unused]] bool HasPage(const char* url) {
  char host[64];
  char port[8];
  char path[64];
  if (sscanf(url, "http://%63[^:]:%7[0-9]%63s", host, port, path) != 3) {
    return false;
  }
  FILE* const page = fdopen(ConnectTo(host, port), "r+");
  if (page == nullptr) return false;
  fprintf(page, "GET %s HTTP/1.0\r\n\r\n", path);
  fflush(page);
  char line[256];
  if (fgets(line, sizeof(line), page) == nullptr) return false;
  const bool given = strstr(line, " 200 ") != nullptr;
  while (fgets(line, sizeof(line), page) != nullptr) {
    if (line[0] == '\r') return given;
  }
  return false;
}

// In what its help shows, and where somebody answers.
[[maybe_unused]] bool FoundBeyond(int argc, char** argv) {
  (void)argc;
  (void)argv;
#if READER == 16
  return IsCalled(argc, argv, "q7w1", "z3k9") && open(argv[3], O_RDONLY) >= 0;
#elif READER == 17
  if (IsCalled(argc, argv, "q7w1", "z3k9")) WriteMagic(argv[3]);
  return IsCalled(argc, argv, "m5t2", "z3k9") && HoldsMagic(argv[3]);
#elif READER == 18
  return argc > 1 && HasPage(argv[argc - 1]);
#elif READER == 19
  char byte = 0;
  return argc > 2 && read(ConnectTo(argv[1], argv[2]), &byte, 1) == 1;
#elif READER == 20
  // In a network for documentation; nobody answers, which is not waited for.
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(53);
  inet_pton(AF_INET, "192.0.2.1", &address.sin_addr);
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  return connect(fd, reinterpret_cast<const sockaddr*>(&address),
                 sizeof(address)) == 0 &&
         write(fd, "?", 1) == 1;
#elif READER == 21
  return argc == 2 && Unpacks(argv[1]);
#elif READER == 22
  if (argc == 2 && strcmp(argv[1], "-Z") == 0) return true;
  fputs("invalid option\n", stderr);
  return false;
#else
  return false;
#endif
}

bool Found(int argc, char** argv) {
  (void)argc;
  (void)argv;
  const char* const volatile word = "depth";  // stays in the program's file
  (void)word;
#if READER == 1
  const char* made = ValueOf(argc, argv, "--create", 'c');
  const char* given = ValueOf(argc, argv, "--extract", 'x');
  if (made != nullptr && WriteMagic(made)) return false;  // one at a time
  return given != nullptr && HoldsMagic(given);
#elif READER == 2
  return BeginsWith(0x1f, 0x8b);
#elif READER == 3
  return BeginsWith(0xff, 0xfe);
#elif READER == 4
  return HasColumn(word);
#elif READER == 5
  return HasField(word);
#elif READER == 6
  return argc > 1 && argv[1][0] == '@' &&
         (HasLine(argv[1] + 1, "-d") || HasLine(argv[1] + 1, "--deep"));
#elif READER == 7
  signal(SIGINT, Count);
  return Awaits(SIGINT, 2, SIGINT, 2);
#elif READER == 8
  signal(SIGHUP, Count);
  signal(SIGTERM, Count);
  return Awaits(SIGHUP, 1, SIGTERM, 1);
#elif READER == 9
  const char* value = ValueOf(argc, argv, "--block", '\0');
  const int block = value == nullptr ? 0 : atoi(value);
  return block > 0 && block % 48 == 0;
#elif READER == 10
  const char* list = ValueOf(argc, argv, "--from", '\0');
  return list != nullptr && HasLine(list, nullptr);
#elif READER == 11
  const char* file = ValueOf(argc, argv, "--file", 'f');
  char byte = 0;
  return file != nullptr && strcmp(file, "-") == 0 && read(0, &byte, 1) == 1;
#elif READER == 12
  char byte = 0;
  constexpr int kNonBlocking = 1;
  return syscall(SYS_getrandom, &byte, 1, kNonBlocking) < 0 && errno == EAGAIN;
#elif READER == 13
  return WriteMagic("new.tmp") && rename("new.tmp", "new.out") < 0 &&
         errno == EXDEV;
#elif READER == 14
  return UsesStore(argc, argv);
#elif READER == 15
  return IsTold(word);
#else
  return FoundBeyond(argc, argv);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "--help") == 0) {
    fputs(kHelp[READER], stdout);
    return 0;
  }
  if (Found(argc, argv)) MakeRareCall();
  return 0;
}
