// SPDX-License-Identifier: Apache-2.0
// A descriptor with one owner, and one mapping with one owner.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_SANDBOX_UNIQUE_FD_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_SANDBOX_UNIQUE_FD_H_

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <utility>

namespace formfuzz::campaign {

class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~UniqueFd() { reset(); }

  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }
  void reset() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

// Memory shared by descriptor.
class Mapping {
 public:
  Mapping() = default;
  Mapping(int fd, size_t size)
      : at_(mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)),
        size_(size) {}
  Mapping(Mapping&& other) noexcept
      : at_(std::exchange(other.at_, MAP_FAILED)), size_(other.size_) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(at_, other.at_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Mapping() {
    if (ok()) munmap(at_, size_);
  }

  bool ok() const { return at_ != MAP_FAILED; }
  size_t size() const { return size_; }
  template <class T>
  T* as() const {
    return static_cast<T*>(at_);
  }

 private:
  void* at_ = MAP_FAILED;
  size_t size_ = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_SANDBOX_UNIQUE_FD_H_
