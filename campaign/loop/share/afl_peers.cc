// SPDX-License-Identifier: Apache-2.0
// Beside a running afl-fuzz: its output folder holds a folder a fuzzer, each
// with a queue of files id:NNNNNN,... that only grows.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <system_error>
#include <vector>

#include "campaign/loop/share/peers.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIdMark = "id:";
constexpr size_t kInputSizeMax = 1 << 20;  // AFL's own

// -1 for a file of another name.
int64_t IdOf(std::string_view name) {
  if (!name.starts_with(kIdMark)) return -1;
  name.remove_prefix(kIdMark.size());
  int64_t id = -1;
  const auto parsed =
      std::from_chars(name.data(), name.data() + name.size(), id);
  return parsed.ec == std::errc() ? id : -1;
}

class AflPeers final : public Peers {
 public:
  AflPeers(std::string folder, std::string name)
      : folder_(std::move(folder)), name_(std::move(name)) {}

  absl::Status Prepare() {
    std::error_code error;
    if (!fs::is_directory(folder_, error)) {
      return absl::NotFoundError(
          Concat("there is no folder ", folder_,
                 ": name the -o folder of a running afl-fuzz"));
    }
    fs::create_directories(OwnQueue(), error);
    if (error) {
      return absl::UnavailableError(
          Concat("cannot make ", OwnQueue(), ": ", error.message()));
    }
    // Goes on where an earlier run stopped.
    for (const auto& file : fs::directory_iterator(OwnQueue(), error)) {
      next_ = std::max(next_, IdOf(file.path().filename().string()) + 1);
    }
    return absl::OkStatus();
  }

  absl::Status Publish(Bytes input) override {
    const std::string number = std::to_string(next_++);
    const std::string padded =
        std::string(6 - std::min<size_t>(6, number.size()), '0') + number;
    return WriteFileAtomically(
        Concat(OwnQueue(), "/", kIdMark, padded, ",orig:formfuzz"),
        AsText(input));
  }

  absl::Status Collect(Visit visit) override {
    std::error_code error;
    std::vector<std::string> others;
    for (const auto& fuzzer : fs::directory_iterator(folder_, error)) {
      const std::string name = fuzzer.path().filename().string();
      if (name != name_ && !name.starts_with('.')) others.push_back(name);
    }
    std::sort(others.begin(), others.end());
    for (const std::string& other : others) {
      const absl::Status status = CollectFrom(other, visit);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  std::string OwnQueue() const { return Concat(folder_, "/", name_, "/queue"); }

  absl::Status CollectFrom(const std::string& other, Visit visit) {
    const fs::path queue = fs::path(folder_) / other / "queue";
    std::error_code error;
    std::map<int64_t, std::string> fresh;
    int64_t& next = seen_[other];
    for (const auto& file : fs::directory_iterator(queue, error)) {
      const int64_t id = IdOf(file.path().filename().string());
      if (id >= next) fresh.emplace(id, file.path().string());
    }
    for (const auto& [id, path] : fresh) {
      next = id + 1;
      const auto input = ReadFile(path, kInputSizeMax);
      if (!input.ok()) continue;
      const absl::Status status = visit(AsBytes(*input));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  std::string folder_;
  std::string name_;
  int64_t next_ = 0;
  std::map<std::string, int64_t> seen_;  // by fuzzer: the next id
};

}  // namespace

absl::StatusOr<std::unique_ptr<Peers>> JoinAfl(const std::string& sync_folder,
                                               const std::string& name) {
  auto peers = std::make_unique<AflPeers>(sync_folder, name);
  const absl::Status status = peers->Prepare();
  if (!status.ok()) return status;
  return peers;
}

}  // namespace formfuzz::campaign
