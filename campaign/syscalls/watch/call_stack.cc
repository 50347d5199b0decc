// SPDX-License-Identifier: Apache-2.0
// Frames as elfutils' libdw tells them, from tables of unwinding. Names come
// from the symbols of the files themselves: nothing is fetched.

#include "campaign/syscalls/watch/call_stack.h"

#ifdef FORMFUZZ_HAS_LIBDW
#include <elfutils/libdwfl.h>

#include <cinttypes>
#include <cstdio>
#include <memory>
#include <string_view>
#include <utility>

#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

std::string HexOf(uint64_t value) {
  char text[19];
  snprintf(text, sizeof(text), "%#" PRIx64, value);
  return text;
}

std::string FrameText(Dwfl* files, Dwarf_Addr address) {
  Dwfl_Module* module = dwfl_addrmodule(files, address);
  if (module == nullptr) return HexOf(address);
  Dwarf_Addr begin = 0;
  const std::string_view path = dwfl_module_info(
      module, nullptr, &begin, nullptr, nullptr, nullptr, nullptr, nullptr);
  const std::string_view file = path.substr(path.rfind('/') + 1);
  GElf_Off offset = 0;
  GElf_Sym symbol;
  const char* name = dwfl_module_addrinfo(module, address, &offset, &symbol,
                                          nullptr, nullptr, nullptr);
  if (name != nullptr) return Concat(name, "+", HexOf(offset), " ", file);
  return Concat(HexOf(address - begin), " ", file);
}

struct Walk {
  Dwfl* files;
  std::vector<std::string> frames = {};
};

int TakeFrame(Dwfl_Frame* frame, void* walk_of) {
  Walk& walk = *static_cast<Walk*>(walk_of);
  Dwarf_Addr address = 0;
  bool exact = false;
  if (!dwfl_frame_pc(frame, &address, &exact)) return DWARF_CB_ABORT;
  // Others hold where their call returns to, which may be the next function.
  std::string text = FrameText(walk.files, exact ? address : address - 1);
  // What we preload is none of the program's.
  if (text.find("memfd:formfuzz") != text.npos) return DWARF_CB_OK;
  walk.frames.push_back(std::move(text));
  return walk.frames.size() < kStackFramesMax ? DWARF_CB_OK : DWARF_CB_ABORT;
}

}  // namespace

bool CanLookAtStacks() { return true; }

std::vector<std::string> StackOf(pid_t thread) {
  // Debugging files are neither looked for nor, as libdw would, downloaded.
  static const Dwfl_Callbacks kCallbacks = {
      dwfl_linux_proc_find_elf, [](auto...) { return -1; }, nullptr, nullptr};
  const std::unique_ptr<Dwfl, void (*)(Dwfl*)> files(dwfl_begin(&kCallbacks),
                                                     dwfl_end);
  if (files == nullptr) return {};
  if (dwfl_linux_proc_report(files.get(), thread) != 0) return {};
  if (dwfl_report_end(files.get(), nullptr, nullptr) != 0) return {};
  if (dwfl_linux_proc_attach(files.get(), thread, true) != 0) return {};
  Walk walk{files.get()};
  dwfl_getthread_frames(files.get(), thread, TakeFrame, &walk);
  return walk.frames;
}

}  // namespace formfuzz::campaign

#else

namespace formfuzz::campaign {

bool CanLookAtStacks() { return false; }
std::vector<std::string> StackOf(pid_t /*thread*/) { return {}; }

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_HAS_LIBDW
