// SPDX-License-Identifier: Apache-2.0
// What one scenario acts on: a client and a server of cpp-httplib, joined by
// two queues of bytes; and, where one of them is to be hostile, bytes in its
// place.
//
// What the server sees is what the caller of the client said: one request for
// each call, no header that nobody set, the body byte for byte.
#ifndef FORMFUZZ_HARNESSES_HTTP_SUBJECT_H_
#define FORMFUZZ_HARNESSES_HTTP_SUBJECT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "framework/formfuzz.h"
#include "generators/document/http.h"

namespace formfuzz {

enum class Call : uint8_t { kGet, kPost, kPut, kPatch, kDelete, kOptions };

class Http {
 public:
  explicit Http(Run& run) : run_(run) {}

  // The client's user calls; the server answers.
  Outcome Send(Call call, std::string_view path, std::string_view content_type,
               std::string_view body);
  Outcome SendForm(std::string_view name, std::string_view filename,
                   std::string_view content);
  // The server is sent what somebody made, in one go.
  Outcome Serve(const HttpRequest& request);
  Outcome ServeBytes(std::string_view bytes);
  // The client's user calls; what answers is no server of ours.
  Outcome Receive(std::string_view status, std::string_view headers,
                  std::string_view body);

  bool AnsweredInRanges() const { return in_ranges_; }

  // What the server told of a request that it took apart.
  struct Seen {
    std::vector<std::string> header_names;
    std::string body;
  };

 private:
  Outcome Judge(const std::vector<Seen>& seen, std::string_view body);
  Outcome Answer(std::string_view request);

  Run& run_;
  bool in_ranges_ = false;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_HTTP_SUBJECT_H_
