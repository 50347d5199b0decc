// SPDX-License-Identifier: Apache-2.0
// Files that cannot be opened, read, written or kept. The manual pages are
// those of section 2, and fopen(3), fflush(3).
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>

#include "framework/fault/inject/call.h"
#include "framework/fault/injection.h"

namespace formfuzz {
namespace {

constexpr FaultKinds kTransfer = CanDo(FaultKind::kShort, FaultKind::kDelay);

const LibcPoint kOpen{
    "libc.open", {ENOENT, EACCES, EMFILE,  ENOSPC,     EDQUOT,       EEXIST,
                  EFBIG,  EINTR,  EISDIR,  ELOOP,      ENAMETOOLONG, ENFILE,
                  ENODEV, ENOMEM, ENOTDIR, ENXIO,      EOPNOTSUPP,   EOVERFLOW,
                  EPERM,  EROFS,  ETXTBSY, EWOULDBLOCK}};
const LibcPoint kClose{"libc.close", {EIO, EINTR, ENOSPC, EDQUOT}};
const LibcPoint kRead{"libc.read", {EIO, EINTR, EAGAIN, EISDIR}, kTransfer};
const LibcPoint kWrite{
    "libc.write",
    {ENOSPC, EIO, EINTR, EAGAIN, EDQUOT, EFBIG, EPERM, EPIPE, EDESTADDRREQ},
    kTransfer};
const LibcPoint kPread{"libc.pread",
                       {EIO, EINTR, EAGAIN, EISDIR, ENXIO, EOVERFLOW, ESPIPE},
                       kTransfer};
const LibcPoint kPwrite{"libc.pwrite",
                        {ENOSPC, EIO, EINTR, EAGAIN, EDQUOT, EFBIG, ENXIO,
                         EOVERFLOW, EPERM, ESPIPE},
                        kTransfer};
const LibcPoint kFsync{"libc.fsync", {EIO, ENOSPC, EINTR, EROFS, EDQUOT}};
const LibcPoint kFdatasync{"libc.fdatasync",
                           {EIO, ENOSPC, EINTR, EROFS, EDQUOT}};
const LibcPoint kFtruncate{"libc.ftruncate",
                           {EIO, EFBIG, EINTR, EPERM, EROFS, ETXTBSY}};
const LibcPoint kRename{
    "libc.rename",
    {EACCES, ENOSPC, ENOENT, EBUSY, EDQUOT, EISDIR, ELOOP, EMLINK, ENAMETOOLONG,
     ENOMEM, ENOTDIR, ENOTEMPTY, EPERM, EROFS, EXDEV}};
const LibcPoint kUnlink{"libc.unlink",
                        {EACCES, ENOENT, EBUSY, EIO, EISDIR, ELOOP,
                         ENAMETOOLONG, ENOMEM, ENOTDIR, EPERM, EROFS}};
const LibcPoint kMkdir{"libc.mkdir",
                       {EACCES, EEXIST, ENOSPC, EDQUOT, ELOOP, EMLINK,
                        ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EPERM, EROFS}};
const LibcPoint kFopen{
    "libc.fopen",
    {ENOENT, EACCES, EMFILE, ENOMEM, ENOSPC, EINTR, EISDIR, ENFILE, EROFS}};
const LibcPoint kFflush{"libc.fflush",
                        {ENOSPC, EIO, EINTR, EAGAIN, EDQUOT, EFBIG, EPIPE}};

constexpr std::string_view kNames[] = {
    "libc.open",  "libc.close",     "libc.read",   "libc.write",
    "libc.pread", "libc.pwrite",    "libc.fsync",  "libc.fdatasync",
    "libc.fopen", "libc.ftruncate", "libc.rename", "libc.unlink",
    "libc.mkdir", "libc.fflush"};
[[maybe_unused]] const bool added = AddInjectedPoints(kNames);

}  // namespace
}  // namespace formfuzz

using formfuzz::CallOrFail;
using formfuzz::TransferOrFail;

extern "C" {

int __real_open(const char* path, int flags, ...);
int __wrap_open(const char* path, int flags, ...) {
  mode_t mode = 0;
  // O_TMPFILE holds the bit of O_DIRECTORY.
  if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  return CallOrFail(formfuzz::kOpen, -1,
                    [=] { return __real_open(path, flags, mode); });
}
// Linux closes the descriptor whatever it reports.
int __real_close(int fd);
int __wrap_close(int fd) {
  const int closed = __real_close(fd);
  return CallOrFail(formfuzz::kClose, -1, [=] { return closed; });
}
ssize_t __real_read(int fd, void* buffer, size_t size);
ssize_t __wrap_read(int fd, void* buffer, size_t size) {
  return TransferOrFail(formfuzz::kRead, size, [=](size_t part) {
    return __real_read(fd, buffer, part);
  });
}
ssize_t __real_write(int fd, const void* buffer, size_t size);
ssize_t __wrap_write(int fd, const void* buffer, size_t size) {
  return TransferOrFail(formfuzz::kWrite, size, [=](size_t part) {
    return __real_write(fd, buffer, part);
  });
}
ssize_t __real_pread(int fd, void* buffer, size_t size, off_t at);
ssize_t __wrap_pread(int fd, void* buffer, size_t size, off_t at) {
  return TransferOrFail(formfuzz::kPread, size, [=](size_t part) {
    return __real_pread(fd, buffer, part, at);
  });
}
ssize_t __real_pwrite(int fd, const void* buffer, size_t size, off_t at);
ssize_t __wrap_pwrite(int fd, const void* buffer, size_t size, off_t at) {
  return TransferOrFail(formfuzz::kPwrite, size, [=](size_t part) {
    return __real_pwrite(fd, buffer, part, at);
  });
}
int __real_fsync(int fd);
int __wrap_fsync(int fd) {
  return CallOrFail(formfuzz::kFsync, -1, [=] { return __real_fsync(fd); });
}
int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd) {
  return CallOrFail(formfuzz::kFdatasync, -1,
                    [=] { return __real_fdatasync(fd); });
}
int __real_ftruncate(int fd, off_t size);
int __wrap_ftruncate(int fd, off_t size) {
  return CallOrFail(formfuzz::kFtruncate, -1,
                    [=] { return __real_ftruncate(fd, size); });
}
int __real_rename(const char* from, const char* to);
int __wrap_rename(const char* from, const char* to) {
  return CallOrFail(formfuzz::kRename, -1,
                    [=] { return __real_rename(from, to); });
}
int __real_unlink(const char* path);
int __wrap_unlink(const char* path) {
  return CallOrFail(formfuzz::kUnlink, -1, [=] { return __real_unlink(path); });
}
int __real_mkdir(const char* path, mode_t mode);
int __wrap_mkdir(const char* path, mode_t mode) {
  return CallOrFail(formfuzz::kMkdir, -1,
                    [=] { return __real_mkdir(path, mode); });
}
FILE* __real_fopen(const char* path, const char* mode);
FILE* __wrap_fopen(const char* path, const char* mode) {
  return CallOrFail(formfuzz::kFopen, static_cast<FILE*>(nullptr),
                    [=] { return __real_fopen(path, mode); });
}
int __real_fflush(FILE* file);
int __wrap_fflush(FILE* file) {
  return CallOrFail(formfuzz::kFflush, EOF,
                    [=] { return __real_fflush(file); });
}

}  // extern "C"
