// SPDX-License-Identifier: Apache-2.0
// Writing the script.
#include "campaign/loop/triage/reproduce_script.h"

#include <algorithm>

#include "campaign/process/child.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr std::string_view kHead =
    "# Ends with 0 if the program fails this way again, with 1 if it does\n"
    "# not. It runs without a sandbox, in a folder of its own that goes.\n"
    "here=$(CDPATH= cd -- \"$(dirname -- \"$0\")\" && pwd)\n"
    "work=$(mktemp -d) || exit 2\n"
    "trap 'rm -rf \"$work\"' EXIT\n"
    "cd \"$work\" || exit 2\n";

// Bytes that printf(1) understands, quoted; none that begin an option.
std::string PrintfText(std::string_view bytes) {
  std::string text = "'";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte > ' ' && byte <= '~' && c != '\'' && c != '\\' &&
                       c != '%' && (c != '-' || text.size() > 1);
    if (plain) {
      text += c;
      continue;
    }
    text += '\\';
    text += static_cast<char>('0' + (byte >> 6));
    text += static_cast<char>('0' + (byte >> 3 & 7));
    text += static_cast<char>('0' + (byte & 7));
  }
  return text + "'";
}

std::string FileLines(const ScriptedRun& run) {
  std::string lines;
  if (run.bytes_beside) {
    lines += "cp \"$here/input\" .input || exit 2\n";
  } else {
    lines +=
        Concat("printf ", PrintfText(AsText(run.input.bytes)), " >.input\n");
  }
  lines += "bytes=$work/.input\n";
  for (const InputFile& file : run.input.files) {
    const std::string path = ShellQuoted(file.path);
    if (file.path.find('/') != std::string::npos) {
      lines += Concat("mkdir -p \"$(dirname -- ", path, ")\"\n");
    }
    lines += Concat("printf ", PrintfText(file.content), " >", path, "\n");
  }
  return lines;
}

std::string VariableLines(const ScriptedRun& run) {
  std::string lines;
  for (const auto* list : {&run.environment, &run.input.environment}) {
    for (const auto& [name, value] : *list) {
      lines += Concat("export ", name, "=", ShellQuoted(value), "\n");
    }
  }
  return lines;
}

// A word with each @@ as the path of the bytes.
std::string CommandWord(std::string_view word) {
  std::string text;
  while (true) {
    const size_t mark = word.find("@@");
    const std::string_view plain = word.substr(0, mark);
    if (!plain.empty() || mark == std::string_view::npos) {
      text += plain.empty() && !text.empty() ? "" : ShellQuoted(plain);
    }
    if (mark == std::string_view::npos) return text;
    text += "\"$bytes\"";
    word.remove_prefix(mark + 2);
  }
}

bool NamesBytes(const std::vector<std::string>& command) {
  return std::any_of(command.begin(), command.end(), [](const auto& word) {
    return word.find("@@") != std::string::npos;
  });
}

std::string_view InputText(const ScriptedRun& run) {
  if (NamesBytes(run.command)) return " </dev/null";
  switch (run.input.stdin_kind) {
    case StdinKind::kClosed:
      return " <&-";
    case StdinKind::kNothing:
      return " </dev/null";
    case StdinKind::kFile:
    case StdinKind::kPipe:
    case StdinKind::kTerminal:
    case StdinKind::kSocket:
      break;
  }
  return " <\"$bytes\"";
}

std::string_view OutputText(StdoutKind kind) {
  switch (kind) {
    case StdoutKind::kClosed:
      return " >&-";
    case StdoutKind::kNothing:
      return " >/dev/null";
    case StdoutKind::kFull:
      return " >/dev/full";
    case StdoutKind::kFile:
    case StdoutKind::kPipe:
    case StdoutKind::kTerminal:
    case StdoutKind::kTerminalForBoth:
    case StdoutKind::kUnread:
      break;
  }
  return "";
}

