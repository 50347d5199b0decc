// SPDX-License-Identifier: Apache-2.0
// Events, and what they do to a disk.
#include "framework/validate/crash/recorded_disk.h"

#include <algorithm>
#include <utility>

#include "framework/base/check.h"

namespace formfuzz {
namespace {

// Of one file: an offset beyond it comes from a damaged number, not a need.
constexpr uint64_t kFileBytesMax = uint64_t{64} << 20;

}  // namespace

void Apply(const DiskEvent& event, DiskImage& image) {
  switch (event.kind) {
    case DiskEvent::Kind::kWrite: {
      std::string& file = image[event.path];
      const size_t end = event.at + event.bytes.size();
      if (file.size() < end) file.resize(end);
      file.replace(event.at, event.bytes.size(), event.bytes);
      return;
    }
    case DiskEvent::Kind::kTruncate:
      image[event.path].resize(event.at);
      return;
    case DiskEvent::Kind::kRemove:
      image.erase(event.path);
      return;
    case DiskEvent::Kind::kSync:
    case DiskEvent::Kind::kPromise:
      return;
  }
}

void RecordedDisk::Do(DiskEvent event) {
  if (event.kind != DiskEvent::Kind::kPromise &&
      (event.at > kFileBytesMax ||
       event.bytes.size() > kFileBytesMax - event.at)) {
    ComponentBroken("it writes beyond 64 MiB of a recorded file");
  }
  Apply(event, now_);
  events_.push_back(std::move(event));
}

const std::string* RecordedDisk::Find(std::string_view path) const {
  const auto found = now_.find(path);
  return found == now_.end() ? nullptr : &found->second;
}

void RecordedDisk::Write(std::string_view path, uint64_t offset,
                         std::string_view bytes) {
  Do({DiskEvent::Kind::kWrite, std::string(path), offset, std::string(bytes)});
}

void RecordedDisk::Truncate(std::string_view path, uint64_t size) {
  Do({DiskEvent::Kind::kTruncate, std::string(path), size, {}});
}

void RecordedDisk::Sync(std::string_view path) {
  Do({DiskEvent::Kind::kSync, std::string(path), 0, {}});
}

void RecordedDisk::Remove(std::string_view path) {
  Do({DiskEvent::Kind::kRemove, std::string(path), 0, {}});
}

void RecordedDisk::Promise(uint64_t state) {
  Do({DiskEvent::Kind::kPromise, {}, state, {}});
}

}  // namespace formfuzz
