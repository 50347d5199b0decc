// SPDX-License-Identifier: Apache-2.0
// A table, and a folder's files.

#include "campaign/syscalls/drive/requests.h"

#include <algorithm>

#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kRequestBytesMax = 1 << 20;
constexpr size_t kLargeBytes = 96 << 10;  // more than a socket takes at once

}  // namespace

std::vector<std::string> UsualRequests() {
  std::vector<std::string> all = {
      "", "\r\n", "GET / HTTP/1.0\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
      "Connection: close\r\n\r\n",
      "GET /missing HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-1\r\n\r\n",
      "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n"
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nalpha",
      "PING\r\n", "HELP\r\nINFO\r\nSTATUS\r\nQUIT\r\n",
      "SET key value\r\nGET key\r\nDEL key\r\nSAVE\r\nSHUTDOWN\r\n",
      "USER root\r\nPASS x\r\nLIST\r\n",
      // The beginning of a handshake of TLS 1.2.
      std::string("\x16\x03\x01\x00\x2f\x01\x00\x00\x2b\x03\x03", 11) +
          std::string(32, 'r') +
          std::string("\x00\x00\x04\xc0\x2f\x00\x9c\x01\x00", 9)};
  all.push_back("GET /" + std::string(kLargeBytes, 'a') + "\r\n\r\n");
  return all;
}

absl::StatusOr<std::vector<std::string>> RequestsIn(const std::string& folder) {
  const auto files = ListFiles(folder);
  if (!files.ok()) return files.status();
  if (files->empty()) {
    return absl::NotFoundError(
        Concat("no requests in ", folder, ": one file each is wanted"));
  }
  std::vector<std::string> paths = *files;
  std::ranges::sort(paths);
  std::vector<std::string> requests;
  for (const std::string& path : paths) {
    auto content = ReadFile(path, kRequestBytesMax);
    if (!content.ok()) return content.status();
    requests.emplace_back(content->begin(), content->end());
  }
  return requests;
}

}  // namespace formfuzz::campaign
