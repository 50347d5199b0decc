// SPDX-License-Identifier: Apache-2.0
// A harness as GoogleTest cases: random scenarios, and the laws of its forms.
//
//   int main(int argc, char** argv) {
//     testing::InitGoogleTest(&argc, argv);
//     formfuzz::RegisterPropertyTests();
//     return RUN_ALL_TESTS();
//   }
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_PROPERTY_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_PROPERTY_H_

namespace formfuzz {

// For every FORMFUZZ_HARNESS of the binary the suite of its name with
//   HoldsOnRandomScenarios  FORMFUZZ_PROPERTY_RUNS of them, default 20000;
//                           the laws below take at most as many
//   SameBytesMakeTheSameTrace
//   BytesAndTextAgree       decode, encode, print and parse are inverse
//   AnyBytesDecode
//   SchemaTellsTheEncoding  a corpus can be brought over by it later
void RegisterPropertyTests();

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_PROPERTY_H_
