// SPDX-License-Identifier: Apache-2.0
// Tables of values; what they are for is said by the header.

#include "campaign/syscalls/material/values.h"

#include <sys/resource.h>

#include <algorithm>
#include <cctype>
#include <csignal>

#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view kNothing[] = {""};
constexpr std::string_view kNumbers[] = {
    "1",   "0",    "2",     "10",         "-1",         "3",
    "64",  "999",  "8080",  "2147483648", "2147483647", "4294967296",
    "100", "4096", "65536", "0.5",        "8081"};
constexpr std::string_view kSizes[] = {"1",   "0",   "1K",  "1M",
                                       "512", "10c", "4096"};
constexpr std::string_view kFiles[] = {
    "text.txt",  "lines.txt", "empty",     "bytes.bin",   "new.out",
    "data.tar",  "data.gz",   "data.zip",  "change.diff", "tree",
    "-",         "names.lst", "link",      "dangling",    "circle",
    "sparse",    "secret",    "script.sh", "same.txt",    "wide.txt",
    "missing/x", "socket",    "conf.ini",  "doc.json",    "/dev/null",
    "/dev/full", "-dash",     "setuid",    "/etc/passwd", "/bin/true"};
constexpr std::string_view kFolders[] = {
    "tree", "folder", ".", "/", "missing", "text.txt", "/tmp", "/proc/self"};
constexpr std::string_view kChoices[] = {"always", "never", "auto", "none",
                                         "all",    "full",  "name", "size",
                                         "time",   "simple"};
constexpr std::string_view kTimes[] = {
    "now", "2020-01-02", "12:30",           "2020-01-02 03:04:05",
    "@0",  "+1 day",     "202001020304.05", "1s"};
constexpr std::string_view kFormats[] = {"%s", "%Y-%m-%d", "+%s", "%n", "x"};
constexpr std::string_view kPatterns[] = {
    "a", ".*", "*.txt", "^alpha", "(b|g)", "*", "word1[0-9]", "\\(a\\)\\1"};
constexpr std::string_view kCommands[] = {
    "cat", "/bin/true", "./script.sh", "gzip", "sh -c 'exit 3'", "missing"};
constexpr std::string_view kUsers[] = {"root",  "0",          "nobody",
                                       "65534", "nosuchuser", "daemon:daemon"};
constexpr std::string_view kModes[] = {"644", "u+x", "000", "4755", "a=r"};
constexpr std::string_view kAddresses[] = {
    "127.0.0.1",  "localhost",      "::1", "127.0.0.1:8081", "0",
    "10.0.0.0/8", "missing.invalid"};
// The first are answered: kAnsweringPort.
constexpr std::string_view kUrls[] = {"http://127.0.0.1:8081/text.txt",
                                      "http://localhost:8081/",
                                      "http://127.0.0.1:8081/missing",
                                      "127.0.0.1:8081",
                                      "http://127.0.0.1/",
                                      "file:///etc/passwd",
                                      "http://missing.invalid/"};
constexpr std::string_view kRanges[] = {"1-3", "1",   "1,3", "2-",
                                        "-2",  "1:3", "3-1"};
constexpr std::string_view kAssignments[] = {"KEY=value", "PATH=/bin:.",
                                             "LC_ALL=C.UTF-8", "KEY="};
