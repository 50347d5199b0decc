// SPDX-License-Identifier: Apache-2.0
// lwIP as it is fuzzed: everything of the core and the small servers that come
// with it, without threads, with memory from the heap, where a sanitizer sees
// the end of every packet. Checksums of what arrives are not looked at, so
// that other fuzzers can be compared with on equal terms.
#ifndef FORMFUZZ_COMPONENTS_LWIP_PORT_LWIPOPTS_H_
#define FORMFUZZ_COMPONENTS_LWIP_PORT_LWIPOPTS_H_

#include "components/lwip/port/port.h"

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0

// Pointers are 64 bits wide: fragments' headers do not fit into the packet.
#define IPV6_FRAG_COPYHEADER 1
#define MEM_ALIGNMENT 8
#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define mem_clib_malloc formfuzz_lwip_malloc
#define mem_clib_calloc formfuzz_lwip_calloc
#define mem_clib_free formfuzz_lwip_free
// Each server has timers of its own.
#define MEMP_NUM_SYS_TIMEOUT 32

#define LWIP_ARP 1
#define LWIP_ETHERNET 1
#define ETHARP_SUPPORT_STATIC_ENTRIES 1
#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS 0
#define LWIP_ICMP 1
#define LWIP_RAW 1
#define LWIP_IGMP 1
#define LWIP_DHCP 1
#define LWIP_AUTOIP 1
#define LWIP_DNS 1
#define LWIP_ALTCP 1
#define LWIP_SNMP 1
#define MIB2_STATS 1
#define LWIP_MDNS_RESPONDER 1
#define LWIP_NUM_NETIF_CLIENT_DATA 1

#define CHECKSUM_CHECK_IP 0
#define CHECKSUM_CHECK_UDP 0
#define CHECKSUM_CHECK_TCP 0
#define CHECKSUM_CHECK_ICMP 0
#define CHECKSUM_CHECK_ICMP6 0

#define TCP_SND_QUEUELEN 40
#define TCP_SND_BUF (12 * TCP_MSS)
#define TCP_WND (10 * TCP_MSS)
#define TCP_LISTEN_BACKLOG 1
#define LWIP_TCP_SACK_OUT 1
#define LWIP_TCP_TIMESTAMPS 1
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 2

#endif  // FORMFUZZ_COMPONENTS_LWIP_PORT_LWIPOPTS_H_
