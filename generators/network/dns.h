// SPDX-License-Identifier: Apache-2.0
// DNS answers (RFC 1035) to a query at hand: right in all, or wrong in what
// each field says about another: counts, lengths, pointers, ends.
//
// What a message holds is decoded as views; WriteDnsAnswer makes the bytes.
// Zero bytes are an honest answer without records.
#ifndef FORMFUZZ_GENERATORS_NETWORK_DNS_H_
#define FORMFUZZ_GENERATORS_NETWORK_DNS_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "framework/base/bytes.h"
#include "framework/domain/arbitrary.h"
#include "generators/mostly_first.h"

namespace formfuzz {

inline constexpr size_t kDnsHeaderBytes = 12;
inline constexpr size_t kDnsMessageBytesMax = 65535;

enum class DnsType : uint16_t {
  kA = 1,
  kNs = 2,
  kCname = 5,
  kSoa = 6,
  kPtr = 12,
  kMx = 15,
  kTxt = 16,
  kAaaa = 28,
  kSrv = 33,
  kNaptr = 35,
  kOpt = 41,
  kUri = 256,
  kCaa = 257,
  kAny = 255,
};
ElementDomain<DnsType> DnsTypes();

enum class DnsCode : uint8_t {
  kNoError,
  kFormErr,
  kServFail,
  kNxDomain,
  kNotImp,
  kRefused,
};

// Where a name stands, and how it ends.
enum class DnsNameForm : uint8_t {
  kQuestion,      // a pointer to the question's name
  kLabels,        // its own labels and a root
  kThenQuestion,  // its own labels, then that pointer
  kItself,        // a pointer to where it stands
  kPastTheEnd,    // a pointer out of the message
  kForward,       // a pointer to what follows it
  kLongLabel,     // a label that claims more bytes than are left
  kReserved,      // a label of a kind that there is not
  kNoRoot,        // labels, and no end
};
struct DnsName {
  DnsNameForm form;
  std::span<const std::string_view> labels;  // of up to 63 bytes
};

enum class DnsLength : uint8_t {
  kRight,
  kOneLess,
  kOneMore,
  kZero,
  kPastTheEnd,
  kLargest,
};

struct DnsRecord {
  DnsName name;
  DnsType type;
  uint32_t ttl;
  DnsName target;         // of types that name something
  uint16_t preference;    // of MX, SRV, NAPTR, URI; flags of CAA
  std::string_view text;  // addresses' bytes, strings of the others
  DnsLength length;       // of the data, as the record claims it
};

enum class DnsQuestion : uint8_t { kEchoed, kNone, kTwice, kOther, kCutShort };
enum class DnsCount : uint8_t { kRight, kOneMore, kOneLess, kLargest };
enum class DnsEnd : uint8_t { kWhole, kCut, kTrailing, kTruncatedFlag };

struct DnsAnswer {
  DnsCode code;
  DnsQuestion question;
  std::span<const DnsRecord> records;
  DnsCount count;
  uint8_t authorities;  // so many of the records' last are of that section
  bool opt;             // an OPT record at the end (EDNS)
  DnsEnd end;
  uint16_t cut;  // bytes left out or added
};

inline auto DnsLabels() {
  return InRegexp<std::string_view>(
      "[a-c*_-]|www|[a-z]{1,3}|x{63}|[\\x00-\\xff]");
}
inline auto DnsNames() {
  return StructOf<DnsName>(MostlyFirst<DnsNameForm>(),
                           SpanOf(DnsLabels()).WithMaxSize(5));
}
inline auto DnsRecords() {
  return StructOf<DnsRecord>(
      DnsNames(), DnsTypes(),
      ElementOf<uint32_t>({60, 0, 1, 0x7fffffff, 0xffffffff}), DnsNames(),
      Arbitrary<uint16_t>(), BytesString<std::string_view>().WithMaxSize(40),
      MostlyFirst<DnsLength>());
}
inline auto DnsAnswers() {
  return StructOf<DnsAnswer>(
      MostlyFirst<DnsCode>(), MostlyFirst<DnsQuestion>(),
      SpanOf(DnsRecords()).WithMaxSize(6), MostlyFirst<DnsCount>(),
      ElementOf<uint8_t>({0, 0, 0, 1, 2}), BoolDomain(), MostlyFirst<DnsEnd>(),
      ElementOf<uint16_t>({1, 2, 4, 9, 16, 100, 600}));
}

// Nothing about it contradicts itself, as far as it has records: a resolver
// must take it for what it is.
bool IsHonest(const DnsAnswer& answer);
// The data that the record carries, when its text is an address of `size`
// bytes: cut, or filled with zeros.
std::vector<uint8_t> DnsAddress(const DnsRecord& record, size_t size);

// The answer to `query`, a DNS message with one question: its id and question
// are taken from there. Appended to `out`.
void WriteDnsAnswer(const DnsAnswer& answer, Bytes query,
                    std::vector<uint8_t>& out);

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_NETWORK_DNS_H_
