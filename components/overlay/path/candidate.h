// SPDX-License-Identifier: Apache-2.0
// Where a peer may be reached directly, and with what it lets itself be
// checked: the vocabulary of ICE (RFC 8445), without components and
// foundations, since there is one socket.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_PATH_CANDIDATE_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_PATH_CANDIDATE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "components/overlay/wire/endpoint.h"

namespace overlay {

inline constexpr size_t kCandidatesMax = 8;  // of one peer
inline constexpr size_t kPasswordBytes = 16;

// Best first.
enum class CandidateKind : uint8_t {
  kHost,             // an address of the machine itself
  kServerReflexive,  // what the STUN server sees
  kPeerReflexive,    // what the peer saw
};

struct Candidate {
  Endpoint endpoint;
  CandidateKind kind = CandidateKind::kHost;

  friend bool operator==(const Candidate&, const Candidate&) = default;
};

// Each endpoint once; what does not fit is left out.
class CandidateList {
 public:
  // False where it is full, or holds the endpoint already.
  bool Add(const Candidate& candidate) {
    if (size_ == kCandidatesMax || Holds(candidate.endpoint)) return false;
    list_[size_++] = candidate;
    return true;
  }
  void Clear() { size_ = 0; }
  bool Holds(const Endpoint& endpoint) const {
    return std::any_of(begin(), end(), [&](const Candidate& known) {
      return known.endpoint == endpoint;
    });
  }
  const Candidate* begin() const { return list_.data(); }
  const Candidate* end() const { return list_.data() + size_; }
  size_t size() const { return size_; }

  friend bool operator==(const CandidateList& a, const CandidateList& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  std::array<Candidate, kCandidatesMax> list_{};
  size_t size_ = 0;
};

// What an end is asked with: the name says whom a check is for, the password
// proves that it is from somebody who was told.
struct Credentials {
  uint32_t name = 0;
  std::array<uint8_t, kPasswordBytes> password{};

  friend bool operator==(const Credentials&, const Credentials&) = default;
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_PATH_CANDIDATE_H_
