// SPDX-License-Identifier: Apache-2.0
// JSON, field by field, with the place of what is wrong.

#include "campaign/syscalls/profile/json_fields.h"

#include "campaign/syscalls/profile/spelling.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {

void JsonFields::Refuse(std::string_view name, std::string_view wanted) const {
  if (!status_->ok()) return;
  const std::string_view dot = place_.empty() || name.empty() ? "" : ".";
  *status_ =
      absl::InvalidArgumentError(Concat(place_, dot, name, ": want ", wanted));
}

const JsonFields::Json* JsonFields::Field(const char* name) const {
  if (!json_->is_object()) {
    Refuse("", "an object");
    return nullptr;
  }
  const auto found = json_->find(name);
  return found == json_->end() || found->is_null() ? nullptr : &*found;
}

const JsonFields::Json* JsonFields::ListField(const char* name) const {
  const Json* field = Field(name);
  if (field == nullptr || field->is_array()) return field;
  Refuse(name, "a list");
  return nullptr;
}

bool JsonFields::Has(const char* name) const {
  return json_->is_object() && json_->contains(name);
}

std::string JsonFields::String(const char* name) const {
  const Json* field = Field(name);
  if (field == nullptr) return "";
  if (field->is_string()) return field->get<std::string>();
  Refuse(name, "a string");
  return "";
}

std::string JsonFields::Bytes(const char* name) const {
  return UnescapeBytes(String(name));
}

uint64_t JsonFields::Number(const char* name) const {
  const Json* field = Field(name);
  if (field == nullptr) return 0;
  if (field->is_number_unsigned()) return field->get<uint64_t>();
  if (field->is_string()) {
    if (const auto number = NumberOf(field->get<std::string>())) return *number;
  }
  Refuse(name, "a number of at most 64 bits, not negative");
  return 0;
}

double JsonFields::Real(const char* name) const {
  const Json* field = Field(name);
  if (field == nullptr) return 0;
  if (field->is_number()) return field->get<double>();
  Refuse(name, "a number");
  return 0;
}

std::vector<std::string> JsonFields::Strings(const char* name) const {
  std::vector<std::string> strings;
  const Json* field = ListField(name);
  if (field == nullptr) return strings;
  for (const Json& one : *field) {
    if (one.is_string()) {
      strings.push_back(one.get<std::string>());
    } else {
      Refuse(name, "a list of strings");
    }
  }
  return strings;
}

std::vector<std::string> JsonFields::BytesList(const char* name) const {
  std::vector<std::string> list = Strings(name);
  for (std::string& bytes : list) bytes = UnescapeBytes(bytes);
  return list;
}

JsonFields JsonFields::Object(const char* name) const {
  static const Json kEmpty = Json::object();
  const Json* field = Field(name);
  return At(field == nullptr ? kEmpty : *field, name);
}

JsonFields JsonFields::At(const Json& value, std::string_view place) const {
  return {&value, Concat(place_, place_.empty() ? "" : ".", place), status_};
}

void JsonFields::ForEach(
    const char* name,
    const std::function<void(const JsonFields&)>& each) const {
  const Json* field = ListField(name);
  if (field == nullptr) return;
  size_t i = 0;
  for (const Json& one : *field) {
    if (!status_->ok()) return;
    each(At(one, Concat(name, "[", i++, "]")));
  }
}

void JsonFields::ForEachMember(
    const std::function<void(const std::string& name, const Json& value)>& each)
    const {
  if (!json_->is_object()) return Refuse("", "an object");
  for (const auto& [name, value] : json_->items()) each(name, value);
}

}  // namespace formfuzz::campaign
