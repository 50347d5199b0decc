// SPDX-License-Identifier: Apache-2.0
// The digest of a schema tells every difference; its JSON says all of it.
#include "framework/input/schema.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace formfuzz {
namespace {

Schema Sample() {
  return {.kind = "struct",
          .name = "spec",
          .children = {
              {.kind = "integer", .name = "vcpus", .lowest = 1, .highest = 64},
              {.kind = "option", .options = {"owner", "guest"}}}};
}

TEST(SchemaDigestTest, IsStable) {
  EXPECT_EQ(SchemaDigest(Sample()), SchemaDigest(Sample()));
}

TEST(SchemaDigestTest, TellsEveryDifference) {
  const std::function<void(Schema&)> changes[] = {
      [](Schema&) {}, [](Schema& s) { s.kind = "variant"; },
      [](Schema& s) { s.name = "spec2"; }, [](Schema& s) { s.text = "x"; },
      [](Schema& s) { s.is_signed = true; },
      [](Schema& s) { s.children[0].lowest = 0; },
      [](Schema& s) { s.children[0].highest = 65; },
      [](Schema& s) { std::swap(s.children[0], s.children[1]); },
      [](Schema& s) { s.children.pop_back(); },
      [](Schema& s) {
        std::swap(s.children[1].options[0], s.children[1].options[1]);
      },
      [](Schema& s) { s.children[1].options = {"ownerguest"}; },
      // The same words, one level lower.
      [](Schema& s) {
        s.children[0].children.push_back(s.children[1]);
        s.children.pop_back();
      }};
  std::set<uint64_t> digests;
  for (const auto& change : changes) {
    Schema schema = Sample();
    change(schema);
    digests.insert(SchemaDigest(schema));
  }
  EXPECT_EQ(digests.size(), std::size(changes));
}

TEST(SchemaToJsonTest, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(SchemaToJson(Sample()),
            R"({"kind":"struct","name":"spec","children":[)"
            R"({"kind":"integer","name":"vcpus","lowest":1,"highest":64},)"
            R"({"kind":"option","options":["owner","guest"]}]})");
  EXPECT_EQ(SchemaToJson({.kind = "bool"}), R"({"kind":"bool"})");
}

TEST(SchemaToJsonTest, SurvivesTextThatIsNotUtf8) {
  const std::string json = SchemaToJson({.kind = "just", .text = "\xff\""});
  EXPECT_EQ(json, "{\"kind\":\"just\",\"text\":\"\xef\xbf\xbd\\\"\"}");
}

TEST(SchemaFromJsonTest, IsTheInverseOfToJson) {
  Schema everything = Sample();
  everything.text = "[a-z]";
  everything.is_signed = true;
  everything.lowest = UINT64_MAX;
  everything.highest = uint64_t{1} << 63;
  const auto read = SchemaFromJson(SchemaToJson(everything));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, everything);
}

TEST(SchemaFromJsonTest, RefusesWhatIsNoSchema) {
  for (const char* text :
       {"", "{", "[]", "7", "{}", R"({"name": "x"})", R"({"kind": 7})",
        R"({"kind": "list", "children": [3]})",
        R"({"kind": "list", "children": [{}]})",
        R"({"kind": "list", "lowest": "many"})",
        R"({"kind": "option", "options": [1]})"}) {
    EXPECT_EQ(SchemaFromJson(text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
}

}  // namespace
}  // namespace formfuzz
