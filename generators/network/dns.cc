// SPDX-License-Identifier: Apache-2.0
// Writing answers: honest first, then bent where the message says so.
#include "generators/network/dns.h"

#include <algorithm>

namespace formfuzz {
namespace {

constexpr size_t kQuestionAt = kDnsHeaderBytes;
constexpr size_t kLabelBytesMax = 63;

class Writer {
 public:
  explicit Writer(std::vector<uint8_t>& out) : out_(out), start_(out.size()) {}

  void U8(size_t value) { out_.push_back(static_cast<uint8_t>(value)); }
  void U16(size_t value) {
    U8(value >> 8);
    U8(value);
  }
  void U32(size_t value) {
    U16(value >> 16);
    U16(value);
  }
  void Put(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void PutU16(size_t at, size_t value) {
    out_[start_ + at] = static_cast<uint8_t>(value >> 8);
    out_[start_ + at + 1] = static_cast<uint8_t>(value);
  }
  // A length byte and as much of the text as it can tell.
  void String(std::string_view text) {
    const auto bytes = AsBytes(text.substr(0, 255));
    U8(bytes.size());
    Put(bytes);
  }
  size_t at() const { return out_.size() - start_; }

  void Name(const DnsName& name);
  void Content(const DnsRecord& record);
  void Record(const DnsRecord& record);

 private:
  void Labels(const DnsName& name) {
    for (const std::string_view label : name.labels) {
      const auto bytes = AsBytes(label.substr(0, kLabelBytesMax));
      U8(bytes.size());
      Put(bytes);
    }
  }
  void Pointer(size_t to) { U16(0xc000 | (to & 0x3fff)); }

  std::vector<uint8_t>& out_;
  size_t start_;
};

void Writer::Name(const DnsName& name) {
  const bool only_a_pointer = name.form == DnsNameForm::kQuestion;
  if (!only_a_pointer) Labels(name);
  switch (name.form) {
    case DnsNameForm::kQuestion:
    case DnsNameForm::kThenQuestion:
      return Pointer(kQuestionAt);
    case DnsNameForm::kLabels:
      return U8(0);
    case DnsNameForm::kItself:
      return Pointer(at());
    case DnsNameForm::kPastTheEnd:
      return Pointer(0x3fff);
    case DnsNameForm::kForward:
      return Pointer(at() + 2);
    case DnsNameForm::kLongLabel:
      return U8(kLabelBytesMax);
    case DnsNameForm::kReserved:
      return U8(0x80);
    case DnsNameForm::kNoRoot:
      return;
  }
}

void Writer::Content(const DnsRecord& record) {
  switch (record.type) {
    case DnsType::kA:
      return Put(DnsAddress(record, 4));
    case DnsType::kAaaa:
      return Put(DnsAddress(record, 16));
    case DnsType::kNs:
    case DnsType::kCname:
    case DnsType::kPtr:
      return Name(record.target);
    case DnsType::kMx:
      U16(record.preference);
      return Name(record.target);
    case DnsType::kSoa:
      Name(record.target);
      Name(record.target);
      for (size_t i = 0; i < 5; ++i) U32(record.ttl);
      return;
    case DnsType::kSrv:
      U16(record.preference);
      U16(1);
      U16(53);
      return Name(record.target);
    case DnsType::kNaptr:
      U16(record.preference);
      U16(1);
      String(record.text.substr(0, 1));
      String(record.text);
      String(record.text);
      return Name(record.target);
    case DnsType::kUri:
      U16(record.preference);
      U16(1);
      return Put(AsBytes(record.text));
    case DnsType::kCaa:
      U8(record.preference);
      String(record.text.substr(0, record.text.size() / 2));
      return Put(AsBytes(record.text.substr(record.text.size() / 2)));
    case DnsType::kTxt:
      String(record.text.substr(0, record.text.size() / 2));
      return String(record.text.substr(record.text.size() / 2));
    case DnsType::kOpt:
    case DnsType::kAny:
      return Put(AsBytes(record.text));
  }
}

size_t Claimed(DnsLength length, size_t real) {
  switch (length) {
    case DnsLength::kRight:
      return real;
    case DnsLength::kOneLess:
      return real == 0 ? 0 : real - 1;
    case DnsLength::kOneMore:
      return real + 1;
    case DnsLength::kZero:
      return 0;
    case DnsLength::kPastTheEnd:
      return real + 600;
    case DnsLength::kLargest:
      return 0xffff;
  }
  return real;
}

void Writer::Record(const DnsRecord& record) {
  Name(record.name);
  U16(static_cast<size_t>(record.type));
  U16(1);
  U32(record.ttl);
  const size_t length_at = at();
  U16(0);
  Content(record);
  PutU16(length_at, Claimed(record.length, at() - length_at - 2));
}

// The bytes of the question section of a message with one question; all that
// is left where it does not end.
Bytes QuestionOf(Bytes query) {
  size_t at = kDnsHeaderBytes;
  while (at < query.size() && query[at] != 0) at += query[at] + size_t{1};
  const size_t end = std::min(query.size(), at + 5);
  return query.size() < kDnsHeaderBytes
             ? Bytes()
             : query.subspan(kDnsHeaderBytes, end - kDnsHeaderBytes);
}

void WriteQuestion(DnsQuestion form, Bytes question, Writer& to) {
  switch (form) {
    case DnsQuestion::kNone:
      return;
    case DnsQuestion::kTwice:
      to.Put(question);
      return to.Put(question);
    case DnsQuestion::kOther:
      to.U8(1);
      to.U8('z');
      to.U8(0);
      to.U16(1);
      return to.U16(1);
    case DnsQuestion::kCutShort:
      return to.Put(question.first(question.size() / 2));
    case DnsQuestion::kEchoed:
      return to.Put(question);
  }
}

size_t Counted(DnsCount count, size_t real) {
  if (count == DnsCount::kOneMore) return real + 1;
  if (count == DnsCount::kOneLess) return real == 0 ? 0 : real - 1;
  return count == DnsCount::kLargest ? 0xffff : real;
}

void WriteHeader(const DnsAnswer& answer, Bytes query, Writer& to) {
  to.U8(query.empty() ? 0 : query[0]);
  to.U8(query.size() < 2 ? 0 : query[1]);
  const bool truncated = answer.end == DnsEnd::kTruncatedFlag;
  to.U8(truncated ? 0x83 : 0x81);
  to.U8(0x80 | static_cast<size_t>(answer.code));
  to.U16(answer.question == DnsQuestion::kNone    ? 0
         : answer.question == DnsQuestion::kTwice ? 2
                                                  : 1);
  const size_t all = answer.records.size();
  const size_t authorities = std::min<size_t>(answer.authorities, all);
  to.U16(Counted(answer.count, all - authorities));
  to.U16(authorities);
  to.U16(answer.opt ? 1 : 0);
}

}  // namespace

ElementDomain<DnsType> DnsTypes() {
  static const auto* const domain =
      new ElementDomain<DnsType>(OptionOf<DnsType>({
          {"a", DnsType::kA},
          {"cname", DnsType::kCname},
          {"aaaa", DnsType::kAaaa},
          {"a", DnsType::kA},
          {"ns", DnsType::kNs},
          {"soa", DnsType::kSoa},
          {"ptr", DnsType::kPtr},
          {"mx", DnsType::kMx},
          {"txt", DnsType::kTxt},
          {"srv", DnsType::kSrv},
          {"naptr", DnsType::kNaptr},
          {"opt", DnsType::kOpt},
          {"uri", DnsType::kUri},
          {"caa", DnsType::kCaa},
          {"any", DnsType::kAny},
          {"cname", DnsType::kCname},
      }));
  return *domain;
}

bool IsHonest(const DnsAnswer& answer) {
  const auto honest = [](const DnsRecord& record) {
    return record.name.form == DnsNameForm::kQuestion &&
           record.target.form == DnsNameForm::kQuestion &&
           record.length == DnsLength::kRight;
  };
  return answer.code == DnsCode::kNoError &&
         answer.question == DnsQuestion::kEchoed &&
         answer.count == DnsCount::kRight && answer.end == DnsEnd::kWhole &&
         std::all_of(answer.records.begin(), answer.records.end(), honest);
}

std::vector<uint8_t> DnsAddress(const DnsRecord& record, size_t size) {
  const Bytes text = AsBytes(record.text);
  std::vector<uint8_t> address(text.begin(), text.end());
  address.resize(size);
  return address;
}

void WriteDnsAnswer(const DnsAnswer& answer, Bytes query,
                    std::vector<uint8_t>& out) {
  const size_t start = out.size();
  Writer to(out);
  WriteHeader(answer, query, to);
  WriteQuestion(answer.question, QuestionOf(query), to);
  for (const DnsRecord& record : answer.records) to.Record(record);
  if (answer.opt) {
    to.U8(0);
    to.U16(static_cast<size_t>(DnsType::kOpt));
    to.U16(1232);
    to.U32(0);
    to.U16(0);
  }
  const size_t size = out.size() - start;
  if (answer.end == DnsEnd::kCut) {
    out.resize(start + size - std::min<size_t>(size, answer.cut));
  } else if (answer.end == DnsEnd::kTrailing) {
    out.resize(out.size() + answer.cut, 0xa5);
  }
}

}  // namespace formfuzz
