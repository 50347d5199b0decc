// SPDX-License-Identifier: Apache-2.0
// Handshakes and words. Numbers are those of AFL++'s own include/types.h.

#include "campaign/process/protocol/afl_fork_server.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "campaign/process/sandbox/memory_file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr int kControlFd = 198;  // in the program
constexpr int kStatusFd = 199;
constexpr int kStartMs = 20'000;

constexpr uint32_t kOldEnabled = 0x80000001;
constexpr uint32_t kOldMapSize = 0x40000000;
constexpr uint32_t kOldAutoDictionary = 0x10000000;
constexpr uint32_t kOldSharedInput = 0x01000000;

constexpr uint32_t kNewHello = 0x41464c00;  // the last byte is a version
constexpr uint32_t kNewVersionMax = 1;
constexpr uint32_t kNewMapSize = 0x1;
constexpr uint32_t kNewSharedInput = 0x2;
constexpr uint32_t kNewAutoDictionary = 0x800;
constexpr uint32_t kError = 0xeffe0000;

}  // namespace

void AflForkServer::Down() {
  control_.reset();
  status_.reset();
}

std::optional<uint32_t> AflForkServer::ReadWord(int timeout_ms) {
  pollfd polls{status_.get(), POLLIN, 0};
  if (timeout_ms != 0 && poll(&polls, 1, timeout_ms) <= 0) return std::nullopt;
  uint32_t word = 0;
  if (read(status_.get(), &word, sizeof(word)) != sizeof(word)) {
    return std::nullopt;
  }
  return word;
}

bool AflForkServer::WriteWord(uint32_t word) {
  return write(control_.get(), &word, sizeof(word)) == sizeof(word);
}

absl::Status AflForkServer::Refuse(const std::string& why) {
  Execution said;
  session_.io().Finish(said);
  Down();
  return absl::InvalidArgumentError(
      Concat("cannot start ", session_.program().path,
             " as an AFL++ forkserver: ", why, ". It said: ", said.errors));
}

absl::StatusOr<AflForkServer::Terms> AflForkServer::Start(
    std::span<const std::string> environment) {
  auto control = MakePipe();
  if (!control.ok()) return control.status();
  auto status = MakePipe();
  if (!status.ok()) return status.status();
  fcntl(control->first.get(), F_SETFL, 0);
  fcntl(status->first.get(), F_SETFL, 0);
  RunIo& io = session_.io();
  if (absl::Status done = io.PrepareLong(environment); !done.ok()) return done;
  struct Start start = session_.StartOfForkServer();
  io.Describe(start);
  std::vector<int> fds(io.fds().begin(), io.fds().end());
  start.fd_as[fds.size()] = kControlFd;
  fds.push_back(control->first.get());
  start.fd_as[fds.size()] = kStatusFd;
  fds.push_back(status->second.get());
  const auto pid = session_.sandbox().StartProgram(start, fds);
  if (!pid.ok()) return pid.status();
  io.HandedOver();
  control_ = std::move(control->second);
  status_ = std::move(status->first);
  status->second.reset();  // so that its end shows
  return ShakeHands();
}

absl::StatusOr<AflForkServer::Terms> AflForkServer::ShakeHands() {
  const auto word = ReadWord(kStartMs);
  if (!word.has_value()) return Refuse("it ended before it was ready");
  if ((*word & 0xffff0000) == kError) {
    return Refuse(Concat("it reports error ", *word & 0xffff));
  }
  if ((*word & 0xffffff00) == kNewHello) return ShakeHandsNew(*word);
  return ShakeHandsOld(*word);
}

absl::StatusOr<AflForkServer::Terms> AflForkServer::ShakeHandsOld(
    uint32_t flags) {
  Terms terms;
  if ((flags & kOldEnabled) != kOldEnabled) return terms;  // AFL's own
  if ((flags & kOldMapSize) != 0) {
    terms.map_bytes = ((flags & 0x00fffffe) >> 1) + 1;
  }
  terms.shares_input = (flags & kOldSharedInput) != 0;
  // It waits for an answer only if it offered something.
  if (!terms.shares_input && (flags & kOldAutoDictionary) == 0) return terms;
  const uint32_t accepted =
      kOldEnabled | (terms.shares_input ? kOldSharedInput : 0);
  if (!WriteWord(accepted)) return Refuse("it ended during the handshake");
  return terms;
}

bool AflForkServer::SkipDictionary() {
  const auto size = ReadWord(kStartMs);
  if (!size.has_value() || *size > 0xffffff) return false;
  char buffer[4096];
  for (size_t left = *size; left > 0;) {
    const ssize_t got =
        read(status_.get(), buffer, std::min(left, sizeof(buffer)));
    if (got <= 0) return false;
    left -= static_cast<size_t>(got);
  }
  return true;
}

absl::StatusOr<AflForkServer::Terms> AflForkServer::ShakeHandsNew(
    uint32_t hello) {
  if (hello - kNewHello > kNewVersionMax) {
    return Refuse(Concat("it speaks version ", hello - kNewHello,
                         " of the protocol; ", kNewVersionMax, " is known"));
  }
  if (!WriteWord(~hello)) return Refuse("it ended during the handshake");
  const auto options = ReadWord(kStartMs);
  if (!options.has_value()) return Refuse("it named no options");
  Terms terms;
  terms.shares_input = (*options & kNewSharedInput) != 0;
  if ((*options & kNewMapSize) != 0) {
    const auto size = ReadWord(kStartMs);
    if (!size.has_value()) return Refuse("it did not tell its map's size");
    terms.map_bytes = *size;
  }
  if ((*options & kNewAutoDictionary) != 0 && !SkipDictionary()) {
    return Refuse("its dictionary is incomplete");
  }
  const auto again = ReadWord(kStartMs);
  if (again != hello) return Refuse("the handshake was not concluded");
  return terms;
}

std::optional<pid_t> AflForkServer::Fork(bool killed_last) {
  if (WriteWord(killed_last ? 1 : 0)) {
    const auto pid = ReadWord(kStartMs);
    if (pid.has_value() && *pid > 0) return static_cast<pid_t>(*pid);
  }
  Down();
  return std::nullopt;
}

std::optional<int> AflForkServer::NextStatus() {
  const auto word = ReadWord(0);
  if (word.has_value()) return static_cast<int>(*word);
  Down();
  return std::nullopt;
}

}  // namespace formfuzz::campaign
