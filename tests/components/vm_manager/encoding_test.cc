// SPDX-License-Identifier: Apache-2.0
// The canonical bytes: every request has one encoding, and nothing else
// decodes.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "components/vm_manager/request/request.h"
#include "tests/components/vm_manager/fixture.h"

namespace vm_manager {
namespace {

using testing::OneOfEach;
using testing::SmallVm;

Request RequestOf(const Operation& operation) {
  Request request;
  request.signer = "alice";
  request.nonce = 0x0102030405060708u;
  request.issued_at_ms = 1'000;
  request.expires_at_ms = 61'000;
  request.operation = operation;
  return request;
}

std::vector<uint8_t> Encoded(const Request& request) {
  std::vector<uint8_t> bytes;
  EncodeRequest(request, &bytes);
  return bytes;
}

class EachOperation : public ::testing::TestWithParam<size_t> {
 protected:
  Request request_ = RequestOf(OneOfEach()[GetParam()]);
  std::vector<uint8_t> bytes_ = Encoded(request_);
};

TEST_P(EachOperation, StandsAtItsWireNumber) {
  EXPECT_EQ(request_.operation.index(), GetParam());
  EXPECT_NE(OperationName(GetParam()), "unknown");
}

TEST_P(EachOperation, DecodesToWhatWasEncoded) {
  Request decoded;
  ASSERT_TRUE(DecodeRequest(bytes_, &decoded));
  EXPECT_EQ(decoded.signer, request_.signer);
  EXPECT_EQ(decoded.nonce, request_.nonce);
  EXPECT_EQ(decoded.issued_at_ms, request_.issued_at_ms);
  EXPECT_EQ(decoded.expires_at_ms, request_.expires_at_ms);
  EXPECT_EQ(decoded.operation.index(), request_.operation.index());
  EXPECT_EQ(Encoded(decoded), bytes_);
}

TEST_P(EachOperation, RefusesEveryPrefix) {
  for (size_t size = 0; size < bytes_.size(); ++size) {
    Request decoded;
    EXPECT_FALSE(DecodeRequest({bytes_.data(), size}, &decoded)) << size;
  }
}

TEST_P(EachOperation, RefusesABytePastTheEnd) {
  bytes_.push_back(0);
  Request decoded;
  EXPECT_FALSE(DecodeRequest(bytes_, &decoded));
}

// No second encoding: whatever decodes is what would have been encoded.
TEST_P(EachOperation, AnyChangedByteIsAnotherRequestOrNone) {
  for (size_t at = 0; at < bytes_.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::vector<uint8_t> changed = bytes_;
      changed[at] = static_cast<uint8_t>(value);
      Request decoded;
      if (!DecodeRequest(changed, &decoded)) continue;
      EXPECT_EQ(Encoded(decoded), changed) << "byte " << at << " = " << value;
    }
  }
}

std::string NameOf(const ::testing::TestParamInfo<size_t>& parameter) {
  return std::string(OperationName(parameter.param));
}
INSTANTIATE_TEST_SUITE_P(Encoding, EachOperation,
                         ::testing::Range(size_t{0},
                                          std::variant_size_v<Operation>),
                         NameOf);

TEST(EncodingTest, CoversEveryArgument) {
  const Request request = RequestOf(SmallVm("web"));
  std::vector<Request> changed(8, request);
  changed[0].signer = "bob";
  changed[1].nonce ^= 1;
  changed[2].issued_at_ms ^= 1;
  changed[3].expires_at_ms ^= 1;
  std::get<CreateVm>(changed[4].operation).name = "wab";
  std::get<CreateVm>(changed[5].operation).shape.disks_gb[0] ^= 1;
  std::get<CreateVm>(changed[6].operation).user_data = "x";
  std::get<CreateVm>(changed[7].operation).networks[0] = "dmz";
  for (size_t i = 0; i < changed.size(); ++i) {
    EXPECT_NE(Encoded(changed[i]), Encoded(request)) << i;
  }
}

TEST(EncodingTest, RefusesNegativeTimes) {
  Request request = RequestOf(ListVms{});
  request.issued_at_ms = -1;
  Request decoded;
  EXPECT_FALSE(DecodeRequest(Encoded(request), &decoded));
  request = RequestOf(ListVms{});
  request.expires_at_ms = -1;
  EXPECT_FALSE(DecodeRequest(Encoded(request), &decoded));
}

TEST(EncodingTest, CarriesListsUpToTheirCapacityAndNoLonger) {
  Request request = RequestOf(ResizeVm{1, {1, 64, {}}});
  auto& disks = std::get<ResizeVm>(request.operation).shape.disks_gb;
  while (disks.push_back(1)) {
  }
  EXPECT_EQ(disks.size(), kListCapacity);
  std::vector<uint8_t> bytes = Encoded(request);
  Request decoded;
  EXPECT_TRUE(DecodeRequest(bytes, &decoded));
  const size_t count_at = bytes.size() - 4 * kListCapacity - 1;
  ASSERT_EQ(bytes[count_at], kListCapacity);
  bytes[count_at] = kListCapacity + 1;
  EXPECT_FALSE(DecodeRequest(bytes, &decoded));
  bytes.resize(bytes.size() + 4);
  EXPECT_FALSE(DecodeRequest(bytes, &decoded));
}

TEST(EncodingTest, CutsTextsThatTheWireCannotCarry) {
  const std::string text(kWireTextMax + 10, 'a');
  Request decoded;
  const std::vector<uint8_t> bytes = Encoded(RequestOf(RevokeAccount{text}));
  ASSERT_TRUE(DecodeRequest(bytes, &decoded));
  EXPECT_EQ(std::get<RevokeAccount>(decoded.operation).account.size(),
            kWireTextMax);
}

TEST(EncodingTest, ReusesTheBuffer) {
  std::vector<uint8_t> bytes;
  EncodeRequest(RequestOf(SmallVm("web")), &bytes);
  const uint8_t* before = bytes.data();
  EncodeRequest(RequestOf(StartVm{1}), &bytes);
  EXPECT_EQ(bytes.data(), before);
  Request decoded;
  EXPECT_TRUE(DecodeRequest(bytes, &decoded));
}

TEST(CodeTest, EveryCodeHasAName) {
  for (int i = 0; i < kCodeCount; ++i) {
    EXPECT_NE(CodeName(static_cast<Code>(i)), "unknown") << i;
    EXPECT_FALSE(CodeName(static_cast<Code>(i)).empty()) << i;
  }
  EXPECT_EQ(CodeName(static_cast<Code>(kCodeCount)), "unknown");
}

}  // namespace
}  // namespace vm_manager
