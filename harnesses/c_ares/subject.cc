// SPDX-License-Identifier: Apache-2.0
// The steps, and what the network brings.
#include "harnesses/c_ares/subject.h"

#include <arpa/inet.h>

#include <algorithm>

namespace formfuzz {
namespace {

// c-ares asks for the time without saying for whom.
const CAres* current = nullptr;

constexpr int kEdnsBytes = 1280;
constexpr int kTimeoutMs = 1000;
// c-ares looks at every second that went by, so that a wait of a month takes
// it a second: see docs/findings/c_ares/idle_seconds.md.
constexpr int64_t kIdleMsMax = 120'000;
constexpr int kPumpRoundsMax = 1000;
constexpr ChannelOptions kFirstOptions{.edns = false,
                                       .over_tcp = false,
                                       .stay_open = false,
                                       .ignore_truncation = false,
                                       .pass_errors = false,
                                       .rotate = false,
                                       .servers = 2,
                                       .tries = 2};

int FlagsOf(const ChannelOptions& options) {
  int flags = 0;
  if (options.edns) flags |= ARES_FLAG_EDNS;
  if (options.over_tcp) flags |= ARES_FLAG_USEVC;
  if (options.stay_open) flags |= ARES_FLAG_STAYOPEN;
  if (options.ignore_truncation) flags |= ARES_FLAG_IGNTC;
  if (options.pass_errors) flags |= ARES_FLAG_NOCHECKRESP;
  return flags;
}

// An entry too long after one that is not costs c-ares what it has by then: see
// docs/findings/c_ares/sortlist_leak.md.
bool LeaksSortlist(std::string_view text) {
  text = text.substr(0, text.find(';'));
  bool first = true;
  while (!text.empty()) {
    const std::string_view entry = text.substr(0, text.find(' '));
    const size_t address = std::min(entry.find('/'), entry.size());
    if (!first && (address >= 16 || entry.size() >= 32)) return true;
    first &= entry.empty();
    text.remove_prefix(std::min(text.size(), entry.size() + 1));
  }
  return false;
}

}  // namespace

extern "C" timeval ares__tvnow(void) {
  return current == nullptr ? timeval{} : current->Now();
}

CAres::CAres(Run& run) : run_(run) {
  static const int initialised = ares_library_init(ARES_LIB_INIT_ALL);
  FORMFUZZ_CHECK(initialised == ARES_SUCCESS, "ares_library_init");
  current = this;
  Open(kFirstOptions);
}

CAres::~CAres() {
  ares_destroy(channel_);
  current = nullptr;
}

timeval CAres::Now() const {
  const auto clock_ms = static_cast<int64_t>(run_.clock().NowMs());
  now_ms_ += std::min(clock_ms - clock_ms_, kIdleMsMax);
  clock_ms_ = clock_ms;
  const int64_t ms = now_ms_ + past_ms_;
  return {ms / 1000, ms % 1000 * 1000};
}

// Everything is said, so that no file of the machine is asked.
void CAres::Open(const ChannelOptions& options) {
  in_addr servers[3];
  for (size_t i = 0; i < 3; ++i) {
    servers[i].s_addr = htonl(0x0a000035 + static_cast<uint32_t>(i << 8));
  }
  char domain[] = "example.test";
  char* domains[] = {domain};
  char lookups[] = "b";
  ares_options wanted{};
  wanted.flags = FlagsOf(options);
  wanted.timeout = kTimeoutMs;
  wanted.tries = options.tries;
  wanted.ndots = 1;
  wanted.servers = servers;
  wanted.nservers = options.servers;
  wanted.domains = domains;
  wanted.ndomains = 1;
  wanted.lookups = lookups;
  wanted.ednspsz = kEdnsBytes;
  const int given = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                    ARES_OPT_NDOTS | ARES_OPT_SERVERS | ARES_OPT_DOMAINS |
                    ARES_OPT_LOOKUPS | ARES_OPT_SORTLIST | ARES_OPT_EDNSPSZ |
                    (options.rotate ? ARES_OPT_ROTATE : ARES_OPT_NOROTATE);
  const int status = ares_init_options(&channel_, &wanted, given);
  FORMFUZZ_CHECK(status == ARES_SUCCESS, ares_strerror(status));
  servers_.Attach(channel_);
  edns_ = options.edns;
}

CAres::Asked* CAres::Ask(Kind kind, DnsType type) {
  asked_.push_back(std::make_unique<Asked>());
  *asked_.back() = {this, kind, type};
  return asked_.back().get();
}

// A query may end before it is sent, where it cannot be.
Outcome CAres::Begun(const char* refused) {
  Pump();
  CheckSent();
  return asked_.back()->ended ? Outcome::Refused(refused) : Outcome::Ok();
}

Outcome CAres::Query(std::string_view name, DnsType type) {
  ares_query(channel_, std::string(name).c_str(), 1, static_cast<int>(type),
             &CAres::OnBytes, Ask(Kind::kBytes, type));
  return Begun("not_sent");
}

Outcome CAres::Search(std::string_view name, DnsType type) {
  ares_search(channel_, std::string(name).c_str(), 1, static_cast<int>(type),
              &CAres::OnBytes, Ask(Kind::kBytes, type));
  return Begun("not_sent");
}

Outcome CAres::Resolve(std::string_view name, AddressFamily family) {
  ares_addrinfo_hints hints{};
  hints.ai_family = family == AddressFamily::kIpv4   ? AF_INET
                    : family == AddressFamily::kIpv6 ? AF_INET6
                                                     : AF_UNSPEC;
  ares_getaddrinfo(channel_, std::string(name).c_str(), nullptr, &hints,
                   &CAres::OnAddresses, Ask(Kind::kAddresses, DnsType::kA));
  return Begun("ended_at_once");
}

Outcome CAres::ReverseLookup(uint32_t address) {
  const in_addr wanted{htonl(address)};
  ares_gethostbyaddr(channel_, &wanted, sizeof(wanted), AF_INET, &CAres::OnHost,
                     Ask(Kind::kHost, DnsType::kPtr));
  return Begun("ended_at_once");
}

// Without an OPT record where the channel speaks EDNS, a FORMERR would cost the
// query its last bytes: see docs/findings/c_ares/edns_retry.md.
Outcome CAres::SendOwn(std::string_view name, DnsType type) {
  unsigned char* query = nullptr;
  int size = 0;
  const int status =
      ares_create_query(std::string(name).c_str(), 1, static_cast<int>(type),
                        static_cast<uint16_t>(0x4000 + asked_.size()), 1,
                        &query, &size, edns_ ? kEdnsBytes : 0);
  if (status != ARES_SUCCESS) return Outcome::Refused("bad_name");
  ares_send(channel_, query, size, &CAres::OnBytes, Ask(Kind::kBytes, type));
  ares_free_string(query);
  return Begun("not_sent");
}

Outcome CAres::Cancel() {
  ares_cancel(channel_);
  run_.Expect(ended_ == asked_.size(), "EveryQueryEnds",
              "a query is left after ares_cancel");
  return Outcome::Ok();
}

Outcome CAres::SetSortlist(std::string_view text) {
  if (LeaksSortlist(text)) return Outcome::Refused("known_leak");
  const int status = ares_set_sortlist(channel_, std::string(text).c_str());
  return status == ARES_SUCCESS ? Outcome::Ok() : Outcome::Refused("bad_list");
}

Outcome CAres::SetServers(std::string_view text) {
  const int status = ares_set_servers_csv(channel_, std::string(text).c_str());
  if (status == ARES_SUCCESS) return Outcome::Ok();
  return Outcome::Refused(status == ARES_ENOTIMP ? "busy" : "bad_list");
}

Outcome CAres::Reopen(const ChannelOptions& options) {
  ares_destroy(channel_);
  run_.Expect(ended_ == asked_.size(), "EveryQueryEnds",
              "a query is left after ares_destroy");
  Open(options);
  return Outcome::Ok();
}

const SentQuery* CAres::PickSent(uint8_t which) const {
  const std::vector<SentQuery>& sent = servers_.sent();
  return which < sent.size() ? &sent[sent.size() - 1 - which] : nullptr;
}

Outcome CAres::Answer(uint8_t which, const DnsAnswer& answer, Sender sender) {
  const SentQuery* query = PickSent(which);
  if (query == nullptr) return Outcome::Refused("nothing_sent");
  std::vector<uint8_t> message;
  WriteDnsAnswer(answer, query->bytes, message);
  honest_ = IsHonest(answer) && sender == Sender::kServer ? &answer : nullptr;
  const Outcome outcome = Deliver(SentQuery(*query), message, sender);
  honest_ = nullptr;
  return outcome;
}

Outcome CAres::Noise(uint8_t which, std::string_view bytes, Sender sender) {
  const SentQuery* query = PickSent(which);
  if (query == nullptr) return Outcome::Refused("nothing_sent");
  return Deliver(SentQuery(*query), AsBytes(bytes), sender);
}

// Of a message in a datagram: whether it names a query by its id.
bool CAres::CanMatter(Bytes message) const {
  if (message.size() < kDnsHeaderBytes) return false;
  const auto& sent = servers_.sent();
  return std::any_of(sent.begin(), sent.end(), [&](const SentQuery& query) {
    return query.bytes.size() >= 2 && query.bytes[0] == message[0] &&
           query.bytes[1] == message[1];
  });
}

Outcome CAres::Deliver(const SentQuery& query, Bytes message, Sender sender) {
  Pump();  // what is due by now is not the message's doing
  ServerSocket* socket = servers_.Find(query.socket);
  if (socket == nullptr || !socket->open) return Outcome::Refused("closed");
  message = message.first(std::min(message.size(), kDnsMessageBytesMax));
  message_.assign(message.begin(), message.end());
  const bool stream = socket->stream;
  const bool stranger = sender == Sender::kStranger && !stream;
  const bool must_ignore = !stream && (stranger || !CanMatter(message_));
  const size_t closed = servers_.closed();
  const size_t sent = servers_.sent().size();
  const size_t ended = ended_;
  servers_.Deliver(*socket, message_, stranger);
  Pump();
  if (must_ignore) {
    run_.Expect(servers_.closed() == closed && ended_ == ended &&
                    servers_.sent().size() == sent,
                "OnlyAnswersMatter",
                Concat("a datagram of ", message_.size(),
                       " bytes that answers no query had an effect"));
  }
  CheckSent();
  answered_over_tcp_ |= stream && ended_ > ended;
  return ended_ > ended ? Outcome::Ok() : Outcome::Refused("not_taken");
}

Outcome CAres::EndStream(uint8_t which) {
  const SentQuery* query = PickSent(which);
  ServerSocket* socket =
      query == nullptr ? nullptr : servers_.Find(query->socket);
  if (socket == nullptr || !socket->open || !socket->stream) {
    return Outcome::Refused("no_stream");
  }
  socket->ended = true;
  Pump();
  CheckSent();
  return Outcome::Ok();
}

Outcome CAres::SetDown(bool down) {
  servers_.set_down(down);
  return Outcome::Ok();
}

Outcome CAres::TimeOut() {
  timeval left{};
  if (ares_timeout(channel_, nullptr, &left) == nullptr) {
    return Outcome::Refused("nothing_waits");
  }
  run_.clock().AdvanceMs(
      static_cast<uint64_t>(left.tv_sec * 1000 + left.tv_usec / 1000 + 1));
  Pump();
  CheckSent();
  return Outcome::Ok();
}

void CAres::Pump() {
  ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  bool more = true;
  for (int round = 0; more && round < kPumpRoundsMax; ++round) {
    more = false;
    for (size_t i = 0; i < servers_.sockets().size(); ++i) {
      const ServerSocket& socket = servers_.sockets()[i];
      if (!socket.open) continue;
      const bool readable = !socket.inbox.empty() || socket.ended;
      const ares_socket_t number = socket.number;
      const size_t sent = servers_.sent().size();
      ares_process_fd(channel_, readable ? number : ARES_SOCKET_BAD,
                      socket.stream ? number : ARES_SOCKET_BAD);
      more |= readable || servers_.sent().size() != sent;
    }
  }
  run_.Expect(!more, "PumpEnds", "reading and writing goes on without an end");
}

}  // namespace formfuzz
