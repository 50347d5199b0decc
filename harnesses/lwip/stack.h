// SPDX-License-Identifier: Apache-2.0
// One life of lwIP on a network of its own: an interface whose frames go
// nowhere but here, the servers that come with lwIP, and an application that
// sends back what it is sent (port 7).
//
// Only one at a time: lwIP's variables are global, and brought back by each.
#ifndef FORMFUZZ_HARNESSES_LWIP_STACK_H_
#define FORMFUZZ_HARNESSES_LWIP_STACK_H_

#include <lwip/netif.h>
#include <lwip/tcp.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "generators/network/internet.h"

namespace formfuzz {

inline constexpr EthernetAddress kStackMac = {0x02, 0, 0, 0, 0, 1};
inline constexpr EthernetAddress kPeerMac = {0x02, 0, 0, 0, 0, 2};
inline constexpr uint32_t kStackIp = 0xac1e7354;  // 172.30.115.84
inline constexpr uint32_t kPeerIp = 0xac1e7301;   // 172.30.115.1, the gateway
inline constexpr Ipv6Address kStackIp6 = {0xfe, 0x80, 0, 0,    0,    0, 0, 0,
                                          0,    0,    0, 0xff, 0xfe, 0, 0, 1};
inline constexpr Ipv6Address kPeerIp6 = {0xfe, 0x80, 0, 0, 0, 0, 0, 0,
                                         0,    0,    0, 0, 0, 0, 0, 2};
inline constexpr uint16_t kEchoPort = 7;
inline constexpr uint16_t kPeerPort = 9;  // where the stack connects to

// Whether the ways around what docs/findings has of lwIP are not taken: where
// FORMFUZZ_LWIP_KNOWN_DEFECTS is set.
bool KnownDefectsStay();

// How a driver hands a frame over.
enum class Feed : uint8_t { kExact, kPool, kChain };

// The byte that stands at each sequence number of every stream to port 7, so
// that whatever overlaps agrees.
inline uint8_t StreamByte(uint32_t sequence) {
  return static_cast<uint8_t>((sequence * 2654435761u) >> 24);
}

// The application's end of a connection.
struct EchoConnection {
  tcp_pcb* pcb = nullptr;  // null: over
  uint16_t own_port = 0;
  uint32_t peer_first = 0;
  uint32_t stack_first = 0;
  uint32_t received = 0;
  std::string waiting;  // to be sent back
  bool peer_closed = false;
  bool known = false;
};

class LwipStack {
 public:
  static constexpr size_t kConnectionsMax = 4;
  static constexpr uint16_t kFirstPort = 40'000;  // of the peer's connections

  LwipStack();
  ~LwipStack();
  LwipStack(const LwipStack&) = delete;
  LwipStack& operator=(const LwipStack&) = delete;

  void Receive(Bytes frame, Feed feed);
  // Lets time go by, from timer to timer.
  void Advance(uint32_t ms);
  // Shows frames that left since the last call, which may be changed, and
  // forgets them. Nothing may be sent meanwhile.
  void TakeSent(absl::FunctionRef<void(PacketBytes& frame)> visit);

  // The responder for names of the link, where it does not run yet: what it
  // announces costs most of a scenario's time.
  void StartMdns();

  netif& interface() { return interface_; }
  // The application connects to the peer, from then on as one of those that
  // echo; closes one; closes all and every listener.
  err_t Connect();
  void Close(size_t connection);
  void CloseAll();
  const EchoConnection* Find(uint16_t peer_port) const;
  // What the application saw that nobody sent; empty: nothing.
  const std::string& wrong() const { return wrong_; }
  uint64_t echoed() const { return echoed_; }

 private:
  static err_t Initialise(netif* interface);
  static err_t Output(netif* interface, pbuf* frame);
  static err_t OnAccept(void* self, tcp_pcb* pcb, err_t error);
  static err_t OnConnected(void* self, tcp_pcb* pcb, err_t error);
  static err_t OnReceive(void* self, tcp_pcb* pcb, pbuf* data, err_t error);
  static err_t OnSent(void* self, tcp_pcb* pcb, uint16_t size);
  static void OnError(void* connection, err_t error);

  void StartServers();
  void Attach(tcp_pcb* pcb, uint32_t peer_first);
  EchoConnection* ConnectionOf(const tcp_pcb* pcb);
  void TakeIn(EchoConnection& connection, const pbuf* data);
  err_t SendBack(EchoConnection& connection);

  netif interface_;
  tcp_pcb* listener_ = nullptr;
  std::array<EchoConnection, kConnectionsMax> connections_;
  std::vector<PacketBytes> sent_;
  std::string wrong_;
  uint64_t echoed_ = 0;
  bool has_mdns_ = false;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_LWIP_STACK_H_
