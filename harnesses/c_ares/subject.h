// SPDX-License-Identifier: Apache-2.0
// What one scenario acts on: a c-ares channel, the queries made on it, and the
// servers that answer, or let somebody else answer, what they like.
//
// Whatever comes from the network, each query ends once, with bytes that a
// server sent for it, and datagrams that answer nothing change nothing.
#ifndef FORMFUZZ_HARNESSES_C_ARES_SUBJECT_H_
#define FORMFUZZ_HARNESSES_C_ARES_SUBJECT_H_

#include <ares.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/formfuzz.h"
#include "generators/network/dns.h"
#include "harnesses/c_ares/name_servers.h"

namespace formfuzz {

struct ChannelOptions {
  bool edns;
  bool over_tcp;
  bool stay_open;
  bool ignore_truncation;
  bool pass_errors;  // of servers on to the caller
  bool rotate;
  uint8_t servers;
  uint8_t tries;
};

enum class AddressFamily : uint8_t { kIpv4, kIpv6, kBoth };
enum class Sender : uint8_t { kServer, kStranger };

class CAres {
 public:
  explicit CAres(Run& run);
  ~CAres();
  CAres(const CAres&) = delete;
  CAres& operator=(const CAres&) = delete;

  // Steps: what the program that uses the resolver asks for.
  Outcome Query(std::string_view name, DnsType type);
  Outcome Search(std::string_view name, DnsType type);
  Outcome Resolve(std::string_view name, AddressFamily family);
  Outcome ReverseLookup(uint32_t address);
  Outcome SendOwn(std::string_view name, DnsType type);
  Outcome Cancel();
  Outcome SetSortlist(std::string_view text);
  Outcome SetServers(std::string_view text);
  Outcome Reopen(const ChannelOptions& options);

  // What the network does. `which` counts queries back from the last that was
  // sent.
  Outcome Answer(uint8_t which, const DnsAnswer& answer, Sender sender);
  Outcome Noise(uint8_t which, std::string_view bytes, Sender sender);
  Outcome EndStream(uint8_t which);
  Outcome SetDown(bool down);
  // Nothing comes until the next time-out.
  Outcome TimeOut();

  std::string QueriesHaveTimeOuts() const;
  std::string EveryQueryEnds() const;
  bool AnsweredOverTcp() const { return answered_over_tcp_; }
  bool AnsweredByAddress() const { return addresses_seen_ > 0; }

  timeval Now() const;

 private:
  enum class Kind : uint8_t { kBytes, kAddresses, kHost };
  struct Asked {
    CAres* owner;
    Kind kind;
    DnsType type = DnsType::kA;
    bool ended = false;
  };

  void Open(const ChannelOptions& options);
  Asked* Ask(Kind kind, DnsType type);
  Outcome Begun(const char* label);
  static void OnBytes(void* asked, int status, int, unsigned char* bytes,
                      int size);
  static void OnAddresses(void* asked, int status, int, ares_addrinfo* result);
  static void OnHost(void* asked, int status, int, hostent* host);
  bool End(Asked& asked, int status);
  void JudgeBytes(const Asked& asked, Bytes bytes);
  void JudgeAddresses(Bytes bytes);

  const SentQuery* PickSent(uint8_t which) const;
  Outcome Deliver(const SentQuery& query, Bytes message, Sender sender);
  bool CanMatter(Bytes message) const;
  // Lets the channel read and write until there is nothing left to do.
  void Pump();
  void CheckSent();

  Run& run_;
  ares_channel channel_ = nullptr;
  bool edns_ = false;
  NameServers servers_;
  std::vector<std::unique_ptr<Asked>> asked_;
  size_t ended_ = 0;
  size_t sent_checked_ = 0;
  // What arrives in the step under way, and whether nothing is wrong with it.
  std::vector<uint8_t> message_;
  const DnsAnswer* honest_ = nullptr;
  bool answered_over_tcp_ = false;
  size_t addresses_seen_ = 0;
  // The resolver's time, in which long waits are cut short.
  mutable int64_t now_ms_ = ScenarioClock::kStartMs;
  mutable int64_t clock_ms_ = ScenarioClock::kStartMs;
  mutable int64_t past_ms_ = 0;  // that went by after the scenario
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_C_ARES_SUBJECT_H_
