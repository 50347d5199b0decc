// SPDX-License-Identifier: Apache-2.0
// What the mock has besides the behaviour of every verifier: distinct digests.
#include "mocks/mock_signature_verifier.h"

#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace formfuzz {
namespace {

TEST(MockSignatureVerifierTest, TellsApartMessagesThatDifferInOneByte) {
  const auto key = MockKeyOf("alice");
  std::set<vm_manager::Signature> seen;
  for (size_t size = 0; size < 64; ++size) {
    for (size_t at = 0; at <= size; ++at) {
      std::vector<uint8_t> message(size, 0);
      if (at < size) message[at] = 1;
      EXPECT_TRUE(seen.insert(MockSign(key, message)).second)
          << size << " bytes, changed at " << at;
    }
  }
}

TEST(MockSignatureVerifierTest, GivesEveryHolderAnotherKey) {
  std::set<vm_manager::PublicKey> keys;
  for (const std::string holder : {"alice", "bob", "Alice", "alice2", ""}) {
    EXPECT_TRUE(keys.insert(MockKeyOf(holder)).second) << holder;
  }
}

}  // namespace
}  // namespace formfuzz
