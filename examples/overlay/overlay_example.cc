// SPDX-License-Identifier: Apache-2.0
// The overlay on real sockets, to be tried by hand:
//
//   overlay_example relay PORT
//   overlay_example node OWN PEER relay|peer IP:PORT SECONDS TEXT [LOCAL-IP]
//
// The node OWN says TEXT to the node PEER, which it reaches by the relay that
// is there, or directly. Prints what it hears, and each change of its path.
// Keys are made from names: for examples only.
#include <arpa/inet.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "components/overlay/adapters/udp_socket.h"
#include "components/overlay/crypto/sodium_crypto.h"
#include "components/overlay/node/node.h"
#include "components/overlay/relay/relay.h"
#include "framework/base/clock.h"

namespace {

using overlay::Bytes;
using overlay::Endpoint;

constexpr char kUsage[] =
    "usage: overlay_example relay PORT\n"
    "       overlay_example node OWN PEER relay|peer IP:PORT SECONDS TEXT"
    " [LOCAL-IP]\n";

int64_t NowMs() { return static_cast<int64_t>(formfuzz::WallClockMs()); }

overlay::Key SecretOf(const overlay::Crypto& crypto, std::string_view name) {
  return crypto.Derive(
      overlay::Key(),
      {reinterpret_cast<const uint8_t*>(name.data()), name.size()}, 1);
}

std::optional<Endpoint> ParseEndpoint(const std::string& text) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  in_addr address{};
  if (inet_pton(AF_INET, text.substr(0, colon).c_str(), &address) != 1) {
    return std::nullopt;
  }
  return Endpoint{ntohl(address.s_addr),
                  static_cast<uint16_t>(std::atoi(&text[colon + 1]))};
}

void Print(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

// What the component sends goes to the socket, what it hears to the terminal.
class Outlet final : public overlay::Sink, public overlay::Relay::Sink {
 public:
  explicit Outlet(overlay::UdpSocket& socket) : socket_(socket) {}
  void SendTo(const Endpoint& to, Bytes datagram) override {
    socket_.SendTo(to, datagram);
  }
  void OnMessage(const overlay::Key&, Bytes message) override {
    Print("heard " + std::string(message.begin(), message.end()));
  }
  void OnGivenUp(const overlay::Key&, size_t messages) override {
    Print("gave up " + std::to_string(messages));
  }

 private:
  overlay::UdpSocket& socket_;
};

int RunRelay(overlay::UdpSocket socket) {
  const overlay::SodiumCrypto crypto;
  Outlet outlet(socket);
  overlay::Relay relay(crypto, SecretOf(crypto, "relay"), outlet);
  while (true) {
    if (const auto received = socket.Receive(1'000)) {
      relay.Receive(received->from, received->datagram, NowMs());
    }
  }
}

struct Options {
  std::string own;
  std::string peer;
  bool by_relay = false;
  Endpoint server;
  int64_t lifetime_ms = 0;
  std::string text;
};

void RunNode(const Options& options, overlay::UdpSocket& socket,
             const Endpoint& local) {
  const overlay::SodiumCrypto crypto;
  overlay::SodiumEntropy entropy;
  Outlet outlet(socket);
  overlay::Node node({crypto, entropy, outlet}, SecretOf(crypto, options.own),
                     overlay::Settings());
  const auto key_of = [&](std::string_view name) {
    return crypto.PairOf(SecretOf(crypto, name)).open;
  };
  const overlay::Key peer = key_of(options.peer);
  node.SetLocalEndpoints({&local, 1});
  if (options.by_relay) node.UseRelay(options.server, key_of("relay"));
  std::optional<Endpoint> hint;
  if (!options.by_relay) hint = options.server;
  absl::Status done = node.AddPeer(peer, hint);
  const auto* const text =
      reinterpret_cast<const uint8_t*>(options.text.data());
  if (done.ok()) done = node.Send(peer, {text, options.text.size()}, NowMs());
  if (done.ok()) done = node.Connect(peer, NowMs());
  if (!done.ok()) Print(std::string(done.message()));
  std::string path;
  for (const int64_t end_ms = NowMs() + options.lifetime_ms; NowMs() < end_ms;
       node.Tick(NowMs())) {
    const int64_t next_ms = std::min(node.NextDeadlineMs(), end_ms);
    if (const auto received = socket.Receive(next_ms - NowMs())) {
      node.Receive(received->from, received->datagram, NowMs());
    }
    const auto view = *node.View(peer);
    if (view.state != overlay::PeerState::kUp) continue;
    const std::string now = view.direct.has_value() ? "direct" : "relayed";
    if (now != path) Print("path " + now);
    path = now;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string role = argc > 2 ? argv[1] : "";
  const bool is_relay = role == "relay" && argc == 3;
  const auto server = role == "node" && argc >= 8 && argc <= 9
                          ? ParseEndpoint(argv[5])
                          : std::nullopt;
  if (!is_relay && !server.has_value()) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const auto port = static_cast<uint16_t>(is_relay ? std::atoi(argv[2]) : 0);
  auto socket = overlay::UdpSocket::Open({0, port});
  if (!socket.ok()) {
    std::fprintf(stderr, "%s\n",
                 std::string(socket.status().message()).c_str());
    return 3;
  }
  if (is_relay) return RunRelay(*std::move(socket));
  Endpoint local = *socket->Local();
  local.address = 0x7f000001;
  if (argc == 9) {
    const auto named = ParseEndpoint(std::string(argv[8]) + ":0");
    if (named.has_value()) local.address = named->address;
  }
  RunNode({argv[2], argv[3], std::string(argv[4]) == "relay", *server,
           std::atoll(argv[6]) * 1'000, argv[7]},
          *socket, local);
  return 0;
}
