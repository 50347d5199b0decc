// SPDX-License-Identifier: Apache-2.0
// The interface, the application, and time.
#include "harnesses/lwip/stack.h"

#include <lwip/apps/httpd.h>
#include <lwip/apps/lwiperf.h>
#include <lwip/apps/mdns.h>
#include <lwip/apps/snmp.h>
#include <lwip/dns.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/init.h>
#include <lwip/nd6.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "components/lwip/port/port.h"
#include "framework/base/check.h"
#include "framework/base/text.h"

namespace formfuzz {

bool KnownDefectsStay() {
  static const bool stay =
      std::getenv("FORMFUZZ_LWIP_KNOWN_DEFECTS") != nullptr;
  return stay;
}

namespace {

// The interface's, which lwIP hands to every callback.
LwipStack* current = nullptr;

constexpr size_t kSentMax = 512;  // frames kept between two calls of TakeSent
constexpr size_t kChainBytes = 61;

// Of the servers that listen through altcp, which all share one.
tcp_accept_fn altcp_accept = nullptr;

err_t AcceptWhatIsThere(void* self, tcp_pcb* pcb, err_t error) {
  return pcb == nullptr ? ERR_VAL : altcp_accept(self, pcb, error);
}

// Around docs/findings/lwip/altcp_accept_null.md: as a server that checks for
// null itself.
void AcceptNoNullConnections() {
  for (tcp_pcb_listen* pcb = tcp_listen_pcbs.listen_pcbs; pcb != nullptr;
       pcb = pcb->next) {
    altcp_accept = pcb->accept;
    pcb->accept = &AcceptWhatIsThere;
  }
}

// httpd's listener is the only one when this is called; lwiperf is not started:
// docs/findings/lwip/lwiperf_after_free.md.
void SteerAroundKnownDefects() {
  AcceptNoNullConnections();
  // docs/findings/lwip/mss_shrinks.md
  formfuzz_lwip_pass_over("mss_local is too small");
  formfuzz_lwip_pass_over("split <= mss");
  formfuzz_lwip_pass_over("inconsistent oversize vs. space");
  // docs/findings/lwip/persist_timer_stays.md
  formfuzz_lwip_pass_over(
      "tcp_slowtimr: persist ticking with empty send buffer");
}

ip4_addr_t Ip4(uint32_t address) { return {lwip_htonl(address)}; }

// What lwIP reads behind a frame: of a neighbour's link-layer address behind an
// option that has no length (docs/findings/lwip/nd6_empty_option.md), not known
// of frames without IPv6; of an IP header (docs/findings/lwip/short_ip.md).
size_t RoomBehind(Bytes frame) {
  constexpr size_t kIpLengthEnd = 14 + 4;  // with Ethernet's header
  if (KnownDefectsStay()) return 0;
  const bool may_be_ip6 = frame.size() < 14 || frame[12] != 0x08;
  if (may_be_ip6) return 6;
  return frame.size() < kIpLengthEnd ? kIpLengthEnd - frame.size() : 0;
}

pbuf* MakePart(Bytes bytes, pbuf_type type, size_t room) {
  const auto size = static_cast<uint16_t>(bytes.size());
  const auto taken = static_cast<uint16_t>(bytes.size() + room);
  pbuf* made = pbuf_alloc(PBUF_RAW, taken, type);
  if (made == nullptr) return nullptr;
  pbuf_realloc(made, size);
  pbuf_take(made, bytes.data(), size);
  return made;
}

pbuf* MakeFrame(Bytes frame, Feed feed) {
  const size_t room = RoomBehind(frame);
  if (feed == Feed::kPool) return MakePart(frame, PBUF_POOL, 0);
  if (feed == Feed::kExact || frame.size() <= kChainBytes) {
    return MakePart(frame, PBUF_RAM, room);
  }
  pbuf* head = MakePart(frame.first(kChainBytes), PBUF_RAM, room);
  pbuf* tail = MakePart(frame.subspan(kChainBytes), PBUF_RAM, room);
  if (head == nullptr || tail == nullptr) {
    if (head != nullptr) pbuf_free(head);
    if (tail != nullptr) pbuf_free(tail);
    return nullptr;
  }
  pbuf_cat(head, tail);
  return head;
}

}  // namespace

LwipStack::LwipStack() {
  current = this;
  formfuzz_lwip_reset();
  std::memset(&interface_, 0, sizeof(interface_));
  lwip_init();
  const ip4_addr_t address = Ip4(kStackIp);
  const ip4_addr_t mask = Ip4(0xffffff00);
  const ip4_addr_t gateway = Ip4(kPeerIp);
  netif_add(&interface_, &address, &mask, &gateway, this,
            &LwipStack::Initialise, &ethernet_input);
  netif_set_default(&interface_);
  netif_set_up(&interface_);
  netif_set_link_up(&interface_);
  eth_addr mac;
  std::copy(kPeerMac.begin(), kPeerMac.end(), mac.addr);
  etharp_add_static_entry(&gateway, &mac);
  ip_addr_t server;
  ip_addr_copy_from_ip4(server, gateway);
  dns_setserver(0, &server);
  StartServers();
  sent_.clear();
  formfuzz_lwip_let_fail(1);
}

LwipStack::~LwipStack() { formfuzz_lwip_free_all(); }

err_t LwipStack::Initialise(netif* interface) {
  interface->name[0] = 'f';
  interface->name[1] = 'f';
  interface->output = &etharp_output;
  interface->output_ip6 = &ethip6_output;
  interface->linkoutput = &LwipStack::Output;
  interface->mtu = 1500;
  interface->hwaddr_len = 6;
  std::copy(kStackMac.begin(), kStackMac.end(), interface->hwaddr);
  interface->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP |
                     NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
  interface->ip6_autoconfig_enabled = 1;
  netif_create_ip6_linklocal_address(interface, 1);
  return ERR_OK;
}

void LwipStack::StartServers() {
  httpd_init();
  if (KnownDefectsStay()) {
    lwiperf_start_tcp_server_default(nullptr, nullptr);
  } else {
    SteerAroundKnownDefects();
  }
  tcp_pcb* pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  if (pcb != nullptr && tcp_bind(pcb, IP_ANY_TYPE, kEchoPort) == ERR_OK) {
    listener_ = tcp_listen(pcb);
  }
  FORMFUZZ_CHECK(listener_ != nullptr, "lwIP has no room for a listener");
  tcp_accept(listener_, &LwipStack::OnAccept);
  snmp_init();
}

void LwipStack::StartMdns() {
  if (has_mdns_) return;
  has_mdns_ = true;
  formfuzz_lwip_let_fail(0);
  mdns_resp_init();
  mdns_resp_add_netif(&interface_, "stack", 255);
  mdns_resp_add_service(&interface_, "web", "_http", DNSSD_PROTO_TCP, 80, 3600,
                        nullptr, nullptr);
  formfuzz_lwip_let_fail(1);
}

err_t LwipStack::Output(netif*, pbuf* frame) {
  if (current->sent_.size() >= kSentMax) return ERR_OK;
  PacketBytes bytes(frame->tot_len);
  pbuf_copy_partial(frame, bytes.data(), frame->tot_len, 0);
  current->sent_.push_back(std::move(bytes));
  return ERR_OK;
}

void LwipStack::Receive(Bytes frame, Feed feed) {
  pbuf* packet = MakeFrame(frame, feed);
  if (packet == nullptr) return;
  if (interface_.input(packet, &interface_) != ERR_OK) pbuf_free(packet);
}

void LwipStack::Advance(uint32_t ms) {
  while (ms > 0) {
    const uint32_t next = std::max<uint32_t>(1, sys_timeouts_sleeptime());
    const uint32_t step = std::min(ms, next);
    formfuzz_lwip_advance_ms(step);
    sys_check_timeouts();
    ms -= step;
  }
}

void LwipStack::TakeSent(absl::FunctionRef<void(PacketBytes& frame)> visit) {
  for (PacketBytes& frame : sent_) visit(frame);
  sent_.clear();
}

EchoConnection* LwipStack::ConnectionOf(const tcp_pcb* pcb) {
  for (EchoConnection& connection : connections_) {
    if (connection.pcb == pcb) return &connection;
  }
  return nullptr;
}

const EchoConnection* LwipStack::Find(uint16_t peer_port) const {
  const size_t index = peer_port == kPeerPort
                           ? kConnectionsMax - 1
                           : static_cast<size_t>(peer_port - kFirstPort);
  return index < kConnectionsMax && connections_[index].known
             ? &connections_[index]
             : nullptr;
}

void LwipStack::Attach(tcp_pcb* pcb, uint32_t peer_first) {
  const size_t index = pcb->remote_port == kPeerPort
                           ? kConnectionsMax - 1
                           : static_cast<size_t>(pcb->remote_port - kFirstPort);
  tcp_arg(pcb, nullptr);
  if (index >= kConnectionsMax) return;
  EchoConnection& connection = connections_[index];
  if (connection.pcb != nullptr) tcp_arg(connection.pcb, nullptr);
  connection = {.pcb = pcb,
                .own_port = pcb->local_port,
                .peer_first = peer_first,
                .stack_first = pcb->snd_nxt,
                .waiting = {},
                .known = true};
  tcp_arg(pcb, &connection);
  tcp_recv(pcb, &LwipStack::OnReceive);
  tcp_sent(pcb, &LwipStack::OnSent);
  tcp_err(pcb, &LwipStack::OnError);
}

err_t LwipStack::OnAccept(void*, tcp_pcb* pcb, err_t error) {
  if (error != ERR_OK || pcb == nullptr) return ERR_VAL;
  current->Attach(pcb, pcb->rcv_nxt);
  return ERR_OK;
}

err_t LwipStack::OnConnected(void*, tcp_pcb* pcb, err_t error) {
  return OnAccept(nullptr, pcb, error);
}

void LwipStack::OnError(void* connection, err_t) {
  if (connection != nullptr) {
    static_cast<EchoConnection*>(connection)->pcb = nullptr;
  }
}

void LwipStack::TakeIn(EchoConnection& connection, const pbuf* data) {
  for (; data != nullptr; data = data->next) {
    const auto* bytes = static_cast<const uint8_t*>(data->payload);
    connection.waiting += AsText(Bytes(bytes, data->len));
    for (size_t i = 0; i < data->len; ++i, ++connection.received) {
      const uint32_t at = connection.peer_first + connection.received;
      if (bytes[i] != StreamByte(at) && wrong_.empty()) {
        wrong_ = Concat("byte ", connection.received,
                        " of a stream is not the one that was sent");
      }
    }
    if (data->tot_len == data->len) break;
  }
}

err_t LwipStack::SendBack(EchoConnection& connection) {
  tcp_pcb* pcb = connection.pcb;
  const size_t size =
      std::min<size_t>(connection.waiting.size(), tcp_sndbuf(pcb));
  if (size > 0 &&
      tcp_write(pcb, connection.waiting.data(), static_cast<uint16_t>(size),
                TCP_WRITE_FLAG_COPY) == ERR_OK) {
    connection.waiting.erase(0, size);
    echoed_ += size;
  }
  tcp_output(pcb);
  if (!connection.peer_closed || !connection.waiting.empty()) return ERR_OK;
  tcp_arg(pcb, nullptr);  // closing may be the end of it
  if (tcp_close(pcb) == ERR_OK) {
    connection.pcb = nullptr;
  } else {
    tcp_arg(pcb, &connection);
  }
  return ERR_OK;
}

err_t LwipStack::OnReceive(void*, tcp_pcb* pcb, pbuf* data, err_t) {
  EchoConnection* connection = current->ConnectionOf(pcb);
  if (connection == nullptr) {
    if (data != nullptr) pbuf_free(data);
    return ERR_OK;
  }
  if (data == nullptr) {
    connection->peer_closed = true;
  } else {
    current->TakeIn(*connection, data);
    tcp_recved(pcb, data->tot_len);
    pbuf_free(data);
  }
  return current->SendBack(*connection);
}

err_t LwipStack::OnSent(void*, tcp_pcb* pcb, uint16_t) {
  EchoConnection* connection = current->ConnectionOf(pcb);
  return connection == nullptr ? ERR_OK : current->SendBack(*connection);
}

err_t LwipStack::Connect() {
  tcp_pcb* pcb = tcp_new_ip_type(IPADDR_TYPE_V4);
  if (pcb == nullptr) return ERR_MEM;
  ip_addr_t peer;
  const ip4_addr_t address = Ip4(kPeerIp);
  ip_addr_copy_from_ip4(peer, address);
  tcp_arg(pcb, nullptr);
  tcp_err(pcb, &LwipStack::OnError);
  const err_t error =
      tcp_connect(pcb, &peer, kPeerPort, &LwipStack::OnConnected);
  if (error != ERR_OK) tcp_abort(pcb);
  return error;
}

void LwipStack::Close(size_t connection) {
  EchoConnection& closed = connections_[connection % kConnectionsMax];
  if (closed.pcb == nullptr) return;
  closed.peer_closed = true;  // once all is sent back
  SendBack(closed);
}

void LwipStack::CloseAll() {
  for (EchoConnection& connection : connections_) {
    if (connection.pcb != nullptr) tcp_abort(connection.pcb);
  }
  while (tcp_active_pcbs != nullptr) tcp_abort(tcp_active_pcbs);
}

}  // namespace formfuzz
