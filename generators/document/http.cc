// SPDX-License-Identifier: Apache-2.0
// Writing requests.
#include "generators/document/http.h"

namespace formfuzz {
namespace {

constexpr size_t kLongTargetBytes = 9000;
constexpr size_t kTooMany = 64;  // bytes claimed that are not there

void WriteLine(const HttpRequest& request, std::string& out) {
  const std::string_view gap =
      request.line == HttpLine::kTwoSpaces ? "  " : " ";
  out.append(request.method).append(gap).append(request.target);
  if (request.line == HttpLine::kLongTarget) out.append(kLongTargetBytes, 'a');
  if (request.line != HttpLine::kNoVersion) {
    out.append(gap).append(request.line == HttpLine::kOldVersion ? "HTTP/1.0"
                                                                 : "HTTP/1.1");
  }
  out.append(request.line == HttpLine::kBareNewline ? "\n" : "\r\n");
}

void WriteLength(std::string_view sign, size_t length, std::string& out) {
  out.append("Content-Length: ").append(sign);
  out.append(std::to_string(length)).append("\r\n");
}

bool IsChunked(HttpBody body) {
  return body == HttpBody::kChunked || body == HttpBody::kChunkTooLarge ||
         body == HttpBody::kChunkUnended || body == HttpBody::kChunkedAndLength;
}

void WriteBodyHeaders(const HttpRequest& request, std::string& out) {
  const size_t size = request.content.size();
  switch (request.body) {
    case HttpBody::kNone:
    case HttpBody::kChunked:
    case HttpBody::kChunkTooLarge:
    case HttpBody::kChunkUnended:
      break;
    case HttpBody::kByLength:
    case HttpBody::kChunkedAndLength:
      WriteLength("", size, out);
      break;
    case HttpBody::kLengthTooLarge:
      WriteLength("", size + kTooMany, out);
      break;
    case HttpBody::kLengthTooSmall:
      WriteLength("", size / 2, out);
      break;
    case HttpBody::kLengthTwice:
      WriteLength("", size, out);
      WriteLength("", 0, out);
      break;
    case HttpBody::kLengthNegative:
      WriteLength("-", 1, out);
      break;
  }
  if (IsChunked(request.body)) out.append("Transfer-Encoding: chunked\r\n");
}

void WriteChunk(std::string_view content, HttpBody body, std::string& out) {
  constexpr char kDigits[] = "0123456789abcdef";
  const size_t size =
      content.size() + (body == HttpBody::kChunkTooLarge ? kTooMany : 0);
  if (size >= 16) out += kDigits[size / 16 % 16];
  out += kDigits[size % 16];
  out.append("\r\n").append(content).append("\r\n");
  if (body != HttpBody::kChunkUnended && !content.empty()) {
    out.append("0\r\n\r\n");
  }
}

}  // namespace

std::string WriteHttpRequest(const HttpRequest& request) {
  std::string out;
  WriteLine(request, out);
  for (const HttpHeader& header : request.headers) {
    out.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  WriteBodyHeaders(request, out);
  out.append("\r\n");
  if (IsChunked(request.body)) {
    WriteChunk(request.content, request.body, out);
  } else if (request.body != HttpBody::kNone) {
    out.append(request.content);
  }
  return out;
}

}  // namespace formfuzz
