// SPDX-License-Identifier: Apache-2.0
// SQLite's C interfaces, each a line or two over a RecordedDisk.
#include "harnesses/vm_store/recorded_vfs.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

namespace formfuzz {
namespace {

constexpr int kPathBytesMax = 64;
constexpr char kDatabase[] = "state.db";
// 2023-11-14T22:13:20Z in milliseconds of the Julian day, as SQLite counts.
constexpr sqlite3_int64 kNow = 212'566'558'400'000;

struct RecordedFile {
  sqlite3_file base;  // first, as SQLite wants it
  RecordedVfs* vfs;
  char path[kPathBytesMax];
  bool is_temporary;
};

RecordedFile& Open(sqlite3_file* file) {
  return *reinterpret_cast<RecordedFile*>(file);
}
RecordedDisk& DiskOf(sqlite3_file* file) { return Open(file).vfs->disk(); }
RecordedVfs& Self(sqlite3_vfs* vfs) {
  return *static_cast<RecordedVfs*>(vfs->pAppData);
}

int Close(sqlite3_file* file) {
  if (Open(file).is_temporary) DiskOf(file).Remove(Open(file).path);
  return SQLITE_OK;
}

int Read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  const std::string* content = DiskOf(file).Find(Open(file).path);
  const auto at = static_cast<size_t>(offset);
  const auto wanted = static_cast<size_t>(size);
  const size_t there = content == nullptr || content->size() < at
                           ? 0
                           : std::min(wanted, content->size() - at);
  if (there > 0) std::memcpy(out, content->data() + at, there);
  std::memset(static_cast<char*>(out) + there, 0, wanted - there);
  return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* file, const void* bytes, int size,
          sqlite3_int64 offset) {
  DiskOf(file).Write(
      Open(file).path, static_cast<uint64_t>(offset),
      {static_cast<const char*>(bytes), static_cast<size_t>(size)});
  return SQLITE_OK;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  DiskOf(file).Truncate(Open(file).path, static_cast<uint64_t>(size));
  return SQLITE_OK;
}

int Sync(sqlite3_file* file, int) {
  if (!Open(file).vfs->lies()) DiskOf(file).Sync(Open(file).path);
  return SQLITE_OK;
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  const std::string* content = DiskOf(file).Find(Open(file).path);
  *size = content == nullptr ? 0 : static_cast<sqlite3_int64>(content->size());
  return SQLITE_OK;
}

int Lock(sqlite3_file*, int) { return SQLITE_OK; }
int CheckReservedLock(sqlite3_file*, int* is_reserved) {
  *is_reserved = 0;
  return SQLITE_OK;
}
int FileControl(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int SectorSize(sqlite3_file*) { return 512; }
int DeviceCharacteristics(sqlite3_file*) { return 0; }

// Version 1: no shared memory, which exclusive locking does without.
constexpr sqlite3_io_methods kMethods = {
    .iVersion = 1,
    .xClose = Close,
    .xRead = Read,
    .xWrite = Write,
    .xTruncate = Truncate,
    .xSync = Sync,
    .xFileSize = FileSize,
    .xLock = Lock,
    .xUnlock = Lock,
    .xCheckReservedLock = CheckReservedLock,
    .xFileControl = FileControl,
    .xSectorSize = SectorSize,
    .xDeviceCharacteristics = DeviceCharacteristics,
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int OpenFile(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
             int* flags_out) {
  auto* opened = new (file) RecordedFile{};
  opened->vfs = &Self(vfs);
  opened->is_temporary = path == nullptr;
  std::strncpy(opened->path, path == nullptr ? "temporary" : path,
               kPathBytesMax - 1);
  RecordedDisk& disk = opened->vfs->disk();
  if (!disk.Exists(opened->path)) {
    if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    disk.Truncate(opened->path, 0);
  }
  if (flags_out != nullptr) *flags_out = flags;
  opened->base.pMethods = &kMethods;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* path, int) {
  Self(vfs).disk().Remove(path);
  return SQLITE_OK;
}

int Access(sqlite3_vfs* vfs, const char* path, int, int* is_there) {
  *is_there = Self(vfs).disk().Exists(path);
  return SQLITE_OK;
}

int FullPathname(sqlite3_vfs*, const char* path, int size, char* out) {
  return sqlite3_snprintf(size, out, "%s", path) != nullptr ? SQLITE_OK
                                                            : SQLITE_CANTOPEN;
}

int Randomness(sqlite3_vfs*, int size, char* out) {
  std::memset(out, 42, static_cast<size_t>(size));
  return size;
}

int Sleep(sqlite3_vfs*, int microseconds) { return microseconds; }

int CurrentTime(sqlite3_vfs*, double* days) {
  *days = static_cast<double>(kNow) / 86'400'000.0;
  return SQLITE_OK;
}

}  // namespace

RecordedVfs::RecordedVfs(RecordedDisk& disk, bool lies)
    : disk_(disk), lies_(lies) {
  vfs_.iVersion = 1;
  vfs_.szOsFile = sizeof(RecordedFile);
  vfs_.mxPathname = kPathBytesMax;
  vfs_.zName = "recorded";
  vfs_.pAppData = this;
  vfs_.xOpen = OpenFile;
  vfs_.xDelete = Delete;
  vfs_.xAccess = Access;
  vfs_.xFullPathname = FullPathname;
  vfs_.xRandomness = Randomness;
  vfs_.xSleep = Sleep;
  vfs_.xCurrentTime = CurrentTime;
}

// The default only while the store is opened: a database keeps its own.
absl::StatusOr<std::unique_ptr<vm_manager::SqliteStore>> RecordedVfs::Open() {
  sqlite3_vfs_register(&vfs_, 1);
  auto store = vm_manager::SqliteStore::Open(kDatabase);
  sqlite3_vfs_unregister(&vfs_);
  return store;
}

}  // namespace formfuzz
