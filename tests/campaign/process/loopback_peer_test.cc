// SPDX-License-Identifier: Apache-2.0
// What programs that connect are told.

#include "campaign/process/session/loopback_peer.h"

#include <gtest/gtest.h>

#include <string>

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

TEST(LoopbackPeerTest, AnswersLines) {
  EXPECT_EQ(AnswerTo("PING"), "");
  EXPECT_EQ(AnswerTo("PING\r\n"), "+OK\r\n");
}

}  // namespace
}  // namespace formfuzz::campaign
