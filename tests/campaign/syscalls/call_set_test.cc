// SPDX-License-Identifier: Apache-2.0
// What a growing filter lets pass, judged by running it.

#include "campaign/syscalls/calls/call_set.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <string>
#include <string_view>
#include <vector>

#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/render/filter_machine.h"

namespace formfuzz::campaign {
namespace {

struct Place {
  const char* name;
  OwnCode own;
};

class OwnCodeTest : public testing::TestWithParam<Place> {
 protected:
  bool Passes(uint64_t from) const {
    const std::vector<sock_filter> filter = CallSet().Filter(GetParam().own);
    const std::string_view text(reinterpret_cast<const char*>(filter.data()),
                                filter.size() * sizeof(sock_filter));
    const auto decision = RunFilter(text, NativeArch(), SYS_sendmsg, {}, from);
    EXPECT_TRUE(decision.ok()) << decision.status();
    return decision.ok() && decision->lets_through();
  }
};

TEST_P(OwnCodeTest, IsLetPassAndNothingElseIs) {
  const auto& [begin, end] = GetParam().own;
  constexpr uint64_t kBorder = uint64_t{1} << 32;
  for (const uint64_t inside : {begin, begin + 1, end - 1, end}) {
    EXPECT_TRUE(Passes(inside)) << std::hex << inside;
    EXPECT_FALSE(Passes(inside + kBorder)) << std::hex << inside;
    EXPECT_FALSE(Passes(inside - kBorder)) << std::hex << inside;
  }
  for (const uint64_t outside : {begin - 1, end + 1, uint64_t{0}, ~begin}) {
    EXPECT_FALSE(Passes(outside)) << std::hex << outside;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Places, OwnCodeTest,
    testing::Values(Place{"Anywhere", {0x7f1b00010000, 0x7f1b000b4000}},
                    Place{"AcrossABorder", {0x7f1afffd0000, 0x7f1b00074000}},
                    Place{"UpToABorder", {0x7f1afffd0000, 0x7f1affffffff}},
                    Place{"FromABorder", {0x7f1b00000000, 0x7f1b00074000}}),
    [](const auto& place) { return std::string(place.param.name); });

TEST(CallSetTest, AsksAboutEveryPlaceWhereNoneIsItsOwn) {
  const std::vector<sock_filter> filter = CallSet().Filter({});
  const std::string_view text(reinterpret_cast<const char*>(filter.data()),
                              filter.size() * sizeof(sock_filter));
  for (const uint64_t from : {uint64_t{0}, uint64_t{0x7f1b00010000}}) {
    const auto decision = RunFilter(text, NativeArch(), SYS_sendmsg, {}, from);
    ASSERT_TRUE(decision.ok()) << decision.status();
    EXPECT_FALSE(decision->lets_through());
  }
}

}  // namespace
}  // namespace formfuzz::campaign