constexpr std::string_view kCodes[] = {
    "1",
    "{print}",
    "s/a/b/",
    "p",
    "BEGIN{system(\"true\")}",
    "{print | \"sort\"}",
    "system(\"true\")",
    "w out.txt",
    "print 1",
    "e true",
    "BEGIN{while((\"echo x\" | getline l) > 0) print l > \"new.out\"}",
    "1d",
    "import os; os.system(\"true\")",
    "import subprocess, tempfile; subprocess.run([\"true\"]); "
    "tempfile.TemporaryDirectory().cleanup()",
    "import socket, threading; threading.Thread(target=print).start(); "
    "socket.create_server((\"127.0.0.1\", 0))",
    "use IO::Socket::INET; IO::Socket::INET->new(Listen => 1)",
    "use File::Temp; File::Temp->new; fork; wait",
    "require(\"child_process\").execSync(\"true\")",
    "require(\"net\").createServer().listen(0, function() { this.close() })",
    "require(\"fs\").mkdirSync(\"new\"); require(\"fs\").rmdirSync(\"new\")",
    "os.execute(\"true\"); print(io.popen(\"echo x\"):read(\"a\"))",
    "io.open(\"new.out\", \"w\"):write(1); io.tmpfile(); "
    "os.rename(\"new.out\", \"new\"); os.remove(\"new\"); os.tmpname()",
    "exec true; exec echo x | cat; puts [glob *]; after 1",
    "close [open new.out w]; file copy new.out new; file rename -force new "
    "new.out; file mkdir new; file delete new new.out; socket -server x 0",
    "system(\"true\"); require \"tempfile\"; Tempfile.create {}; fork {}; "
    "Process.wait"};
constexpr std::string_view kTexts[] = {
    "a",   "1",         "s/a/b/", "text.txt", "",          "p",
    "+%s", "key=value", "1,3",    "1d",       "w out.txt", "127.0.0.1:8081"};

Conditions Limit(int what, uint64_t value) { return {{{what, value}}, {}}; }
Conditions Signal(int signal, uint32_t after_us) {
  return {{}, {{signal, after_us}}};
}

std::vector<Conditions> MakeConditions() {
  std::vector<Conditions> all = {
      Limit(RLIMIT_NOFILE, 3),  Limit(RLIMIT_NOFILE, 4),
      Limit(RLIMIT_NOFILE, 6),  Limit(RLIMIT_FSIZE, 0),
      Limit(RLIMIT_FSIZE, 512), Limit(RLIMIT_AS, 24 << 20),
      Limit(RLIMIT_NPROC, 0),   Limit(RLIMIT_STACK, 16 << 10)};
  for (const int signal :
       {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGQUIT, SIGCHLD,
        SIGWINCH, SIGPIPE, SIGCONT, SIGXFSZ}) {
    for (const uint32_t after_us : {0U, 150U, 1500U}) {
      all.push_back(Signal(signal, after_us));
    }
  }
  // The second while the first is dealt with; a reload, then the end.
  for (const auto& [first, second] :
       {std::pair{SIGINT, SIGINT}, std::pair{SIGTERM, SIGTERM},
        std::pair{SIGHUP, SIGHUP}, std::pair{SIGUSR1, SIGUSR1},
        std::pair{SIGALRM, SIGALRM}, std::pair{SIGHUP, SIGTERM},
        std::pair{SIGUSR1, SIGTERM}, std::pair{SIGINT, SIGTERM}}) {
    for (const uint32_t after_us : {100U, 1500U}) {
      all.push_back({{}, {{first, after_us}, {second, 2 * after_us}}});
    }
  }
  for (const uint32_t after_us : {50U, 400U, 3000U}) {
    all.push_back({{}, {{SIGSTOP, after_us}, {SIGCONT, after_us + 1000}}});
  }
  return all;
}

}  // namespace

Words ValuesOf(ValueKind kind) {
  switch (kind) {
    case ValueKind::kNone:
      return kNothing;
    case ValueKind::kNumber:
      return kNumbers;
    case ValueKind::kSize:
      return kSizes;
    case ValueKind::kFile:
      return kFiles;
    case ValueKind::kFolder:
      return kFolders;
    case ValueKind::kChoice:
      return kChoices;
    case ValueKind::kTime:
      return kTimes;
    case ValueKind::kFormat:
      return kFormats;
    case ValueKind::kPattern:
      return kPatterns;
    case ValueKind::kCommand:
      return kCommands;
    case ValueKind::kUser:
      return kUsers;
    case ValueKind::kMode:
      return kModes;
    case ValueKind::kAddress:
      return kAddresses;
    case ValueKind::kUrl:
      return kUrls;
    case ValueKind::kRange:
      return kRanges;
    case ValueKind::kAssignment:
      return kAssignments;
    case ValueKind::kCode:
      return kCodes;
    case ValueKind::kText:
      return kTexts;
  }
  return kNothing;
}

