// SPDX-License-Identifier: Apache-2.0
// What programs that connect are told.

#include "campaign/process/session/loopback_peer.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace formfuzz::campaign {
namespace {

TEST(LoopbackPeerTest, AnswersRequestsThatAreWhole) {
  EXPECT_EQ(AnswerTo("GET / HTTP/1.1\r\nHost: x\r\n"), "");
  const std::string page = AnswerTo("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(page.starts_with("HTTP/1.1 200 OK\r\n"));
  const size_t body = page.find("\r\n\r\n") + 4;
  EXPECT_NE(page.find("Content-Length: " + std::to_string(page.size() - body)),
            page.npos);
  EXPECT_TRUE(
      AnswerTo("GET /missing HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 404 "));
  EXPECT_EQ(AnswerTo("HEAD / HTTP/1.1\r\n\r\n"), page.substr(0, body));
}

TEST(LoopbackPeerTest, SaysThatItEndsWhereThatIsAwaited) {
  for (const char* request : {"GET / HTTP/1.0\r\n\r\n",
                              "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"}) {
    EXPECT_NE(AnswerTo(request).find("\r\nConnection: close\r\n"),
              std::string::npos)
        << request;
  }
  EXPECT_EQ(AnswerTo("GET / HTTP/1.1\r\n\r\n").find("Connection"),
            std::string::npos);
}

// A listener on the loopback, and its peer.
class Peered : public testing::Test {
 protected:
  void SetUp() override {
    UniqueFd listener(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address_);
    auto* const address = reinterpret_cast<sockaddr*>(&address_);
    ASSERT_EQ(bind(listener.get(), address, size), 0);
    ASSERT_EQ(listen(listener.get(), 4), 0);
    ASSERT_EQ(getsockname(listener.get(), address, &size), 0);
    auto peer = LoopbackPeer::Make(std::move(listener));
    ASSERT_TRUE(peer.ok()) << peer.status();
    peer_ = *std::move(peer);
  }

  UniqueFd Connected() {
    UniqueFd client(socket(AF_INET, SOCK_STREAM, 0));
    EXPECT_EQ(connect(client.get(), reinterpret_cast<sockaddr*>(&address_),
                      sizeof(address_)),
              0);
    return client;
  }
  static void Say(const UniqueFd& client, std::string_view text) {
    EXPECT_EQ(send(client.get(), text.data(), text.size(), 0),
              static_cast<ssize_t>(text.size()));
  }
  // Until the other side ends.
  static std::string All(const UniqueFd& client) {
    std::string all;
    char bytes[512];
    ssize_t size = 0;
    while ((size = read(client.get(), bytes, sizeof(bytes))) > 0) {
      all.append(bytes, static_cast<size_t>(size));
    }
    return all;
  }

  sockaddr_in address_{};
  std::unique_ptr<LoopbackPeer> peer_;
};

TEST_F(Peered, EndsWhereTheRequestIsTheLast) {
  const UniqueFd client = Connected();
  const std::string request = "GET / HTTP/1.0\r\n\r\n";
  Say(client, request);
  EXPECT_EQ(All(client), AnswerTo(request));
}

TEST_F(Peered, GreetsWhoSaysNothingAndNobodyElse) {
  const UniqueFd slow = Connected();
  Say(slow, "GET / HT");
  const UniqueFd silent = Connected();
  char bytes[64];
  const ssize_t size = read(silent.get(), bytes, sizeof(bytes));
  EXPECT_EQ(std::string_view(bytes, static_cast<size_t>(size)),
            "220 ready\r\n");
  Say(slow, "TP/1.0\r\n\r\n");
  EXPECT_EQ(All(slow), AnswerTo("GET / HTTP/1.0\r\n\r\n"));
}

TEST_F(Peered, TurnsAwayWhatIsNoText) {
  const UniqueFd client = Connected();
  Say(client, "\x16\x03\x01 hello\n");
  EXPECT_EQ(All(client), "");
}

TEST(LoopbackPeerTest, AnswersLines) {
  EXPECT_EQ(AnswerTo("PING"), "");
  EXPECT_EQ(AnswerTo("PING\r\n"), "+OK\r\n");
}

}  // namespace
}  // namespace formfuzz::campaign
