// SPDX-License-Identifier: Apache-2.0
// The laws of a domain, checkable for any domain in one line:
//
//   EXPECT_TRUE(CheckDomainLaws(MyDomain()).ok());
//
// total, inverse (bytes and text), bounded, deterministic, mutation stays
// inside, shrinking never grows and ends. What the user's equality says does
// not matter: two values are the same if they print and encode the same.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_LAWS_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_LAWS_H_

#include <string>

#include "absl/status/status.h"
#include "framework/base/text.h"
#include "framework/domain/domain.h"

namespace formfuzz {

struct LawOptions {
  uint64_t seed = 1;
  int rounds = 500;                  // random inputs tried
  size_t input_bytes_max = 256;      // of each
  size_t arena_bytes_max = 1 << 20;  // that one decode may use
  int shrinks_max = 20'000;          // candidates before "does not end"
};

namespace internal {

template <IsDomain D>
class LawChecker {
 public:
  LawChecker(const D& domain, const LawOptions& options)
      : domain_(domain), options_(options), random_(options.seed) {}

  absl::Status Run() {
    for (int round = 0; round < options_.rounds && status_.ok(); ++round) {
      arena_.Reset();
      const std::string bytes = RandomBytes(round);
      const ReprOf<D> repr = CheckTotal(bytes);
      CheckInverse(repr);
      CheckText(repr);
      CheckMutation(repr);
      if (round % 16 == 0) CheckShrink(repr);
    }
    return status_;
  }

 private:
  using Repr = ReprOf<D>;

  std::string RandomBytes(int round) {
    const size_t bound = options_.input_bytes_max + 1;
    std::string bytes(round == 0 ? 0 : random_.Below(bound), '\0');
    const bool small = random_.OneIn(2);  // small numbers reach more shapes
    for (char& byte : bytes) {
      byte = static_cast<char>(small ? random_.Below(8) : random_.Next());
    }
    return bytes;
  }
  std::string EncodeToText(const Repr& repr) const {
    ByteSink out;
    domain_.Encode(repr, out);
    return std::string(AsText(out.bytes()));
  }
  std::string PrintToText(const Repr& repr) const {
    TextSink out;
    domain_.Print(repr, out);
    return out.Take();
  }
  Repr Decode(const std::string& bytes) {
    ByteSource in(AsBytes(arena_.Copy(bytes)), arena_);
    return domain_.Decode(in);
  }
  void Expect(bool holds, std::string_view law, const Repr& repr) {
    if (holds || !status_.ok()) return;
    status_ = absl::FailedPreconditionError(
        Concat("law '", law, "' broken by ", PrintToText(repr)));
  }

  Repr CheckTotal(const std::string& bytes) {
    const size_t before = arena_.used();
    Repr repr = Decode(bytes);
    Expect(arena_.used() - before <= options_.arena_bytes_max, "bounded", repr);
    Expect(EncodeToText(repr) == EncodeToText(Decode(bytes)), "deterministic",
           repr);
    return repr;
  }
  void CheckInverse(const Repr& repr) {
    const std::string bytes = EncodeToText(repr);
    Expect(bytes.size() >= domain_.BytesMin(), "BytesMin", repr);
    const Repr again = Decode(bytes);
    Expect(
        EncodeToText(again) == bytes && PrintToText(again) == PrintToText(repr),
        "Decode(Encode(v)) == v", repr);
  }
  void CheckText(const Repr& repr) {
    TextSource in(arena_.Copy(PrintToText(repr)), arena_);
    Repr parsed = Decode("");
    const bool ok = domain_.Parse(in, &parsed) && in.AtLineEnd();
    Expect(ok, Concat("Print is parsed (", in.error(), ")"), repr);
    Expect(EncodeToText(parsed) == EncodeToText(repr), "Parse(Print(v)) == v",
           repr);
  }
  void CheckMutation(const Repr& repr) {
    Mutation mutation(random_, arena_);
    Repr mutated = repr;
    domain_.Mutate(mutated, mutation);
    const std::string bytes = EncodeToText(mutated);
    Expect(EncodeToText(Decode(bytes)) == bytes, "Mutate stays inside",
           mutated);
    CheckText(mutated);
  }
  void CheckShrink(const Repr& repr) {
    int offered = 0;
    Repr smallest = repr;
    size_t size = EncodeToText(repr).size();
    const auto accept = [&](const Repr& candidate) {
      const size_t next = EncodeToText(candidate).size();
      Expect(next <= size, "Shrink never grows", candidate);
      ++offered;
      const bool take = random_.OneIn(2) && next <= size;
      if (take) size = next;
      return take;
    };
    while (offered < options_.shrinks_max &&
           domain_.Shrink(smallest, arena_, accept)) {
    }
    Expect(offered < options_.shrinks_max, "Shrink ends", repr);
    Expect(EncodeToText(smallest).size() <= EncodeToText(repr).size(),
           "Shrink keeps what was accepted", smallest);
  }

  const D& domain_;
  LawOptions options_;
  Random random_;
  Arena arena_;
  absl::Status status_;
};

}  // namespace internal

// The first broken law and the value that breaks it, or OK.
template <IsDomain D>
absl::Status CheckDomainLaws(const D& domain, const LawOptions& options = {}) {
  return internal::LawChecker<D>(domain, options).Run();
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_LAWS_H_
