// SPDX-License-Identifier: Apache-2.0
// The sequences: one workflow of the manager's documentation each.
#include "generators/operation_sequences.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace formfuzz {
namespace {

using Names = std::array<std::string_view, kSequenceMax>;

// The rest of each is empty.
constexpr Names kSequences[] = {
    {"create", "start"},
    {"create", "delete"},
    {"create", "create"},
    {"set_quota", "create"},
    {"create", "resize"},
    {"start", "pause"},
    {"start", "pause", "resume"},
    {"start", "reboot", "stop"},
    {"start", "migrate"},
    {"create", "snapshot", "revert"},
    {"snapshot", "start", "revert"},
    {"create", "snapshot", "resize", "revert"},
    {"snapshot", "resize", "delete"},
    {"start", "snapshot", "stop", "delete"},
    {"grant", "get"},
    {"grant", "start"},
    {"grant", "grant"},
    {"share", "list"},
    {"share", "revoke_grant"},
    {"grant", "revoke_grant"},
    {"grant", "drop_grant"},
    {"share_with_two", "take_grant"},
    {"share_with_two", "change_grant"},
    {"offer", "accept"},
    {"offer", "cancel"},
    {"offer", "accept", "cancel"},
    {"offer", "cancel", "accept"},
    {"offer", "expire_offers"},
    {"offer", "offer", "expire_offers"},
    {"offer", "expire_offers", "offer"},
    {"create", "create", "offer", "accept"},
    {"share", "offer", "accept"},
    {"add_account", "list"},
    {"add_account", "create"},
    {"revoke_account", "list"},
    {"add_account", "revoke_account", "revoke_account"},
    {"restart", "list"},
    {"list", "replay"},
};

std::string NameOf(std::span<const std::string_view> names) {
  std::string joined;
  for (const std::string_view name : names) {
    joined.append(joined.empty() ? "" : "_").append(name);
  }
  return joined;
}

}  // namespace

ElementDomain<OperationSequence> OperationSequences() {
  std::vector<std::pair<std::string, OperationSequence>> options;
  for (const Names& names : kSequences) {
    const auto end = std::find(names.begin(), names.end(), "");
    const std::span<const std::string_view> own(names.begin(), end);
    options.emplace_back(NameOf(own), OperationSequence{own});
  }
  return OptionOf(std::move(options));
}

}  // namespace formfuzz
