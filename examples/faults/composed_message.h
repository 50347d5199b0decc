// SPDX-License-Identifier: Apache-2.0
// A message of two parts, in C's manner. The defect: when there is no memory
// for the second one, who asked for it frees the first, and so does its caller.
// Needs the n-th allocation to fail: INJECT alloc.
#ifndef FORMFUZZ_EXAMPLES_FAULTS_COMPOSED_MESSAGE_H_
#define FORMFUZZ_EXAMPLES_FAULTS_COMPOSED_MESSAGE_H_

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "framework/formfuzz.h"

namespace formfuzz::examples {

template <bool kDefective>
class Message {
 public:
  Message() = default;
  ~Message() { Drop(); }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  // False without memory: the message is empty then.
  bool Compose(size_t size) {
    Drop();
    head_ = std::malloc(kHeadBytes);
    if (head_ == nullptr) return false;
    std::memset(head_, 'h', kHeadBytes);
    if (AddBody(size)) return true;
    std::free(head_);
    head_ = nullptr;
    return false;
  }

 private:
  static constexpr size_t kHeadBytes = 16;

  bool AddBody(size_t size) {
    body_ = std::malloc(size + 1);
    if (body_ == nullptr) {
      if (kDefective) std::free(head_);
      return false;
    }
    std::memset(body_, 'b', size + 1);
    return true;
  }
  void Drop() {
    std::free(head_);
    std::free(body_);
    head_ = body_ = nullptr;
  }

  void* head_ = nullptr;
  void* body_ = nullptr;
};

template <bool kDefective>
class ComposedMessage {
 public:
  bool Compose(uint8_t size) { return message_.Compose(size); }

  static void Describe(HarnessBuilder<ComposedMessage> harness) {
    harness.Step("compose", &ComposedMessage::Compose, Arbitrary<uint8_t>());
  }

 private:
  Message<kDefective> message_;
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_FAULTS_COMPOSED_MESSAGE_H_
