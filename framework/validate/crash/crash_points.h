// SPDX-License-Identifier: Apache-2.0
// Crash consistency: stop between any two writes, reopen, judge.
//
// Of every moment of a recorded disk several disks are tried: the process
// died (all writes are there); power failed (of each file only what was synced
// is there, or that and all later writes but the last, or half of the last).
// Each must open, and hold what was promised last before the crash, or what
// was being done: what the next promise says. Files that are removed or cut
// short are taken to be so at once: the order of writes to different files is
// kept, except for those that power failure takes.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_CRASH_CRASH_POINTS_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_CRASH_CRASH_POINTS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "framework/validate/crash/recorded_disk.h"

namespace formfuzz {

enum class CrashKind : uint8_t {
  kProcessDies,
  kUnsyncedIsLost,
  kLastIsLost,  // of the writes that are not synced
  kLastIsTorn,  // only its first half is there
};
inline constexpr size_t kCrashKinds = 4;

// What the disk holds after a crash before event `events`; of all but a dead
// process, what was not synced may be gone.
DiskImage ImageAfterCrash(const RecordedDisk& disk, size_t events,
                          CrashKind kind);

class CrashPoints {
 public:
  // Opens what is on the image and tells its state as a promise would.
  using Reopen = std::function<absl::StatusOr<uint64_t>(DiskImage image)>;

  // At most that many images are tried, spread over all moments; `choice`
  // moves where the spread begins.
  explicit CrashPoints(size_t images_max = 1 << 16, uint64_t choice = 0)
      : images_max_(images_max), choice_(choice) {}

  // Empty if every crash is survived, else the first that is not.
  std::string Judge(const RecordedDisk& disk, const Reopen& reopen);

  size_t images_tried() const { return images_tried_; }

 private:
  std::string JudgeImage(const RecordedDisk& disk, size_t events,
                         CrashKind kind, const Reopen& reopen);

  size_t images_max_;
  uint64_t choice_;
  size_t images_tried_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_CRASH_CRASH_POINTS_H_
