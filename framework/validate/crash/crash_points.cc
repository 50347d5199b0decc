// SPDX-License-Identifier: Apache-2.0
// Every moment of a recording, and what could be left of it.
#include "framework/validate/crash/crash_points.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/base/text.h"

namespace formfuzz {
namespace {

using Kind = DiskEvent::Kind;

// Of each write among the first `events`: whether a sync of its file follows.
std::vector<bool> Synced(std::span<const DiskEvent> events) {
  std::vector<bool> synced(events.size(), true);
  std::map<std::string_view, bool> sync_follows;
  for (size_t i = events.size(); i-- > 0;) {
    if (events[i].kind == Kind::kSync) sync_follows[events[i].path] = true;
    if (events[i].kind == Kind::kWrite) {
      synced[i] = sync_follows[events[i].path];
    }
  }
  return synced;
}

std::string_view NameOf(CrashKind kind) {
  switch (kind) {
    case CrashKind::kProcessDies:
      return "the process dies";
    case CrashKind::kUnsyncedIsLost:
      return "power fails and takes all that is not synced";
    case CrashKind::kLastIsLost:
      return "power fails and takes the last write";
    case CrashKind::kLastIsTorn:
      return "power fails and tears the last write";
  }
  return "";
}

// The promises that may be kept after a crash: the last one before it, and
// the one whose writes may have been under way.
struct Promises {
  std::optional<uint64_t> last;
  std::optional<uint64_t> next;
};

Promises PromisesAt(const RecordedDisk& disk, size_t events) {
  Promises promises;
  for (size_t i = 0; i < disk.events().size(); ++i) {
    if (disk.events()[i].kind != Kind::kPromise) continue;
    if (i < events) {
      promises.last = disk.events()[i].at;
    } else {
      promises.next = disk.events()[i].at;
      break;
    }
  }
  return promises;
}

}  // namespace

DiskImage ImageAfterCrash(const RecordedDisk& disk, size_t events,
                          CrashKind kind) {
  const std::span<const DiskEvent> before =
      std::span(disk.events()).first(events);
  const std::vector<bool> synced = Synced(before);
  const auto last = static_cast<size_t>(
      std::find(synced.rbegin(), synced.rend(), false) - synced.rbegin());
  DiskImage image = disk.first();
  for (size_t i = 0; i < events; ++i) {
    const bool is_last = last < events && i == events - 1 - last;
    if (synced[i] || kind == CrashKind::kProcessDies ||
        (kind != CrashKind::kUnsyncedIsLost && !is_last)) {
      Apply(before[i], image);
    } else if (kind == CrashKind::kLastIsTorn) {
      DiskEvent half = before[i];
      half.bytes.resize(half.bytes.size() / 2);
      Apply(half, image);
    }
  }
  return image;
}

std::string CrashPoints::JudgeImage(const RecordedDisk& disk, size_t events,
                                    CrashKind kind, const Reopen& reopen) {
  const Promises promises = PromisesAt(disk, events);
  if (!promises.last.has_value()) return {};  // nothing was promised yet
  const std::vector<bool> synced =
      Synced(std::span(disk.events()).first(events));
  const bool all_synced =
      std::find(synced.begin(), synced.end(), false) == synced.end();
  if (all_synced && kind != CrashKind::kProcessDies) return {};  // the same
  ++images_tried_;
  const absl::StatusOr<uint64_t> found =
      reopen(ImageAfterCrash(disk, events, kind));
  const std::string when = Concat("when ", NameOf(kind), " before event ",
                                  events, " of ", disk.events().size());
  if (!found.ok()) {
    return Concat(
        when, ", it cannot be opened: ", std::string(found.status().message()));
  }
  if (*found == promises.last || *found == promises.next) return {};
  return Concat(when,
                ", it holds neither what was acknowledged last nor what "
                "was being done");
}

std::string CrashPoints::Judge(const RecordedDisk& disk, const Reopen& reopen) {
  images_tried_ = 0;
  const size_t images = (disk.events().size() + 1) * kCrashKinds;
  // Rounded up, and odd: it meets every kind.
  const size_t stride = (images + images_max_ - 1) / images_max_ | 1;
  for (size_t i = choice_ % stride; i < images; i += stride) {
    std::string broken = JudgeImage(
        disk, i / kCrashKinds, static_cast<CrashKind>(i % kCrashKinds), reopen);
    if (!broken.empty()) return broken;
  }
  return {};
}

}  // namespace formfuzz