std::string RunLines(const ScriptedRun& run) {
  const uint64_t seconds = (run.timeout_ms + 999) / 1000;
  std::string line = Concat("timeout -s KILL ", seconds);
  for (const std::string& word : run.command) {
    line += ' ';
    line += CommandWord(word);
  }
  for (const std::string& word : run.input.arguments) {
    line += ' ';
    line += ShellQuoted(word);
  }
  // A pipe is a pipe to the program, too.
  const bool piped = run.input.stdin_kind == StdinKind::kPipe;
  return Concat(piped ? "cat \"$bytes\" | " : "", line,
                piped ? "" : InputText(run), OutputText(run.input.stdout_kind),
                "\nstatus=$?\n");
}

// Ends with 137, as what is killed for not ending, if nobody answers in time.
constexpr std::string_view kTalk = R"(import socket, sys, time
kind, _, place = sys.argv[2].partition(":")
local, datagrams = kind == "unix", kind == "udp"
def reach():
    talk = socket.socket(socket.AF_UNIX if local else socket.AF_INET,
                         socket.SOCK_DGRAM if datagrams else socket.SOCK_STREAM)
    talk.connect(place if local else ("127.0.0.1", int(place)))
    return talk
def ended():
    try: state = open("/proc/%s/stat" % sys.argv[4]).read()
    except OSError: return True
    return state.rsplit(') ', 1)[1][0] in 'ZX'
data = open(sys.argv[1], "rb").read()
if datagrams: time.sleep(1)
limit = time.time() + float(sys.argv[3])
talk = None
while talk is None:
    try: talk = reach()
    except OSError: time.sleep(0.01)
    if time.time() > limit: sys.exit(137)
try:
    if datagrams:
        for at in range(0, max(1, len(data)), 65000):
            talk.send(data[at:at + 65000])
    else:
        talk.sendall(data)
        talk.shutdown(socket.SHUT_WR)
    talk.settimeout(0.05)
    while talk.recv(65536):
        if time.time() > limit: sys.exit(137)
except OSError: pass
limit = min(limit, time.time() + 2)
while not ended() and time.time() < limit: time.sleep(0.02)
)";

// The server is killed in the end, with all that it started and that stayed in
// its session; what it had come to by then is its status.
std::string ServerLines(const ScriptedRun& run) {
  std::string line = "setsid ";
  for (const std::string& word : run.command) line += CommandWord(word) + " ";
  const uint64_t seconds = (run.timeout_ms + 999) / 1000;
  return Concat(line, "</dev/null &\nserver=$!\npython3 - \"$bytes\" ",
                ShellQuoted(run.server), " ", seconds, " \"$server\" <<'EOF'\n",
                kTalk, "EOF\ntalk=$?\nkill -s KILL -- -$server\n",
                "wait $server\nstatus=$?\n",
                "[ $status -ne 137 ] || status=$talk\n");
}

constexpr std::string_view kBomb =
    "echo 'this input makes the program start processes without end, which' "
    ">&2\necho 'takes a sandbox: formfuzz replay and this folder' >&2\n"
    "exit 2\n";

std::string JudgeLines(int status) {
  constexpr std::string_view kSay = "echo \"ended with status $status\" >&2\n";
  if (status == -1) return Concat(kSay, "[ \"$status\" -ne 0 ]\n");
  const int wanted = status == kHungStatus ? 137 : status;
  return Concat(kSay, "[ \"$status\" -eq ", wanted, " ]\n");
}

}  // namespace

std::string ShellQuoted(std::string_view word) {
  return word.empty() ? "''" : ShellWords({std::string(word)});
}

std::string ReproduceScript(const ScriptedRun& run) {
  std::string about = run.about;
  std::replace(about.begin(), about.end(), '\n', ' ');
  if (run.bomb) return Concat("#!/bin/sh\n# ", about, "\n", kBomb);
  return Concat("#!/bin/sh\n# ", about, "\n", kHead, FileLines(run),
                VariableLines(run),
                run.server.empty() ? RunLines(run) : ServerLines(run),
                JudgeLines(run.status));
}

}  // namespace formfuzz::campaign
