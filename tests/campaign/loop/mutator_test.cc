// SPDX-License-Identifier: Apache-2.0
// The laws of every mutator, and what each is for.
#include "campaign/loop/mutate/mutator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "campaign/loop/form/argument_mutators.h"
#include "campaign/loop/form/input_form.h"
#include "campaign/loop/mutate/byte_mutators.h"
#include "campaign/loop/mutate/havoc.h"
#include "campaign/loop/mutate/structure/domain_mutator.h"
#include "campaign/loop/mutate/structure/structure_mutators.h"
#include "campaign/loop/mutate/words/dictionary.h"
#include "framework/base/text.h"
#include "framework/domain/numbers.h"
#include "tests/campaign/loop/row_name.h"

namespace formfuzz::campaign {
namespace {

InputBytes BytesOf(std::string_view text) {
  return InputBytes(text.begin(), text.end());
}

Dictionary Words() {
  Dictionary words;
  for (const char* word : {"magic", "PNG", "0", "--flag"}) words.Add(word);
  words.AddCompared("abc", "needle");
  return words;
}

Mutators EveryMutator() {
  Mutators mutators;
  AddByteMutators(&mutators);
  AddSpliceMutators(&mutators);
  AddWordMutators(&mutators);
  AddTokenMutators(&mutators);
  AddLineMutators(&mutators);
  AddJsonMutators(&mutators);
  AddXmlMutators(&mutators);
  mutators.push_back(std::make_unique<DomainMutator<IntegerDomain<uint32_t>>>(
      "domain", InRange<uint32_t>(5, 500)));
  MakeCommandLineForm({"verbose", "-x"})->AddMutators(&mutators);
  return mutators;
}

const std::vector<std::string>& Samples() {
  static const std::vector<std::string> samples = {
      "",
      "a",
      std::string(3, '\0'),
      "one two 345 + six(7, 8)\n",
      R"({"a": [1, 2, {"b": null}], "c": "text"})",
      "[]",
      "GET /\nHost: x\n\nset a 1\nset b 2\nquit",
      "<a x='1'><b>text</b><c/><!-- note --></a>",
      "<r><s t='u'>v</s><w>x<y/></w></r>",
      std::string(5000, 'x'),
      "\xff\xfe\x00\x01 mixed \x80 bytes 42",
      std::string(400, '['),
      "abcabcabc"};
  return samples;
}

class MutatorLaws : public testing::TestWithParam<size_t> {
 protected:
  MutatorLaws() : mutators_(EveryMutator()) {}
  Mutator& mutator() { return *mutators_[GetParam()]; }

