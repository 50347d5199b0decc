// SPDX-License-Identifier: Apache-2.0
// Every domain of the framework through the law suite, and the law suite
// itself against domains that break each law.
#include "framework/domain/laws.h"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <list>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "framework/domain/any_domain.h"
#include "framework/domain/arbitrary.h"

namespace formfuzz {
namespace {

enum class Level { kNone, kReadOnly, kOwner };
struct Disk {
  uint32_t size_gb;
  std::string_view label;
};
struct Spec {
  std::string name;
  uint8_t vcpus;
  Level level;
  double weight;
  std::vector<Disk> disks;
};
struct Tree {
  int value = 0;
  std::vector<Tree> children = {};
};
struct Vm {
  static constexpr std::string_view kName = "vm";
};

template <class D>
void ExpectLawful(const D& domain) {
  const absl::Status status = CheckDomainLaws(domain);
  EXPECT_TRUE(status.ok()) << status;
}

TEST(DomainLawsTest, HoldForNumbers) {
  ExpectLawful(Arbitrary<bool>());
  ExpectLawful(Arbitrary<int8_t>());
  ExpectLawful(Arbitrary<uint64_t>());
  ExpectLawful(Arbitrary<int64_t>());
  ExpectLawful(InRange<int>(-5, 300));
  ExpectLawful(InRange<int64_t>(-1000000, -3));
  ExpectLawful(InRange<uint64_t>(7, 7));
  ExpectLawful(InRange<uint64_t>(1, UINT64_MAX));
  ExpectLawful(Arbitrary<double>());
  ExpectLawful(Arbitrary<float>());
  ExpectLawful(InRange(-1.5, 2.5));
  ExpectLawful(InRange(0.25f, 0.75f));
}

TEST(DomainLawsTest, HoldForChoices) {
  ExpectLawful(EnumOf<Level>());
  ExpectLawful(ElementOf<int>({3, -1, 7}));
  ExpectLawful(ElementOf<uint64_t>({1, 100, 10}));  // one begins another
  ExpectLawful(ElementOf<std::string>({"", "plain", "two words", "9"}));
  ExpectLawful(OptionOf<int>({{"low", 1}, {"high", 1000}}));
  ExpectLawful(Just(std::string("only")));
}

TEST(DomainLawsTest, HoldForStrings) {
  ExpectLawful(Arbitrary<std::string>());
  ExpectLawful(Arbitrary<std::string_view>());
  ExpectLawful(PrintableAsciiString().WithMinSize(3).WithMaxSize(300));
  ExpectLawful(AsciiString<std::string_view>().WithSize(5));
  ExpectLawful(InRegexp("[a-z][a-z0-9-]{0,20}"));
  ExpectLawful(InRegexp("gzip|[0-9]{1,3}"));
  ExpectLawful(InRegexp<std::string_view>("(GET|PUT) /[^ ]* HTTP/1\\.[01]"));
}

TEST(DomainLawsTest, HoldForContainers) {
  ExpectLawful(Arbitrary<std::vector<uint16_t>>());
  ExpectLawful(Arbitrary<std::span<const uint32_t>>());
  ExpectLawful(Arbitrary<std::set<int>>());
  ExpectLawful(Arbitrary<std::map<int, std::string>>());
  ExpectLawful(VectorOf(Just(1)).WithMaxSize(300));
  ExpectLawful(SpanOf(PrintableAsciiString<std::string_view>())
                   .WithMinSize(2)
                   .WithMaxSize(5));
  ExpectLawful(VectorOf(VectorOf(Arbitrary<bool>())));
  ExpectLawful(Arbitrary<std::deque<std::list<int>>>());
  ExpectLawful(Arbitrary<std::unordered_map<int, bool>>());
  ExpectLawful(MapOf(InRegexp("[a-c]"), Arbitrary<std::set<Level>>()));
}

TEST(DomainLawsTest, HoldForAggregates) {
  ExpectLawful(Arbitrary<Spec>());
  ExpectLawful(Arbitrary<Disk>());
  ExpectLawful(StructOf<Disk>(InRange<uint32_t>(1, 64),
                              InRegexp<std::string_view>("[a-z]+")));
}

TEST(DomainLawsTest, HoldForTuples) {
  ExpectLawful(TupleOf(InRange(1, 9), Arbitrary<std::string>(),
                       VectorOf(EnumOf<Level>())));
  ExpectLawful(PairOf(AnyHandle<Vm>(), Arbitrary<Spec>()));
  ExpectLawful(ArrayOf<3>(InRange(-1000, 1000)));
  ExpectLawful(Arbitrary<std::array<std::optional<bool>, 2>>());
  ExpectLawful(Arbitrary<std::tuple<uint8_t, std::pair<int, bool>>>());
  ExpectLawful(Arbitrary<std::chrono::milliseconds>());
  ExpectLawful(Map([](int a, std::string b) { return b + std::to_string(a); },
                   InRange(0, 9), PrintableAsciiString()));
}

TEST(TupleTest, PrintsItsPartsInOrder) {
  const auto domain = TupleOf(InRange(1, 9), PairOf(InRange(2, 9), Just(3)));
  Arena arena;
  TextSink text;
  domain.Print(SmallestOf(domain, arena), text);
  EXPECT_EQ(text.text(), "(1, (2, 3))");
  EXPECT_EQ(domain.Get(SmallestOf(domain, arena)),
            std::make_tuple(1, std::make_pair(2, 3)));
}

TEST(DomainLawsTest, HoldForCombinators) {
  ExpectLawful(OneOf(InRange(0, 9), InRange(1000, 2000)));
  ExpectLawful(Arbitrary<std::variant<int, std::string, bool>>());
  ExpectLawful(Arbitrary<std::optional<std::string>>());
  ExpectLawful(Map([](int n) { return n * 2; }, InRange(0, 100)));
  ExpectLawful(Filter([](int n) { return n % 7 == 0; }, InRange(0, 1000)));
  ExpectLawful(FlatMap([](size_t n) { return BytesString().WithSize(n); },
                       InRange<size_t>(0, 20)));
}

auto TreeDomain() {
  const auto leaf = Map([](int v) { return Tree{v}; }, InRange(0, 9));
  const auto grow = [](const Domain<Tree>& inner) {
    return StructOf<Tree>(InRange(0, 9), VectorOf(inner).WithMaxSize(3));
  };
  return Recursive<Tree>(leaf, grow, 3);
}

TEST(DomainLawsTest, HoldForErasedAndRecursiveDomains) {
  ExpectLawful(Domain<int>(InRange(-3, 3)));
  ExpectLawful(TreeDomain());
}

TEST(SpanOfTest, RefusesHandlesWhichItCouldNotRenumber) {
  EXPECT_EXIT(SpanOf(AnyHandle<Vm>()),
              testing::ExitedWithCode(kHarnessBrokenExit), "use VectorOf");
}

TEST(DomainLawsTest, HoldForHandles) { ExpectLawful(AnyHandle<Vm>()); }

// Each breaks one law of an otherwise lawful domain.
struct LosesAValue : IntegerDomain<int> {
  LosesAValue() : IntegerDomain<int>(0, 100) {}
  void Encode(const int& v, ByteSink& out) const {
    IntegerDomain<int>::Encode(v == 42 ? 0 : v, out);
  }
  int Decode(ByteSource& in) const {
    return in.left() == 0 ? 42 : IntegerDomain<int>::Decode(in);
  }
};
struct PrintsTooLittle : IntegerDomain<int> {
  PrintsTooLittle() : IntegerDomain<int>(0, 1000) {}
  void Print(const int& v, TextSink& out) const { out.PutNumber(v / 10); }
};
struct MutatesOutside : IntegerDomain<int> {
  MutatesOutside() : IntegerDomain<int>(0, 100) {}
  void Mutate(int& v, Mutation&) const { v = 200; }
};
struct ShrinksForEver : IntegerDomain<int> {
  ShrinksForEver() : IntegerDomain<int>(0, 100) {}
  bool Shrink(int& v, Arena&, Accept<int> accept) const {
    accept(v);
    return true;
  }
};
struct GrowsInShrink : StringDomain<std::string> {
  GrowsInShrink() : StringDomain<std::string>(kPrintable) {}
  bool Shrink(std::string& v, Arena&, Accept<std::string> accept) const {
    return accept(v + "x") && false;
  }
};
struct DependsOnCalls : IntegerDomain<int> {
  DependsOnCalls() : IntegerDomain<int>(0, 1 << 20) {}
  int Decode(ByteSource& in) const {
    return (IntegerDomain<int>::Decode(in) + ++calls) & 0xfffff;
  }
  mutable int calls = 0;
};

TEST(LawSuiteTest, CatchesEachBrokenLaw) {
  const auto broken = [](const auto& domain) {
    return std::string(CheckDomainLaws(domain).message());
  };
  EXPECT_NE(broken(LosesAValue()).find("Decode(Encode(v)) == v"),
            std::string::npos);
  EXPECT_NE(broken(PrintsTooLittle()).find("Parse(Print(v)) == v"),
            std::string::npos);
  EXPECT_NE(broken(MutatesOutside()).find("stays inside"), std::string::npos);
  EXPECT_NE(broken(ShrinksForEver()).find("Shrink ends"), std::string::npos);
  EXPECT_NE(broken(GrowsInShrink()).find("never grows"), std::string::npos);
  EXPECT_NE(broken(DependsOnCalls()).find("deterministic"), std::string::npos);
}

TEST(DomainTest, TextOfAStructNamesItsFields) {
  Arena arena;
  const auto domain = Arbitrary<Disk>();
  TextSink out;
  domain.Print(Disk{10, "root"}, out);
  EXPECT_EQ(out.text(), "{size_gb: 10, label: \"root\"}");
}

TEST(DomainTest, ATypoIsNamedWithItsPlace) {
  Arena arena;
  const auto domain = Arbitrary<Disk>();
  Disk disk{};
  TextSource in("{size_gb: 10, labl: \"root\"}", arena);
  EXPECT_FALSE(domain.Parse(in, &disk));
  EXPECT_EQ(in.error(),
            "1:15: expected one of size_gb label, found 'labl: \"root\"}'");
}

TEST(DomainTest, ALenientParseKeepsWhatItKnows) {
  Arena arena;
  const auto domain = StructOf<Disk>(InRange<uint32_t>(1, 64),
                                     PrintableAsciiString<std::string_view>());
  Disk disk{};
  TextSource in("{gone: {a: [1, 2]}, size_gb: 999, label: \"x\"}", arena,
                Leniency::kMigrate);
  ASSERT_TRUE(domain.Parse(in, &disk)) << in.error();
  EXPECT_EQ(disk.size_gb, 64u);
  EXPECT_EQ(disk.label, "x");
}

TEST(DomainTest, ALenientParseReadsAnEmptyWord) {
  Arena arena;
  const auto domain = PairOf(ElementOf<std::string_view>({"", "some text"}),
                             InRange<uint32_t>(1, 64));
  std::tuple<std::string_view, uint32_t> read;
  TextSink out;
  domain.Print({"", 7}, out);
  TextSource in(out.text(), arena, Leniency::kMigrate);
  ASSERT_TRUE(domain.Parse(in, &read)) << in.error();
  EXPECT_EQ(std::get<1>(read), 7u);
}

TEST(DomainTest, ViewsPointIntoTheInput) {
  Arena arena;
  const std::string bytes(
      "\x04"
      "abcd",
      5);
  ByteSource in(AsBytes(bytes), arena);
  const std::string_view view = Arbitrary<std::string_view>().Decode(in);
  EXPECT_EQ(view, "abcd");
  EXPECT_EQ(view.data(), bytes.data() + 1);
}

TEST(DomainTest, HostileCountsAreClampedToTheBytes) {
  Arena arena;
  const std::string bytes("\xff\xff\xff\xff\x01\x02", 6);
  ByteSource in(AsBytes(bytes), arena);
  const auto list =
      VectorOf(Arbitrary<uint8_t>()).WithMaxSize(1u << 30).Decode(in);
  EXPECT_EQ(list.size(), 2u);
}

}  // namespace
}  // namespace formfuzz
