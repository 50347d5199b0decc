// SPDX-License-Identifier: Apache-2.0
// Reads /proc/self/mountinfo; proc(5) has its format.

#include "campaign/process/nursery/mounts.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace formfuzz::campaign {
namespace {

constexpr const char* kKernelFolders[] = {"/dev", "/proc", "/sys", "/run"};

bool IsBelow(const char* path, const char* folder) {
  const size_t size = strlen(folder);
  return strncmp(path, folder, size) == 0 &&
         (path[size] == '/' || path[size] == '\0');
}

bool IsWanted(const char* path) {
  if (strcmp(path, "/") == 0) return false;  // it is the root itself
  for (const char* folder : kKernelFolders) {
    if (IsBelow(path, folder)) return false;
  }
  return true;
}

// "\040" is a blank, and so on.
bool Unescape(const char* from, char* to) {
  size_t size = 0;
  for (; *from != '\0'; ++size) {
    if (size + 1 >= kPathMax) return false;
    if (from[0] == '\\' && strlen(from) >= 4) {
      const char digits[] = {from[1], from[2], from[3], '\0'};
      to[size] = static_cast<char>(strtol(digits, nullptr, 8));
      from += 4;
    } else {
      to[size] = *from++;
    }
  }
  to[size] = '\0';
  return true;
}

// A later mount on the same place hides the earlier one.
HostMount* SlotFor(HostMounts& found, const char* path) {
  for (size_t i = 0; i < found.count; ++i) {
    if (strcmp(found.mounts[i].path, path) == 0) return &found.mounts[i];
  }
  if (found.count == kHostMountsMax) return nullptr;
  return &found.mounts[found.count++];
}

void AddLine(const char* line, HostMounts& found) {
  char escaped[4096];
  char options[256];
  char path[kPathMax];
  if (sscanf(line, "%*s %*s %*s %*s %4095s %255s", escaped, options) != 2 ||
      !Unescape(escaped, path) || !IsWanted(path)) {
    return;
  }
  HostMount* mount = SlotFor(found, path);
  if (mount == nullptr) return;
  strcpy(mount->path, path);
  mount->read_only = strncmp(options, "ro", 2) == 0;
}

}  // namespace

void FindHostMounts(HostMounts& found) {
  FILE* file = fopen("/proc/self/mountinfo", "re");
  if (file == nullptr) return;
  char* line = nullptr;
  size_t capacity = 0;
  while (getline(&line, &capacity, file) >= 0) AddLine(line, found);
  free(line);
  fclose(file);
}

}  // namespace formfuzz::campaign
