// SPDX-License-Identifier: Apache-2.0
// API requests: JSON over HTTP/1.1, right, or wrong in one place: the line, a
// header's shape, the body's length, a chunk's size.
#ifndef FORMFUZZ_GENERATORS_DOCUMENT_HTTP_H_
#define FORMFUZZ_GENERATORS_DOCUMENT_HTTP_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "framework/domain/arbitrary.h"
#include "generators/mostly_first.h"

namespace formfuzz {

enum class HttpBody : uint8_t {
  kByLength,
  kChunked,
  kNone,
  kLengthTooLarge,
  kLengthTooSmall,
  kLengthTwice,
  kLengthNegative,
  kChunkTooLarge,
  kChunkUnended,
  kChunkedAndLength,
};
enum class HttpLine : uint8_t {
  kRight,
  kNoVersion,
  kOldVersion,
  kBareNewline,
  kTwoSpaces,
  kLongTarget,
};

struct HttpHeader {
  std::string_view name;
  std::string_view value;
};

struct HttpRequest {
  std::string_view method;
  std::string_view target;
  std::span<const HttpHeader> headers;
  std::string_view content;
  HttpBody body;
  HttpLine line;
};

inline auto HttpMethods() {
  return ElementOf<std::string_view>({"GET", "POST", "PUT", "PATCH", "DELETE",
                                      "HEAD", "OPTIONS", "get", "PRI", ""});
}
inline auto HttpTargets() {
  return ElementOf<std::string_view>(
      {"/echo", "/", "/items/1", "/items?limit=1&limit=2", "/%2e%2e/%00",
       "/../etc", "/%zz", "*", "http://other/echo", "/echo#a", "/items/\xff",
       ""});
}
// Names mostly right; values too, but those that begin with an x: these hold
// any bytes.
inline auto HttpHeaders() {
  return StructOf<HttpHeader>(
      ElementOf<std::string_view>({"Host",           "Accept",   "Range",
                                   "Connection",     "Expect",   "Content-Type",
                                   "Cookie",         "If-Range", "X-Id",
                                   "content-length", "",         "X Y",
                                   "Host",           "Accept",   "Range",
                                   "Connection",     "Expect",   "Content-Type",
                                   "Cookie",         "If-Range", "X-Id"}),
      InRegexp<std::string_view>(
          "a|close|keep-alive|100-continue|application/json|[0-9]{1,3}|gzip"
          "|bytes=[0-9]{0,2}-[0-9]{0,2}(,[0-9]?-[0-9]?){0,4}"
          "|multipart/form-data; boundary=b?|x[\\x00-\\xff]{0,16}"));
}
inline auto HttpContents() {
  return OneOf(
      ElementOf<std::string_view>(
          {"", "{\"name\": \"a\"}", "[1, 2, {\"x\": null}]",
           "--b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nv\r\n--b"
           "--\r\n",
           "--b\r\n\r\n", "{\"a\": {\"a\": {\"a\": []}}}"}),
      BytesString<std::string_view>().WithMaxSize(64));
}
inline auto HttpRequests() {
  return StructOf<HttpRequest>(
      HttpMethods(), HttpTargets(), SpanOf(HttpHeaders()).WithMaxSize(6),
      HttpContents(), MostlyFirst<HttpBody>(), MostlyFirst<HttpLine>());
}

// The bytes of it, as they go over the wire.
std::string WriteHttpRequest(const HttpRequest& request);

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_DOCUMENT_HTTP_H_
