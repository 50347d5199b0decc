// SPDX-License-Identifier: Apache-2.0
// lwIP's own fuzz harness, as it comes with its source (test/fuzz/fuzz.c, with
// several packets an input), under libFuzzer: what the target lwip is measured
// against. Its main() reads one input and ends; here the stack is started once
// and what an input leaves behind stays, or, with FORMFUZZ_LWIP_RESET, is
// brought back to the start before each.
#define LWIP_FUZZ_MULTI_PACKET
#define main lwip_fuzz_main
#include FORMFUZZ_LWIP_FUZZ_C
#undef main

#include "components/lwip/port/port.h"

static struct netif interface;

// What its main() does before it reads.
static void Start(void) {
  ip4_addr_t address, mask, gateway;
  formfuzz_lwip_reset();
  memset(&interface, 0, sizeof(interface));
  lwip_init();
  IP4_ADDR(&address, 172, 30, 115, 84);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  IP4_ADDR(&gateway, 172, 30, 115, 1);
  netif_add(&interface, &address, &mask, &gateway, &interface, testif_init,
            ethernet_input);
  netif_set_up(&interface);
  netif_set_link_up(&interface);
  nd6_tmr();
  dns_setserver(0, &interface.gw);
  httpd_init();
  lwiperf_start_tcp_server_default(NULL, NULL);
  mdns_resp_init();
  mdns_resp_add_netif(&interface, "hostname", 255);
  snmp_init();
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static int started = 0;
#ifdef FORMFUZZ_LWIP_RESET
  started = 0;
#endif
  if (!started) Start();
  started = 1;
  input_pkts(&interface, data, size);
  return 0;
}
