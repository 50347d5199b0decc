// SPDX-License-Identifier: Apache-2.0
// Stacks are told apart, and functions found on them by name.
#include "framework/fault/call_stack.h"

#include <gtest/gtest.h>

namespace formfuzz {
namespace {

[[gnu::noinline]] CallStack StackHere() {
  CallStack stack;
  asm volatile("" ::: "memory");  // no tail call
  return stack;
}

TEST(CallStackTest, EqualOnlyFromTheSamePlace) {
  uint64_t digests[3];
#ifdef __clang__
#pragma clang loop unroll(disable)  // unrolled calls would be three places
#endif
  for (uint64_t& digest : digests) digest = StackHere().digest();
  EXPECT_EQ(digests[0], digests[1]);
  EXPECT_EQ(digests[0], digests[2]);
  EXPECT_NE(StackHere().digest(), digests[0]);
}

[[gnu::noinline]] CallStack StackCutHere() {
  CallStack stack(__builtin_frame_address(0));
  asm volatile("" ::: "memory");
  return stack;
}

TEST(CallStackTest, EndsAtAFrame) {
  EXPECT_EQ(StackCutHere().digest(), StackCutHere().digest());
  const CallStack cut = StackCutHere();
  const CallStack whole = StackHere();
  EXPECT_LT(cut.end() - cut.begin(), 3);
  EXPECT_GT(whole.end() - whole.begin(), cut.end() - cut.begin());
}

TEST(CallStackTest, IsWholeWhereTheEndIsOnAnotherStack) {
  const auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const CallStack whole;
  for (const uintptr_t end : {here - (64 << 20), here + (64 << 20)}) {
    const CallStack stack(reinterpret_cast<const void*>(end));
    EXPECT_EQ(stack.end() - stack.begin(), whole.end() - whole.begin());
  }
}

TEST(CallStackTest, FindsAFunctionByItsName) {
  const CallStack stack = StackHere();
  FunctionFinder finder;
  for (int look = 0; look < 2; ++look) {  // the second from memory
    EXPECT_TRUE(finder.IsBelow("TestBody", stack));
    EXPECT_FALSE(finder.IsBelow("Body", stack));
  }
}

TEST(CallStackTest, AFunctionsNameIsWholeAndWithoutArguments) {
  EXPECT_TRUE(IsFunctionNamed("fsync", "fsync"));
  EXPECT_TRUE(IsFunctionNamed("db::Journal::Append()", "Append"));
  EXPECT_TRUE(IsFunctionNamed("db::Journal::Append()", "Journal::Append"));
  EXPECT_TRUE(IsFunctionNamed("db::Append<>()", "Append"));
  EXPECT_FALSE(IsFunctionNamed("db::Journal::Append()", "Journal"));
  EXPECT_FALSE(IsFunctionNamed("db::Journal::Append()", "pend"));
  EXPECT_FALSE(IsFunctionNamed("db::AppendAll()", "Append"));
  EXPECT_TRUE(IsFunctionNamed("AppendAll::Append()", "Append"));
}

}  // namespace
}  // namespace formfuzz
