// SPDX-License-Identifier: Apache-2.0
// Prints documents of the generators for parsers in other languages: a line
// each of kind, lie and the bytes in hexadecimal, all from fixed random bytes.
#include <cstdio>
#include <string>
#include <string_view>

#include "framework/base/random.h"
#include "framework/domain/domain.h"
#include "generators/document/config.h"
#include "generators/document/http.h"

namespace formfuzz {
namespace {

constexpr int kSamples = 3000;
constexpr size_t kBytesEach = 400;

void Print(std::string_view kind, int lie, std::string_view text) {
  std::printf("%.*s %d ", static_cast<int>(kind.size()), kind.data(), lie);
  for (const char c : text) std::printf("%02x", static_cast<uint8_t>(c));
  std::printf("\n");
}

template <class D, class Show>
void Sample(const D& domain, Random& random, Show show) {
  for (int i = 0; i < kSamples; ++i) {
    std::string bytes;
    for (size_t at = 0; at < kBytesEach; ++at) {
      bytes += static_cast<char>(random.Next());
    }
    Arena arena;
    ByteSource in(AsBytes(bytes), arena);
    const auto value = domain.Decode(in);
    show(domain.Get(value));
  }
}

void PrintAll() {
  constexpr std::string_view kFormats[] = {"json", "yaml", "ini", "toml"};
  Random random(7);
  Sample(ConfigFiles(), random, [&](const ConfigFile& file) {
    Print(kFormats[static_cast<size_t>(file.format)],
          static_cast<int>(file.lie), WriteConfig(file));
  });
  Sample(HttpRequests(), random, [](const HttpRequest& request) {
    const int body = static_cast<int>(request.body);
    Print("http", static_cast<int>(request.line) * 16 + body,
          WriteHttpRequest(request));
  });
}

}  // namespace
}  // namespace formfuzz

int main() { formfuzz::PrintAll(); }
