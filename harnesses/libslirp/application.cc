// SPDX-License-Identifier: Apache-2.0
// What the application does that holds libslirp.
#include <arpa/inet.h>
#include <glib.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <utility>

#include "components/libslirp/session_queues.h"
#include "harnesses/libslirp/addresses.h"
#include "harnesses/libslirp/subject.h"

// In place of one that asks the system: the same numbers in every life.
extern "C" GRand* formfuzz_slirp_random() { return g_rand_new_with_seed(1); }

namespace formfuzz {
namespace {

in_addr Ip4(uint32_t address) { return {htonl(address)}; }

LibSlirp& Self(void* self) { return *static_cast<LibSlirp*>(self); }

constexpr int64_t kNotSet = std::numeric_limits<int64_t>::max();

}  // namespace

// It fires in Poll, when its time has come.
struct LibSlirp::Timer {
  SlirpTimerId id;
  void* argument;
  int64_t due_ms = kNotSet;
};

SlirpCb LibSlirp::Callbacks() {
  SlirpCb callbacks{};
  callbacks.send_packet = [](const void* frame, size_t size, void* self) {
    Self(self).LookAt({static_cast<const uint8_t*>(frame), size});
    return static_cast<ssize_t>(size);
  };
  callbacks.guest_error = [](const char*, void*) {};
  callbacks.clock_get_ns = [](void* self) {
    return static_cast<int64_t>(Self(self).run_.clock().NowMs()) * 1'000'000;
  };
  callbacks.timer_free = [](void* timer, void* self) {
    std::erase_if(Self(self).timers_,
                  [&](const auto& known) { return known.get() == timer; });
  };
  callbacks.timer_mod = [](void* timer, int64_t at_ms, void* self) {
    static_cast<Timer*>(timer)->due_ms = at_ms;
    Self(self).run_.SetDeadline(static_cast<uint64_t>(at_ms));
  };
  callbacks.register_poll_fd = [](int, void*) {};
  callbacks.unregister_poll_fd = [](int, void*) {};
  callbacks.notify = [](void*) {};
  callbacks.timer_new_opaque = [](SlirpTimerId id, void* argument,
                                  void* self) -> void* {
    auto made = std::make_unique<Timer>(Timer{id, argument});
    return Self(self).timers_.emplace_back(std::move(made)).get();
  };
  return callbacks;
}

// Restricted: whatever goes elsewhere than to the service is dropped.
Slirp* LibSlirp::Make() {
  static const char* kSearch[] = {"example.test", "test", nullptr};
  SlirpConfig config{};
  config.version = 4;
  config.restricted = 1;
  config.in_enabled = true;
  config.vnetwork = Ip4(0x0a000200);
  config.vnetmask = Ip4(0xffffff00);
  config.vhost = Ip4(kHostIp);
  config.vdhcp_start = Ip4(kGuestIp);
  config.vnameserver = Ip4(kServerIp);
  config.in6_enabled = true;
  config.vprefix_addr6.s6_addr[0] = 0xfe;
  config.vprefix_addr6.s6_addr[1] = 0xc0;
  config.vprefix_len = 64;
  std::copy(kEnds6.destination.begin(), kEnds6.destination.end(),
            config.vhost6.s6_addr);
  config.vnameserver6 = config.vhost6;
  config.vnameserver6.s6_addr[15] = 3;
  config.vhostname = "guest";
  config.vdnssearch = kSearch;
  config.vdomainname = "test";
  config.bootfile = "boot";
  config.disable_dns = true;
  Slirp* made = slirp_new(&config, &callbacks_, this);
  FORMFUZZ_CHECK(made != nullptr, "slirp_new");
  in_addr service = Ip4(kServiceIp);
  slirp_add_guestfwd(
      made,
      [](const void*, size_t size, void* self) {
        Self(self).service_heard_ += size;
        return static_cast<ssize_t>(size);
      },
      this, &service, kServicePort);
  return made;
}

LibSlirp::LibSlirp(Run& run)
    : run_(run), callbacks_(Callbacks()), slirp_(Make()) {}

LibSlirp::~LibSlirp() { CleanUp(); }

// docs/findings/libslirp/waiting_leak.md
void LibSlirp::CleanUp() {
  static const bool known_defects_stay =
      std::getenv("FORMFUZZ_LIBSLIRP_KNOWN_DEFECTS") != nullptr;
  if (!known_defects_stay) formfuzz_slirp_free_waiting(slirp_);
  slirp_cleanup(slirp_);
}

Outcome LibSlirp::ServiceSends(uint16_t size) {
  const size_t room =
      slirp_socket_can_recv(slirp_, Ip4(kServiceIp), kServicePort);
  if (room == 0) return Outcome::Refused("no_room");
  const std::vector<uint8_t> data(std::min<size_t>(size, room), 's');
  slirp_socket_recv(slirp_, Ip4(kServiceIp), kServicePort, data.data(),
                    static_cast<int>(data.size()));
  return Done();
}

// Each fires once for each time that it is set.
void LibSlirp::FireTimers() {
  const auto now_ms = static_cast<int64_t>(run_.clock().NowMs());
  for (size_t i = 0; i < timers_.size(); ++i) {
    Timer& timer = *timers_[i];
    if (timer.due_ms > now_ms) continue;
    timer.due_ms = kNotSet;
    slirp_handle_timer(slirp_, timer.id, timer.argument);
  }
}

// Nothing is ever ready but time.
Outcome LibSlirp::Poll() {
  uint32_t timeout = 1000;
  slirp_pollfds_fill(
      slirp_, &timeout, [](int, int, void*) { return -1; }, this);
  run_.clock().AdvanceMs(timeout);
  slirp_pollfds_poll(slirp_, 0, [](int, void*) { return 0; }, this);
  FireTimers();
  return Done();
}

Outcome LibSlirp::SaveAndLoad() {
  // Kept for the next time: it grows to a megabyte and more, each page of which
  // would be the kernel's to give anew.
  static std::vector<uint8_t> kept;
  kept.clear();
  struct Stream {
    std::vector<uint8_t>& bytes;
    size_t at = 0;
  } stream{kept};
  // The callbacks are given the stream, and not the harness.
  slirp_state_save(
      slirp_,
      [](const void* from, size_t size, void* to) {
        auto& bytes = static_cast<Stream*>(to)->bytes;
        const auto* first = static_cast<const uint8_t*>(from);
        bytes.insert(bytes.end(), first, first + size);
        return static_cast<ssize_t>(size);
      },
      &stream);
  CleanUp();
  slirp_ = Make();
  const int result = slirp_state_load(
      slirp_, slirp_state_version(),
      [](void* to, size_t size, void* from) {
        auto& all = *static_cast<Stream*>(from);
        const size_t taken = std::min(size, all.bytes.size() - all.at);
        if (taken > 0) std::memcpy(to, all.bytes.data() + all.at, taken);
        all.at += taken;
        return static_cast<ssize_t>(taken);
      },
      &stream);
  run_.Expect(result == 0, "WhatIsSavedIsLoaded",
              Concat("slirp_state_load gives ", result));
  return Done();
}

}  // namespace formfuzz
