// SPDX-License-Identifier: Apache-2.0
// Files in memory that remember every write to them, so that the disk of any
// moment can be had again: what a crash between two writes would have left.
//
// A component, or an adapter of it, is given these in place of real files.
// Promise says what is now to be durable. Not thread-safe; it holds all that
// was ever written, so let scenarios be short.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_CRASH_RECORDED_DISK_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_CRASH_RECORDED_DISK_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace formfuzz {

// By path; what a disk holds.
using DiskImage = std::map<std::string, std::string, std::less<>>;

struct DiskEvent {
  enum class Kind : uint8_t { kWrite, kTruncate, kSync, kRemove, kPromise };
  Kind kind;
  std::string path;   // of no file: a promise
  uint64_t at = 0;    // offset of a write, size of a truncation, promise
  std::string bytes;  // written
};

// Does to an image what the event did to the disk; promises and syncs do
// nothing.
void Apply(const DiskEvent& event, DiskImage& image);

class RecordedDisk {
 public:
  RecordedDisk() = default;
  // One that holds `image` from the start, all of it durable.
  explicit RecordedDisk(DiskImage image)
      : first_(image), now_(std::move(image)) {}

  bool Exists(std::string_view path) const { return now_.contains(path); }
  // Null: there is no such file.
  const std::string* Find(std::string_view path) const;

  // Makes the file if it is not there.
  void Write(std::string_view path, uint64_t offset, std::string_view bytes);
  void Truncate(std::string_view path, uint64_t size);
  void Sync(std::string_view path);
  void Remove(std::string_view path);

  // From now on `state`, a digest of what the component holds, must come back
  // after every crash; until the next promise, or what the next one promises.
  void Promise(uint64_t state);

  const DiskImage& first() const { return first_; }
  const std::vector<DiskEvent>& events() const { return events_; }

 private:
  void Do(DiskEvent event);

  DiskImage first_;
  DiskImage now_;
  std::vector<DiskEvent> events_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_CRASH_RECORDED_DISK_H_
