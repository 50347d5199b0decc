// SPDX-License-Identifier: Apache-2.0
// Documents: laws; what does not lie is read by the formats' own parsers, and
// lengths and checksums are those of what they are about.
#include <gtest/gtest.h>

#include <toml++/toml.h>
#include <nlohmann/json.hpp>

#include "framework/domain/laws.h"
#include "generators/document/config.h"
#include "generators/document/http.h"
#include "generators/document/protocol.h"

namespace formfuzz {
namespace {

ProtocolSpec Frame() {
  return {{Magic("magic", "FF"), LengthOf("size", 2, 2, 3), Number("kind", 1),
           Content("body", 16), Sum16Of("sum", 2, 3)}};
}

// Calls judge with a thousand values, wandering by mutation.
template <class D, class Judge>
void ForMany(const D& domain, Judge judge) {
  Random random(5);
  for (int walk = 0; walk < 20; ++walk) {
    Arena arena;
    Mutation mutation(random, arena);
    auto value = SmallestOf(domain, arena);
    for (int i = 0; i < 50; ++i) {
      domain.Mutate(value, mutation);
      judge(domain.Get(value));
    }
  }
}

TEST(DocumentTest, DomainsObeyTheLaws) {
  EXPECT_EQ(CheckDomainLaws(HttpRequests()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(ConfigFiles()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(ProtocolMessages(Frame())), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(ProtocolMessages(PngSpec())), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(ProtocolMessages(RiffSpec())), absl::OkStatus());
}

TEST(DocumentTest, ConfigsThatDoNotLieAreRead) {
  size_t read = 0;
  ForMany(ConfigFiles(), [&](ConfigFile file) {
    file.lie = ConfigLie::kNone;
    file.format = ConfigFormat::kJson;
    const std::string json = WriteConfig(file);
    const auto tree = nlohmann::json::parse(json, nullptr, false);
    ASSERT_FALSE(tree.is_discarded()) << json;
    EXPECT_EQ(tree.size(), file.sections.size()) << json;
    file.format = ConfigFormat::kToml;
    const std::string text = WriteConfig(file);
    try {
      read += toml::parse(text).size();
    } catch (const toml::parse_error& error) {
      FAIL() << error.what() << "\n" << text;
    }
  });
  EXPECT_GT(read, 100u);
}

TEST(DocumentTest, ConfigsThatLieAreMostlyRefused) {
  size_t lies = 0;
  size_t refused = 0;
  ForMany(ConfigFiles(), [&](ConfigFile file) {
    if (file.lie != ConfigLie::kUnclosed && file.lie != ConfigLie::kTrailing) {
      return;
    }
    file.format = ConfigFormat::kJson;
    ++lies;
    refused +=
        nlohmann::json::parse(WriteConfig(file), nullptr, false).is_discarded();
  });
  EXPECT_GT(lies, 0u);
  EXPECT_EQ(refused, lies);
}

TEST(DocumentTest, AKeyThatStandsTwiceIsTheSame) {
  const ConfigEntry entries[] = {{"port", {ConfigKind::kBool, 0, ""}},
                                 {"name", {ConfigKind::kBool, 1, ""}},
                                 {"name", {ConfigKind::kBool, 1, ""}}};
  const ConfigSection sections[] = {{"server", entries}};
  EXPECT_EQ(WriteConfig({sections, ConfigFormat::kIni, ConfigLie::kNone}),
            "[server0]\nport0 = true\nname1 = false\nname2 = false\n");
  EXPECT_EQ(WriteConfig({sections, ConfigFormat::kIni, ConfigLie::kKeyTwice}),
            "[server0]\nport0 = true\nport0 = false\nname2 = false\n");
}

TEST(DocumentTest, LengthsAndChecksumsAreRight) {
  const FieldDraft fields[] = {{}, {}, {7, {}}, {0, "body"}, {}};
  const std::vector<uint8_t> message =
      WriteMessage(Frame(), {fields, 0, FieldLie::kNone});
  ASSERT_EQ(message.size(), 2u + 2 + 1 + 4 + 2);
  EXPECT_EQ(message[3], 5);  // kind and body
  EXPECT_EQ(message[4], 7);
}

TEST(DocumentTest, OneFieldLiesAndTheOthersFollow) {
  const FieldDraft fields[] = {{}, {}, {7, {}}, {0, "body"}, {}};
  const std::vector<uint8_t> honest =
      WriteMessage(Frame(), {fields, 1, FieldLie::kNone});
  const std::vector<uint8_t> message =
      WriteMessage(Frame(), {fields, 1, FieldLie::kOneMore});
  EXPECT_EQ(message[3], honest[3] + 1);
  EXPECT_TRUE(
      std::equal(message.begin() + 4, message.end(), honest.begin() + 4));
}

TEST(DocumentTest, Crc32IsThatOfPng) {
  const std::string_view end = "IEND";
  EXPECT_EQ(Crc32(AsBytes(end)), 0xae426082u);
}

TEST(DocumentTest, BodiesHaveTheLengthTheySay) {
  const HttpRequest request{
      "POST", "/echo", {}, "abc", HttpBody::kByLength, HttpLine::kRight};
  EXPECT_EQ(WriteHttpRequest(request),
            "POST /echo HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
}

}  // namespace
}  // namespace formfuzz
