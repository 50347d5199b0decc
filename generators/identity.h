// SPDX-License-Identifier: Apache-2.0
// Who acts in scenarios on the VM manager, and what is wrong with what they
// sign.
//
// A request is tampered with on purpose and by name, so whoever plays the
// scenario knows what must become of it. Zero bytes are the plain case: alice,
// with nothing wrong.
#ifndef FORMFUZZ_GENERATORS_IDENTITY_H_
#define FORMFUZZ_GENERATORS_IDENTITY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "framework/domain/choices.h"
#include "framework/domain/domain.h"

namespace formfuzz {

// Everybody who may sign. The last two are mistaken for alice by whoever
// compares ids by prefix or without regard to case.
enum class Actor : uint8_t { kAlice, kBob, kCarol, kRoot, kAlice2, kBigAlice };
inline constexpr size_t kActors = 6;
inline constexpr std::array<std::string_view, kActors> kActorIds = {
    "alice", "bob", "carol", "root", "alice2", "Alice"};

constexpr std::string_view IdOf(Actor actor) {
  return kActorIds[static_cast<size_t>(actor)];
}
// The actor of that id, or kActors as an index if it is nobody's.
size_t ActorIndex(std::string_view id);

// Who signs, in a scenario: an actor, or whoever plays a part in the VM that
// the request is about, which gets scenarios of random bytes further.
enum class Signer : uint8_t {
  kAlice,
  kBob,
  kCarol,
  kRoot,
  kAlice2,
  kBigAlice,
  kOwner,     // who owns it; alice where there is none
  kInvited,   // whom it is on offer to; bob where it is not
  kGuest,     // the first to hold a grant on it; carol where nobody does
  kNewcomer,  // whose account was added last; alice2 where none was
};
inline constexpr size_t kSigners = 10;

// What is done to a request, and what must become of it.
enum class Tamper : uint8_t {
  kNone,
  // The signature does not belong to the bytes sent: bad_signature.
  kWrongKey,         // of somebody else's key
  kOtherRequest,     // of another request of the signer, an earlier one if any
  kBitFlipped,       // one bit changed
  kCutSignature,     // its second half missing
  kSecondForm,       // S + L for S: the same point, written differently
  kNonceSwapped,     // the nonce changed after signing
  kExpirySwapped,    // the end of validity moved after signing
  kSignerSwapped,    // says another signer than who signed
  kArgumentSwapped,  // an argument changed after signing
  // Not canonical bytes, but signed as they are: malformed.
  kTruncated,     // the last byte missing
  kTrailingByte,  // one byte more
  kLongText,      // a text said to be longer than what follows
  kLongList,      // a list said to be longer than lists can be
  kReencoded,     // a flag, or the operation, by a number that means nothing
  kOtherTag,      // signed for another purpose
  // In order, and signed, but not in time.
  kExpired,   // ends now: expired
  kFuture,    // issued one millisecond past the skew allowed: future
  kTooLong,   // valid for one millisecond too long: invalid_window
  kNoWindow,  // ends when it begins: invalid_window
  kReplayed,  // with a nonce that the signer has used: replayed
  // Just within the limits: accepted.
  kFastClock,     // issued as far ahead as the skew allows
  kLongestValid,  // valid for as long as allowed
  kLastMoment,    // ends one millisecond from now
};
inline constexpr size_t kTampers = 24;

// Who signs and how it is tampered with.
struct SignedBy {
  Signer signer = Signer::kAlice;
  Tamper tamper = Tamper::kNone;

  friend bool operator==(const SignedBy&, const SignedBy&) = default;
};

// Text: alice, or alice tampered nonce_swapped. Bytes: one for the signer,
// counted from the usual one, and one for the tampering, which most values
// leave alone, so that scenarios of random bytes get somewhere.
class SignedByDomain {
 public:
  using Value = SignedBy;
  using Repr = SignedBy;

  // `usual`: who would normally sign such a request.
  explicit SignedByDomain(Signer usual = Signer::kAlice) : usual_(usual) {}

  Repr Decode(ByteSource& in) const {
    const uint64_t signer = in.Fixed<1>();
    const uint64_t tamper = in.Fixed<1>();
    return {signer < kSigners ? At(signer) : kActive[signer % kActive.size()],
            static_cast<Tamper>(tamper < kTampers ? tamper : 0)};
  }
  void Encode(const Repr& by, ByteSink& out) const {
    out.Fixed<1>(Position(by.signer));
    out.Fixed<1>(static_cast<uint64_t>(by.tamper));
  }
  const Value& Get(const Repr& by) const { return by; }
  size_t BytesMin() const { return 2; }

  void Mutate(Repr& by, Mutation& mutation) const;
  bool Shrink(Repr& by, Arena& arena, Accept<Repr> accept) const;
  void Print(const Repr& by, TextSink& out) const;
  bool Parse(TextSource& in, Repr* by) const;
  Schema Describe() const;

 private:
  bool ParseFields(TextSource& in, Repr* by) const;

  // Those who are there and have something.
  static constexpr std::array<Signer, 16> kActive = {
      Signer::kOwner,   Signer::kInvited,  Signer::kGuest, Signer::kRoot,
      Signer::kAlice,   Signer::kBob,      Signer::kCarol, Signer::kOwner,
      Signer::kInvited, Signer::kNewcomer, Signer::kGuest, Signer::kRoot,
      Signer::kOwner,   Signer::kNewcomer, Signer::kGuest, Signer::kOwner};

  Signer At(uint64_t position) const {
    return static_cast<Signer>((position + static_cast<uint64_t>(usual_)) %
                               kSigners);
  }
  uint64_t Position(Signer signer) const {
    return (static_cast<uint64_t>(signer) + kSigners -
            static_cast<uint64_t>(usual_)) %
           kSigners;
  }

  Signer usual_;
};

// An account acted upon: an actor's id, one that no account can have, or a
// part that somebody plays, to be looked up by whoever plays the scenario.
ElementDomain<std::string_view> AccountIds();
// The same, the owner first.
ElementDomain<std::string_view> OwnerIds();
// Whose part that is; none where it is an id.
std::optional<Signer> PartNamed(std::string_view account);
// Ids alone, those first that do not exist yet.
ElementDomain<std::string_view> NewAccountIds();

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_IDENTITY_H_
