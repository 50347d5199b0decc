// SPDX-License-Identifier: Apache-2.0
// What comes back to the caller, and what must be true of it.
#include <netdb.h>

#include <algorithm>
#include <cstring>

#include "harnesses/c_ares/subject.h"

namespace formfuzz {
namespace {

constexpr int kAddressesMax = 16;
constexpr int kDrainsMax = 4096;

// Every parser of the type is given the same bytes.
template <class Reply>
void ParseReply(int (*parse)(const unsigned char*, int, Reply**), Bytes bytes) {
  Reply* reply = nullptr;
  if (parse(bytes.data(), static_cast<int>(bytes.size()), &reply) ==
      ARES_SUCCESS) {
    ares_free_data(reply);
  }
}

void ParseHosts(Bytes bytes) {
  const int size = static_cast<int>(bytes.size());
  hostent* host = nullptr;
  if (ares_parse_a_reply(bytes.data(), size, &host, nullptr, nullptr) == 0) {
    ares_free_hostent(host);
  }
  if (ares_parse_aaaa_reply(bytes.data(), size, &host, nullptr, nullptr) == 0) {
    ares_free_hostent(host);
  }
  if (ares_parse_ns_reply(bytes.data(), size, &host) == 0) {
    ares_free_hostent(host);
  }
  const in_addr address{};
  if (ares_parse_ptr_reply(bytes.data(), size, &address, sizeof(address),
                           AF_INET, &host) == 0) {
    ares_free_hostent(host);
  }
}

void ParseAll(DnsType type, Bytes bytes) {
  switch (type) {
    case DnsType::kMx:
      return ParseReply(ares_parse_mx_reply, bytes);
    case DnsType::kTxt:
      ParseReply(ares_parse_txt_reply, bytes);
      return ParseReply(ares_parse_txt_reply_ext, bytes);
    case DnsType::kSrv:
      return ParseReply(ares_parse_srv_reply, bytes);
    case DnsType::kNaptr:
      return ParseReply(ares_parse_naptr_reply, bytes);
    case DnsType::kSoa:
      return ParseReply(ares_parse_soa_reply, bytes);
    case DnsType::kUri:
      return ParseReply(ares_parse_uri_reply, bytes);
    case DnsType::kCaa:
      return ParseReply(ares_parse_caa_reply, bytes);
    default:
      return ParseHosts(bytes);
  }
}

}  // namespace

bool CAres::End(Asked& asked, int status) {
  run_.Observe(static_cast<uint64_t>(status) << 16 |
               static_cast<uint64_t>(asked.kind) << 12 |
               static_cast<uint64_t>(asked.type));
  run_.Expect(!asked.ended, "QueryEndsOnce", "a query ended a second time");
  asked.ended = true;
  ++ended_;
  return status == ARES_SUCCESS;
}

void CAres::OnBytes(void* asked, int status, int, unsigned char* bytes,
                    int size) {
  Asked& query = *static_cast<Asked*>(asked);
  const bool answered = query.owner->End(query, status);
  if (bytes != nullptr && size >= 0) {
    query.owner->JudgeBytes(query, {bytes, static_cast<size_t>(size)});
  } else {
    query.owner->run_.Expect(!answered, "AnswersAreThoseSent",
                             "success without an answer");
  }
}

void CAres::OnAddresses(void* asked, int status, int, ares_addrinfo* result) {
  Asked& query = *static_cast<Asked*>(asked);
  if (query.owner->End(query, status) && result != nullptr) {
    query.owner->addresses_seen_ += result->nodes != nullptr;
  }
  ares_freeaddrinfo(result);
}

void CAres::OnHost(void* asked, int status, int, hostent*) {
  Asked& query = *static_cast<Asked*>(asked);
  query.owner->End(query, status);
}

void CAres::JudgeBytes(const Asked& asked, Bytes bytes) {
  const bool same = bytes.size() <= message_.size() &&
                    std::equal(bytes.begin(), bytes.end(), message_.begin());
  run_.Expect(same, "AnswersAreThoseSent",
              "the caller is given other bytes than arrived");
  ParseAll(asked.type, bytes);
  if (honest_ != nullptr && asked.type == DnsType::kA &&
      bytes.size() == message_.size()) {
    JudgeAddresses(bytes);
  }
}

void CAres::JudgeAddresses(Bytes bytes) {
  std::vector<std::vector<uint8_t>> expected;
  bool plain = honest_->authorities == 0;
  for (const DnsRecord& record : honest_->records) {
    if (record.type == DnsType::kA) expected.push_back(DnsAddress(record, 4));
    // Where the name that is an alias of itself leads is nobody's business.
    plain &= record.type != DnsType::kCname;
  }
  if (!plain || expected.empty()) return;
  ares_addrttl found[kAddressesMax];
  int count = kAddressesMax;
  const int status = ares_parse_a_reply(
      bytes.data(), static_cast<int>(bytes.size()), nullptr, found, &count);
  bool same =
      status == ARES_SUCCESS && static_cast<size_t>(count) == expected.size();
  for (size_t i = 0; same && i < expected.size(); ++i) {
    same = std::memcmp(&found[i].ipaddr, expected[i].data(), 4) == 0;
  }
  run_.Expect(same, "AddressesAreThoseSent",
              Concat("of ", expected.size(), " addresses ", count,
                     " come out, status ", ares_strerror(status)));
}

// Whatever leaves is a whole question: an id, one question, its name and type.
void CAres::CheckSent() {
  const auto& sent = servers_.sent();
  for (; sent_checked_ < sent.size(); ++sent_checked_) {
    const Bytes query = sent[sent_checked_].bytes;
    char* name = nullptr;
    long size = 0;  // NOLINT: the type is the library's
    const bool whole =
        query.size() > kDnsHeaderBytes &&
        ares_expand_name(query.data() + kDnsHeaderBytes, query.data(),
                         static_cast<int>(query.size()), &name,
                         &size) == ARES_SUCCESS &&
        kDnsHeaderBytes + static_cast<size_t>(size) + 4 <= query.size();
    ares_free_string(name);
    run_.Expect(whole, "OnlyWholeQueriesAreSent",
                Concat("what is sent, ", query.size(),
                       " bytes, is not a whole question"));
  }
}

std::string CAres::QueriesHaveTimeOuts() const {
  timeval left{};
  const bool waits = ares_timeout(channel_, nullptr, &left) != nullptr;
  if (ended_ == asked_.size() || waits) return {};
  return Concat(asked_.size() - ended_, " queries wait for ever");
}

// The servers are silent from here on.
std::string CAres::EveryQueryEnds() const {
  for (int i = 0; i < kDrainsMax && ended_ < asked_.size(); ++i) {
    timeval left{};
    if (ares_timeout(channel_, nullptr, &left) == nullptr) break;
    past_ms_ += left.tv_sec * 1000 + left.tv_usec / 1000 + 1;
    ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  }
  if (ended_ == asked_.size()) return {};
  return Concat(asked_.size() - ended_, " of ", asked_.size(),
                " queries never end");
}

}  // namespace formfuzz
