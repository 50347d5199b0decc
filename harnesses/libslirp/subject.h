// SPDX-License-Identifier: Apache-2.0
// What one scenario acts on: libslirp, the network of a virtual machine that
// is all in one process: NAT, DHCP, DNS, TFTP. The machine is the scenario; of
// the world behind there is one service, and no socket is ever opened.
#ifndef FORMFUZZ_HARNESSES_LIBSLIRP_SUBJECT_H_
#define FORMFUZZ_HARNESSES_LIBSLIRP_SUBJECT_H_

#include <libslirp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/formfuzz.h"
#include "generators/network/internet.h"

namespace formfuzz {

// Where a packet of the guest goes.
enum class SlirpTo : uint8_t { kHost, kNameServer, kService, kOutside, kAll };

struct SlirpSegment {
  uint8_t flags;
  int32_t sequence_off;      // of what the guest would send next
  int32_t acknowledged_off;  // of what has come
  uint16_t window;
  uint16_t size;
  std::string_view options;
};

class LibSlirp {
 public:
  explicit LibSlirp(Run& run);
  ~LibSlirp();
  LibSlirp(const LibSlirp&) = delete;
  LibSlirp& operator=(const LibSlirp&) = delete;

  // The guest sends.
  Outcome Arp(uint8_t operation, uint8_t sender, uint8_t target);
  Outcome Open();
  Outcome Segment(const SlirpSegment& segment, Fragments fragments);
  Outcome Udp(SlirpTo to, uint16_t port, std::string_view payload,
              const IpShape& ip, Fragments fragments);
  Outcome Icmp(SlirpTo to, uint8_t type, std::string_view body,
               const IpShape& ip, Fragments fragments);
  Outcome Icmp6(uint8_t type, std::string_view body, const IpShape& ip);
  Outcome Udp6(uint16_t port, std::string_view payload, const IpShape& ip);
  Outcome Bootp(uint8_t type, std::string_view options);
  Outcome Raw(std::string_view frame);
  // The service answers, the application polls, or moves the whole network to
  // another process.
  Outcome ServiceSends(uint16_t size);
  Outcome Poll();
  Outcome SaveAndLoad();

  std::string SendsWholePackets() const { return wrong_; }
  bool ServiceHeard() const { return service_heard_ > 0; }

 private:
  struct Timer;

  static SlirpCb Callbacks();
  Slirp* Make();
  void CleanUp();
  void Frame(uint16_t type, Bytes packet);
  void Deliver(const std::vector<PacketBytes>& packets, uint16_t type);
  void LookAt(Bytes frame);
  void FireTimers();
  Outcome Done();

  Run& run_;
  SlirpCb callbacks_;
  std::vector<std::unique_ptr<Timer>> timers_;
  Slirp* slirp_;
  uint32_t next_ = 1000;   // what the guest sends next to the service
  uint32_t expected_ = 0;  // what it is sent next
  uint32_t sent_frames_ = 0;
  uint64_t service_heard_ = 0;
  uint16_t identification_ = 1;
  std::string wrong_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_LIBSLIRP_SUBJECT_H_
