// SPDX-License-Identifier: Apache-2.0
// Mapping the file.
#include "framework/engine/in_flight_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

namespace formfuzz {

InFlightFile::InFlightFile() {
  const char* path = std::getenv(kInFlightVariable);
  if (path == nullptr) return;
  const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return;  // nobody will look then
  if (ftruncate(fd, sizeof(InFlight)) == 0) {
    void* mapped = mmap(nullptr, sizeof(InFlight), PROT_READ | PROT_WRITE,
                        MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) file_ = static_cast<InFlight*>(mapped);
  }
  close(fd);
  if (file_ != nullptr) file_->magic = InFlight::kMagic;
}

InFlightFile::~InFlightFile() {
  if (file_ != nullptr) munmap(file_, sizeof *file_);
}

}  // namespace formfuzz
