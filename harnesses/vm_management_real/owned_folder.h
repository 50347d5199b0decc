// SPDX-License-Identifier: Apache-2.0
// A temporary folder that belongs to one process, and is gone with it: removed
// at its end, or, where the process was killed, by the next one that makes a
// folder of the same name. The owner holds a lock on the folder; the kernel
// lets go of it however the owner ends.
#ifndef FORMFUZZ_HARNESSES_VM_MANAGEMENT_REAL_OWNED_FOLDER_H_
#define FORMFUZZ_HARNESSES_VM_MANAGEMENT_REAL_OWNED_FOLDER_H_

#include <filesystem>
#include <string>

namespace formfuzz {

class OwnedFolder {
 public:
  // <parent>/<name>_XXXXXX. Breaks the harness if it cannot be made.
  OwnedFolder(const std::filesystem::path& parent, const std::string& name);
  ~OwnedFolder();
  OwnedFolder(const OwnedFolder&) = delete;
  OwnedFolder& operator=(const OwnedFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_VM_MANAGEMENT_REAL_OWNED_FOLDER_H_
