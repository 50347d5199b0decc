// SPDX-License-Identifier: Apache-2.0
// Reads the fields of a JSON value that nobody vouches for. The first thing
// that is not as it should be is kept as an error with its place, and
// everything after it reads as empty.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_JSON_FIELDS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_JSON_FIELDS_H_

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace formfuzz::campaign {

class JsonFields {
 public:
  using Json = nlohmann::ordered_json;

  // `json` and `status` must outlive it; `place` names `json` in messages.
  JsonFields(const Json* json, std::string place, absl::Status* status)
      : json_(json), place_(std::move(place)), status_(status) {}

  bool Has(const char* name) const;
  // All of these give what is empty where there is no such field.
  std::string String(const char* name) const;
  std::string Bytes(const char* name) const;  // spelt as spelling.h has it
  uint64_t Number(const char* name) const;    // also from "0x..."
  double Real(const char* name) const;
  std::vector<std::string> Strings(const char* name) const;
  std::vector<std::string> BytesList(const char* name) const;
  JsonFields Object(const char* name) const;
  void ForEach(const char* name,
               const std::function<void(const JsonFields&)>& each) const;
  void ForEachMember(const std::function<void(const std::string& name,
                                              const Json& value)>& each) const;

  // For a value that is neither a string nor an object by itself.
  const Json& json() const { return *json_; }
  JsonFields At(const Json& value, std::string_view place) const;
  void Refuse(std::string_view name, std::string_view wanted) const;
  const absl::Status& status() const { return *status_; }

 private:
  const Json* Field(const char* name) const;
  const Json* ListField(const char* name) const;

  const Json* json_;
  std::string place_;
  absl::Status* status_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_JSON_FIELDS_H_
