// SPDX-License-Identifier: Apache-2.0
// The index and the order of the accounts, kept alike.
#include "components/vm_manager/state/account_table.h"

#include <algorithm>
#include <utility>

namespace vm_manager {
namespace {

absl::string_view Key(std::string_view id) { return {id.data(), id.size()}; }

}  // namespace

void AccountTable::Reserve(size_t count) {
  by_id_.reserve(count);
  in_order_.reserve(count);
}

AccountState* AccountTable::Find(std::string_view id) {
  const auto found = by_id_.find(Key(id));
  return found == by_id_.end() ? nullptr : found->second;
}

const AccountState* AccountTable::Find(std::string_view id) const {
  const auto found = by_id_.find(Key(id));
  return found == by_id_.end() ? nullptr : found->second;
}

AccountState* AccountTable::Add(AccountRecord record) {
  auto state = std::make_unique<AccountState>();
  state->record = std::move(record);
  AccountState* added = state.get();
  if (!by_id_.try_emplace(Key(added->record.id), added).second) return nullptr;
  in_order_.push_back(std::move(state));
  return added;
}

void AccountTable::RemoveLatest() {
  by_id_.erase(Key(in_order_.back()->record.id));
  in_order_.pop_back();
}

size_t AccountTable::ActiveAdministrators() const {
  return static_cast<size_t>(
      std::count_if(in_order_.begin(), in_order_.end(), [](const auto& state) {
        return state->record.administrator && !state->record.revoked;
      }));
}

}  // namespace vm_manager