  Mutators mutators_;
  const Dictionary words_ = Words();
};

TEST_P(MutatorLaws, NeverGrowsPastTheBoundAndFalseMeansUntouched) {
  Random random(GetParam() + 1);
  for (const std::string& sample : Samples()) {
    for (int round = 0; round < 60; ++round) {
      InputBytes input = BytesOf(sample);
      const InputBytes other =
          BytesOf(Samples()[random.Below(Samples().size())]);
      const size_t size_max =
          std::max<size_t>(1, sample.size() + random.Below(20));
      const bool changed =
          mutator().Mutate({random, size_max, other, words_}, input);
      ASSERT_LE(input.size(), size_max) << mutator().name();
      if (!changed) {
        ASSERT_EQ(AsText(input), sample) << mutator().name();
      }
    }
  }
}

TEST_P(MutatorLaws, DoesTheSameForTheSameSeed) {
  Mutators again = EveryMutator();
  for (const std::string& sample : Samples()) {
    Random a(11);
    Random b(11);
    InputBytes first = BytesOf(sample);
    InputBytes second = first;
    const InputBytes other = BytesOf("other input 77");
    for (int i = 0; i < 5; ++i) {
      mutator().Mutate({a, 6000, other, words_}, first);
      again[GetParam()]->Mutate({b, 6000, other, words_}, second);
    }
    ASSERT_EQ(first, second) << mutator().name();
  }
}

TEST_P(MutatorLaws, ChangesSomeSampleInDifferentWays) {
  Random random(5);
  std::set<InputBytes> made;
  for (int round = 0; round < 50; ++round) {
    for (const std::string& sample : Samples()) {
      InputBytes input = BytesOf(sample);
      const InputBytes other =
          BytesOf(Samples()[random.Below(Samples().size())]);
      if (mutator().Mutate({random, 8000, other, words_}, input)) {
        made.insert(input);
      }
    }
  }
  EXPECT_GT(made.size(), 5u) << mutator().name();
}

INSTANTIATE_TEST_SUITE_P(Every, MutatorLaws,
                         testing::Range(size_t{0}, EveryMutator().size()),
                         [](const auto& row) {
                           return RowName(EveryMutator()[row.param]->name());
                         });

// Runs every mutator of a set on a sample and calls visit with what came out.
template <class Visit>
void ForResults(const Mutators& mutators, const std::string& sample,
                const std::string& other, Visit visit) {
  Random random(9);
  const Dictionary words = Words();
  const InputBytes second = BytesOf(other);
  for (int round = 0; round < 300; ++round) {
    for (const auto& mutator : mutators) {
      InputBytes input = BytesOf(sample);
      if (mutator->Mutate({random, 100'000, second, words}, input)) {
        visit(std::string(AsText(input)));
      }
    }
  }
}

TEST(StructureTest, RepeatsShortTokensOftenAndLongOnesOnce) {
  Mutators mutators;
  AddTokenMutators(&mutators);
  const auto repeat = std::find_if(
      mutators.begin(), mutators.end(),
      [](const auto& one) { return one->name() == "token-repeat"; });
  ASSERT_NE(repeat, mutators.end());
  const Dictionary words = Words();
  for (const auto& [size, most] : {std::pair{1, 64}, {10, 120}, {300, 300}}) {
    Random random(1);
    size_t added = 0;
    for (int i = 0; i < 200; ++i) {
      InputBytes input(static_cast<size_t>(size), 'x');
      const MutationScene scene{
          .random = random, .size_max = 1 << 20, .other = {}, .words = words};
      ASSERT_TRUE((*repeat)->Mutate(scene, input));
      added = std::max(added, input.size() - static_cast<size_t>(size));
    }
    EXPECT_EQ(added, static_cast<size_t>(most)) << size;
  }
}

TEST(StructureTest, PutsNumbersAndTokensBehindOthers) {
  Mutators mutators;
  AddTokenMutators(&mutators);
  std::set<std::string> results;
  ForResults(mutators, "RAW v2,", "7",
             [&](const std::string& text) { results.insert(text); });
  EXPECT_TRUE(results.contains("RAW v2 7,"));
  EXPECT_TRUE(results.contains("RAW v2, 0"));
  EXPECT_TRUE(results.contains("RAW magic v2,"));
}

// Lines stay whole: none begins or ends in the middle of another.
TEST(StructureTest, MovesWholeLines) {
  Mutators mutators;
  AddLineMutators(&mutators);
  const Dictionary words = Words();
  std::set<std::string> known = {"LOGIN a b", "NOOP", "QUIT now", "SELECT x"};
  for (const std::string& word : words.words()) known.insert(word);
  std::set<std::string> results;
  ForResults(mutators, "LOGIN a b\nNOOP\nQUIT now", "SELECT x\nNOOP\n",
             [&](const std::string& text) {
               results.insert(text);
               std::istringstream lines(text);
               for (std::string line; std::getline(lines, line);) {
                 ASSERT_TRUE(known.contains(line)) << text;
               }
             });
  EXPECT_TRUE(results.contains("LOGIN a b\nSELECT x\nNOOP\nQUIT now"));
  EXPECT_TRUE(results.contains("LOGIN a b\nNOOP\nQUIT now\nmagic\n"));
  EXPECT_TRUE(results.contains("NOOP\nQUIT now"));
  EXPECT_TRUE(results.contains("NOOP\nLOGIN a b\nQUIT now"));
  EXPECT_TRUE(results.contains("QUIT now\nNOOP\nLOGIN a b\n"));
}

TEST(StructureTest, FormatsThatAreNoTextHaveNoLines) {
  Mutators mutators;
  AddLineMutators(&mutators);
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0", 22);
  ForResults(mutators, png, "a line\n",
             [](const std::string& text) { ADD_FAILURE() << text; });
}

TEST(StructureTest, JsonStaysJson) {
  Mutators mutators;
  AddJsonMutators(&mutators);
  int results = 0;
  ForResults(mutators, R"({"a": [1, 2, {"b": null}], "c": "t"})", "[true, 5]",
             [&](const std::string& text) {
               ++results;
               ASSERT_TRUE(nlohmann::json::accept(text)) << text;
             });
  EXPECT_GT(results, 300);
}

TEST(StructureTest, XmlStaysXml) {
  Mutators mutators;
  AddXmlMutators(&mutators);
  int results = 0;
  ForResults(mutators, "<a x='1'><b>t</b><c/></a>", "<o><p q='r'/></o>",
             [&](const std::string& text) {
               ++results;
               pugi::xml_document tree;
               ASSERT_TRUE(tree.load_string(text.c_str())) << text;
             });
  EXPECT_GT(results, 300);
}

TEST(StructureTest, ADomainsMutatorMakesValuesOfTheDomain) {
  const auto domain = InRange<uint32_t>(5, 500);
  DomainMutator mutator("number", domain);
  Random random(3);
  const Dictionary words;
  InputBytes input;
  Arena arena;
  for (int i = 0; i < 500; ++i) {
    mutator.Mutate({random, 64, {}, words}, input);
    ByteSource in(input, arena);
    const uint32_t value = domain.Decode(in);
    ASSERT_GE(value, 5u);
    ASSERT_LE(value, 500u);
    ByteSink out;
    domain.Encode(value, out);
    ASSERT_EQ(AsText(out.bytes()), AsText(input));
  }
}

TEST(WordsTest, PutsWhatWasWantedWhereWhatWasSeenIs) {
  Mutators mutators;
  AddWordMutators(&mutators);
  bool found = false;
  ForResults(mutators, "..abc..", "", [&](const std::string& text) {
    found = found || text == "..needle..";
  });
  EXPECT_TRUE(found);
}

TEST(ArgumentsTest, OfAnotherInputComeBetweenOnesOwn) {
  const CommandLineDomain domain = CommandLines();
  Arena arena;
  const auto input_of = [&](std::vector<std::string> arguments) {
    CommandLine line = Decoded(domain, {}, arena);
    line.arguments = std::move(arguments);
    return Encoded(domain, line);
  };
  const InputBytes other = input_of({"--dump", "--all"});
  Mutators mutators;
  AddArgumentMutators({}, &mutators);
  Random random(1);
  const Dictionary words;
  std::set<std::vector<std::string>> made;
  for (int i = 0; i < 500; ++i) {
    InputBytes input = input_of({"--level", "9"});
    for (const auto& mutator : mutators) {
      mutator->Mutate({random, 1 << 16, other, words}, input);
    }
    made.insert(Decoded(domain, input, arena).arguments);
  }
  EXPECT_TRUE(made.contains({"--dump", "--level", "9"}));
  EXPECT_TRUE(made.contains({"--level", "9", "--dump", "--all"}));
}

TEST(YieldTest, GivesMoreToWhatPaysAndNeverNothing) {
  YieldSelector selector(10);
  Random random(1);
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 5000; ++i) {
      const size_t way = selector.Pick(random);
      selector.Used(way);
      if (way == 3) selector.Yielded(way);
    }
    selector.Adapt();
  }
  EXPECT_GT(selector.Share(3), 0.3);
  for (size_t way = 0; way < 10; ++way) EXPECT_GT(selector.Share(way), 0.01);
}

}  // namespace
}  // namespace formfuzz::campaign