std::span<const std::pair<std::string_view, std::string_view>> Variables() {
  static constexpr std::pair<std::string_view, std::string_view> kAll[] = {
      {"LC_ALL", "C"},
      {"LC_ALL", "C.UTF-8"},
      {"LC_ALL", "de_DE.UTF-8"},
      {"LANGUAGE", "fr:de"},
      {"TZ", "America/New_York"},
      {"TZ", "XXX3"},
      {"TZ", ":missing"},
      {"TERM", "xterm-256color"},
      {"COLUMNS", "20"},
      {"HOME", "/"},
      {"HOME", "missing"},
      {"HOME", "/proc"},  // nothing can be made there
      {"TMPDIR", "missing"},
      {"TMPDIR", "/tmp"},
      {"PATH", ""},
      {"POSIXLY_CORRECT", "1"},
      {"SHELL", "/bin/false"},
      {"EDITOR", "/bin/true"},
      {"PAGER", "cat"},
      {"USER", "nobody"},
      {"PWD", "/missing"},
      {"MALLOC_ARENA_MAX", "1"},
      {"MALLOC_PERTURB_", "7"},
      {"MALLOC_TOP_PAD_", "1"},
      {"GLIBC_TUNABLES", "glibc.malloc.mmap_threshold=1"},
      {"LD_BIND_NOW", "1"},
      {"LD_DEBUG", "help"},
      {"LD_LIBRARY_PATH", "/missing:tree"},
      {"LOCPATH", "/missing"},
      {"GCONV_PATH", "tree"},
      {"RES_OPTIONS", "debug"}};
  return kAll;
}

Words RemovableVariables() {
  static constexpr std::string_view kAll[] = {"HOME", "PATH", "LANG", "TERM"};
  return kAll;
}

std::span<const Conditions> ManyConditions() {
  static const std::vector<Conditions> all = MakeConditions();
  return all;
}

Words StandardInputs() {
  static constexpr std::string_view kAll[] = {
      "",      "alpha\nbeta\n", "y\n", "b 2\na 1\n\nc 3", "text.txt\ntree\n",
      "quit\n"};
  return kAll;
}

std::string LongStandardInput() {
  constexpr size_t kBytes = 160 << 10;
  std::string words;
  for (size_t line = 0; words.size() < kBytes; ++line) {
    words += Concat((line * 7919) % 10007, " word", line % 17, "\n");
  }
  return words;
}

std::vector<std::string> LikelyVariables(std::span<const std::string> words) {
  std::vector<std::string> names;
  for (const std::string& word : words) {
    const bool fits = word.size() >= 3 && word.size() <= 32 &&
                      std::ranges::all_of(word,
                                          [](unsigned char c) {
                                            return std::isupper(c) != 0 ||
                                                   c == '_' ||
                                                   std::isdigit(c) != 0;
                                          }) &&
                      std::isupper(static_cast<unsigned char>(word[0])) != 0;
    if (fits) names.push_back(word);
  }
  return names;
}

std::vector<std::string> LikelyFlags(std::span<const std::string> words) {
  std::vector<std::string> names;
  for (const std::string& word : words) {
    const bool fits = word.size() >= 3 && word.size() <= 32 &&
                      std::ranges::all_of(word,
                                          [](unsigned char c) {
                                            return std::islower(c) != 0 ||
                                                   c == '-' ||
                                                   std::isdigit(c) != 0;
                                          }) &&
                      (std::islower(static_cast<unsigned char>(word[0])) != 0 ||
                       word.starts_with("--"));
    if (!fits) continue;
    names.push_back(word.starts_with("--") ? word : Concat("--", word));
  }
  return names;
}

bool NamesFolder(std::string_view variable) {
  return KindOf(variable) == ValueKind::kFolder ||
         variable.find("HOME") != variable.npos;
}

}  // namespace formfuzz::campaign
