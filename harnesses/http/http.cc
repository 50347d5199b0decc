// SPDX-License-Identifier: Apache-2.0
// The HTTP client and server of cpp-httplib.
#include "harnesses/http/subject.h"

namespace formfuzz {
namespace {

auto ContentTypes() {
  return OneOf(
      ElementOf<std::string_view>({"text/plain", "application/json", "",
                                   "a/b; charset=utf-8",
                                   "application/x-www-form-urlencoded"}),
      InRegexp<std::string_view>("[a-z]/[a-z](\r?\n?[A-Za-z: ]{0,8}){0,2}"));
}
auto Paths() {
  return OneOf(HttpTargets(),
               InRegexp<std::string_view>("/[a-z\r\n :%?&=#]{0,12}"));
}
auto Statuses() {
  return ElementOf<std::string_view>({"200 OK", "204 No", "100 Continue",
                                      "301 Moved", "206 Partial", "200", "20 O",
                                      "999 \xff", "304 Not"});
}
auto ResponseHeaders() {
  return OneOf(
      ElementOf<std::string_view>(
          {"Content-Length: 2\r\n", "Content-Length: 99999999999999999999\r\n",
           "Transfer-Encoding: chunked\r\n", "Location: /echo\r\n",
           "Content-Length: -1\r\n", "Content-Type: multipart/byteranges\r\n",
           "", "No colon\r\n"}),
      BytesString<std::string_view>().WithMaxSize(48));
}
auto Bodies() {
  return OneOf(ElementOf<std::string_view>({"ok", "", "2\r\nok\r\n0\r\n\r\n",
                                            "ffffffffffffffff\r\nok",
                                            "2\r\nok\r\n", "-1\r\n"}),
               BytesString<std::string_view>().WithMaxSize(48));
}
auto Texts() { return BytesString<std::string_view>().WithMaxSize(24); }

FORMFUZZ_HARNESS(http, Http)
    .Step("send", &Http::Send, EnumOf<Call>(), Arg("path", Paths()),
          Arg("type", ContentTypes()), Arg("body", Texts()))
    .Step("send_form", &Http::SendForm, Arg("name", Texts()),
          Arg("file", Texts()), Arg("content", Texts()))
    .Step("serve", &Http::Serve, HttpRequests())
    .Step("serve_bytes", &Http::ServeBytes,
          BytesString<std::string_view>().WithMaxSize(256))
    .Step("receive", &Http::Receive, Arg("status", Statuses()),
          Arg("headers", ResponseHeaders()), Arg("body", Bodies()))
    .Strategy("both", {"send", "send_form"})
    .Strategy("hostile", {"serve", "serve_bytes", "receive", "send"})
    .StepsMax(6)
    .Goal("answered in ranges", &Http::AnsweredInRanges);

}  // namespace
}  // namespace formfuzz
