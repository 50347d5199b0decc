// SPDX-License-Identifier: Apache-2.0
// Any Domain as a mutator: what an input decodes to is changed as the domain
// changes its values, and encoded again. Whatever the bytes were, the result
// is the encoding of a value of the domain.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_MUTATE_STRUCTURE_DOMAIN_MUTATOR_H_
#define FORMFUZZ_CAMPAIGN_LOOP_MUTATE_STRUCTURE_DOMAIN_MUTATOR_H_

#include <string>
#include <utility>

#include "campaign/loop/mutate/mutator.h"
#include "framework/domain/domain.h"

namespace formfuzz::campaign {

template <IsDomain D>
class DomainMutator final : public Mutator {
 public:
  DomainMutator(std::string name, D domain)
      : name_(std::move(name)), domain_(std::move(domain)) {}

  std::string_view name() const override { return name_; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    arena_.Reset();
    ByteSource in(input, arena_);
    ReprOf<D> value = domain_.Decode(in);
    Mutation mutation(scene.random, arena_);
    domain_.Mutate(value, mutation);
    encoded_.Clear();
    domain_.Encode(value, encoded_);
    const Bytes bytes = encoded_.bytes();
    if (bytes.size() > scene.size_max || AsText(bytes) == AsText(input)) {
      return false;
    }
    input.assign(bytes.begin(), bytes.end());
    return true;
  }

 private:
  std::string name_;
  D domain_;
  Arena arena_;
  ByteSink encoded_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_MUTATE_STRUCTURE_DOMAIN_MUTATOR_H_
