// SPDX-License-Identifier: Apache-2.0
// Where carol has said to one member that she is, and what that asked her
// there.
//
// Of two lists the one with the higher number counts; of two with the same one,
// what is in both. A peer-reflexive place is none that she may name.
#ifndef FORMFUZZ_HARNESSES_NETWORKING_CAROL_CAROL_PATHS_H_
#define FORMFUZZ_HARNESSES_NETWORKING_CAROL_CAROL_PATHS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "components/overlay/wire/frame.h"
#include "components/overlay/wire/stun.h"
#include "harnesses/networking/pace.h"

namespace formfuzz {

class CarolPaths {
 public:
  using Endpoint = overlay::Endpoint;

  // Where she asks from, where she named nothing.
  static constexpr Endpoint kElsewhere{0xc6130001, 41'000};  // 198.19.0.1
  static constexpr uint16_t kElsewhereMax = 20;  // ports, from there
  static Endpoint Elsewhere(uint8_t number) {
    const auto port = kElsewhere.port + number % kElsewhereMax;
    return {kElsewhere.address, static_cast<uint16_t>(port)};
  }
  static bool IsElsewhere(const Endpoint& place) {
    return place.address == kElsewhere.address;
  }

  // Her stream begins anew, and with it the numbers.
  void Begin();
  // True where this list takes the place of those before.
  bool Named(const overlay::CandidatesFrame& frame);
  const std::vector<overlay::Candidate>& places() const { return places_; }
  bool Names(const Endpoint& place) const;
  // What is in one of two lists with the same number may be of any kind.
  bool KnowsKindOf(const Endpoint& place) const {
    return Names(place) || IsElsewhere(place);
  }
  // The member is asked with these: others, since its last session ended.
  void NoteOwn(const overlay::Credentials& own);
  // She asks from there: true where the member knows how to ask back, and she
  // is the first newcomer of the session.
  bool IsFirstNewcomer(const Endpoint& from);
  // How good a place is; one that she does not name is the worst.
  overlay::CandidateKind KindOf(const Endpoint& place) const;
  const overlay::Credentials& credentials() const { return credentials_; }

  // A question of STUN's goes there.
  void NoteAsked(const Endpoint& to, overlay::Bytes question, int64_t now_ms);
  bool WasAsked(const Endpoint& place, int64_t since_ms) const;
  // Since then, in whichever stream: a path stays one when it begins anew.
  bool HasAnswered(const Endpoint& place, int64_t since_ms) const;
  // An answer from there counted; or it may have, or one from elsewhere.
  void NoteCounted(const Endpoint& place, bool surely, int64_t now_ms);
  // It answered, and should have been asked again by now.
  bool IsAskedLate(const Endpoint& place, int64_t now_ms) const;
  // The question there, which is answered now; nothing where none is open.
  std::optional<overlay::Transaction> TakeQuestion(const Endpoint& place,
                                                   int64_t now_ms);

 private:
  struct Asked {
    Endpoint place;
    int64_t at_ms = 0;
    std::optional<overlay::Transaction> open;
    std::optional<int64_t> answered_ms;
    Repetition again;
  };
  std::vector<Asked>::iterator Find(const Endpoint& place);

  uint32_t number_ = 0;
  overlay::Credentials credentials_;
  overlay::Credentials own_;   // the member's, while the session is the same
  bool is_known_ = false;      // she has named places in it
  bool had_newcomer_ = false;  // in it
  std::vector<overlay::Candidate> places_;
  std::vector<Asked> asked_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_CAROL_CAROL_PATHS_H_
