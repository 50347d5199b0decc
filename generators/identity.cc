// SPDX-License-Identifier: Apache-2.0
// The words for actors and tampering, and how they change.
#include "generators/identity.h"

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace formfuzz {
namespace {

constexpr std::array<std::string_view, kTampers> kTamperWords = {
    "none",           "wrong_key",        "other_request", "bit_flipped",
    "cut_signature",  "second_form",      "nonce_swapped", "expiry_swapped",
    "signer_swapped", "argument_swapped", "truncated",     "trailing_byte",
    "long_text",      "long_list",        "reencoded",     "other_tag",
    "expired",        "future",           "too_long",      "no_window",
    "replayed",       "fast_clock",       "longest_valid", "last_moment"};

constexpr std::array<std::string_view, kSigners> kSignerWords = {
    "alice", "bob",   "carol",   "root",  "alice2",
    "Alice", "owner", "invited", "guest", "newcomer"};

Schema OptionSchema(std::string_view name,
                    std::span<const std::string_view> words) {
  Schema schema{.kind = "option", .name = std::string(name)};
  schema.options.assign(words.begin(), words.end());
  return schema;
}

constexpr std::string_view kTooLongId = "a-name-that-is-longer-than-any-id";

// No id begins like this.
constexpr std::string_view kOwnerPart = "@owner";
constexpr std::string_view kInvitedPart = "@invited";
constexpr std::string_view kGuestPart = "@guest";
constexpr std::string_view kNewcomerPart = "@newcomer";

// The id that a word of a scenario's text stands for.
constexpr std::string_view AccountNamed(std::string_view word) {
  if (word == "too_long") return kTooLongId;
  if (word == "empty") return "";
  if (word == "two_words") return "two words";
  if (word == "owner") return kOwnerPart;
  if (word == "invited") return kInvitedPart;
  if (word == "guest") return kGuestPart;
  if (word == "newcomer") return kNewcomerPart;
  return word;
}

ElementDomain<std::string_view> AccountsOf(
    std::initializer_list<std::string_view> words) {
  std::vector<std::pair<std::string, std::string_view>> accounts;
  for (const std::string_view word : words) {
    accounts.emplace_back(word, AccountNamed(word));
  }
  return OptionOf<std::string_view>(std::move(accounts));
}

}  // namespace

std::optional<Signer> PartNamed(std::string_view account) {
  if (account == kOwnerPart) return Signer::kOwner;
  if (account == kInvitedPart) return Signer::kInvited;
  if (account == kGuestPart) return Signer::kGuest;
  if (account == kNewcomerPart) return Signer::kNewcomer;
  return std::nullopt;
}

// Asked several times a step: compared in place, as a call would take longer.
size_t ActorIndex(std::string_view id) {
  const auto is_id = [id](std::string_view actor) {
    size_t same = 0;
    if (actor.size() != id.size()) return false;
    while (same < id.size() && actor[same] == id[same]) ++same;
    return same == id.size();
  };
  const auto found = std::find_if(kActorIds.begin(), kActorIds.end(), is_id);
  return static_cast<size_t>(found - kActorIds.begin());
}

void SignedByDomain::Mutate(Repr& by, Mutation& mutation) const {
  Random& random = mutation.random();
  switch (random.Below(8)) {
    case 0:
    case 1:
      by.signer = usual_;
      break;
    case 2:
    case 3:
      by.signer = kActive[random.Below(kActive.size())];
      break;
    case 4:
      by.signer = At(random.Below(kSigners));
      break;
    case 5:
      by.tamper = static_cast<Tamper>(random.Below(kTampers));
      break;
    default:
      by.tamper = Tamper::kNone;
      break;
  }
}

bool SignedByDomain::Shrink(Repr& by, Arena&, Accept<Repr> accept) const {
  const auto take = [&](SignedBy candidate) {
    if (candidate == by || !accept(candidate)) return false;
    by = candidate;
    return true;
  };
  if (take({by.signer, Tamper::kNone})) return true;
  for (uint64_t earlier = 0; earlier < Position(by.signer); ++earlier) {
    if (take({At(earlier), by.tamper})) return true;
  }
  return false;
}

void SignedByDomain::Print(const Repr& by, TextSink& out) const {
  out.Put(kSignerWords[static_cast<size_t>(by.signer)]);
  if (by.tamper == Tamper::kNone) return;
  out.Put(" tampered ").Put(kTamperWords[static_cast<size_t>(by.tamper)]);
}

// The form in which a schema alone prints it, when a corpus is brought over.
bool SignedByDomain::ParseFields(TextSource& in, Repr* by) const {
  size_t signer = 0;
  size_t tamper = 0;
  const bool parsed = in.TryWord("signer") && in.Expect(":") &&
                      in.ParseOption(kSignerWords, &signer) && in.Expect(",") &&
                      in.TryWord("tamper") && in.Expect(":") &&
                      in.ParseOption(kTamperWords, &tamper) && in.Expect("}");
  if (!parsed) return in.Fail("signer: …, tamper: …");
  *by = {static_cast<Signer>(signer), static_cast<Tamper>(tamper)};
  return true;
}

bool SignedByDomain::Parse(TextSource& in, Repr* by) const {
  if (in.TryPunctuation("{")) return ParseFields(in, by);
  size_t index = 0;
  if (!in.ParseOption(kSignerWords, &index)) return false;
  *by = {static_cast<Signer>(index), Tamper::kNone};
  if (!in.TryWord("tampered")) return true;
  if (!in.ParseOption(kTamperWords, &index)) return false;
  by->tamper = static_cast<Tamper>(index);
  return true;
}

// The words as the bytes count them: from the usual signer on.
Schema SignedByDomain::Describe() const {
  std::array<std::string_view, kSigners> signers = kSignerWords;
  std::rotate(signers.begin(), signers.begin() + static_cast<size_t>(usual_),
              signers.end());
  return Schema{.kind = "struct",
                .children = {OptionSchema("signer", signers),
                             OptionSchema("tamper", kTamperWords)}};
}

ElementDomain<std::string_view> AccountIds() {
  // Those that are there stand more than once, and so come more often.
  return AccountsOf({"bob",   "alice",   "carol",    "root",     "alice2",
                     "Alice", "nobody",  "too_long", "empty",    "two_words",
                     "owner", "invited", "guest",    "newcomer", "bob",
                     "alice", "carol",   "owner",    "invited",  "guest",
                     "bob",   "carol",   "owner",    "invited"});
}

ElementDomain<std::string_view> OwnerIds() {
  return AccountsOf({"owner",     "bob",     "alice",   "carol",    "root",
                     "alice2",    "Alice",   "nobody",  "too_long", "empty",
                     "two_words", "invited", "guest",   "newcomer", "owner",
                     "invited",   "owner",   "invited", "guest",    "owner",
                     "newcomer",  "root"});
}

ElementDomain<std::string_view> NewAccountIds() {
  return AccountsOf({"alice2", "Alice", "nobody", "bob", "too_long", "empty",
                     "alice2", "Alice"});
}

}  // namespace formfuzz
