// SPDX-License-Identifier: Apache-2.0
// One loop over those who came.

#include "campaign/process/session/loopback_peer.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <iterator>
#include <utility>
#include <vector>

#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kTalksMax = 16;
constexpr size_t kHeardMax = 64 << 10;
constexpr int kSilenceMs = 20;  // until who says nothing is greeted

// Has what a program may follow.
constexpr std::string_view kPage =
    "<html><body><a href=\"/text.txt\">text</a> alpha</body></html>\n";

void Say(int socket, std::string_view text) {
  // Who does not read will not be waited for.
  [[maybe_unused]] const ssize_t said =
      send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

// Who asks so reads until there is no more.
bool EndsTheTalk(std::string_view request) {
  return request.find(" HTTP/1.0") != request.npos ||
         request.find("onnection: close") != request.npos;
}

}  // namespace

std::string AnswerTo(std::string_view heard) {
  const std::string_view line = heard.substr(0, heard.find('\n'));
  if (line.size() == heard.size()) return "";
  if (line.find(" HTTP/") == line.npos) return "+OK\r\n";
  if (heard.find("\r\n\r\n") == heard.npos) return "";
  const bool missing = line.find("missing") != line.npos;
  const std::string head =
      Concat("HTTP/1.1 ", missing ? "404 Not Found" : "200 OK",
             EndsTheTalk(heard) ? "\r\nConnection: close" : "",
             "\r\nContent-Type: text/html\r\nLast-Modified: Wed, 01 Jan 2020 "
             "00:00:00 GMT\r\nContent-Length: ",
             kPage.size(), "\r\n\r\n");
  return line.starts_with("HEAD ") ? head : Concat(head, kPage);
}

absl::StatusOr<std::unique_ptr<LoopbackPeer>> LoopbackPeer::Make(
    UniqueFd listener) {
  UniqueFd end(eventfd(0, EFD_CLOEXEC));
  if (!end.ok()) return absl::ErrnoToStatus(errno, "cannot make an event");
  return std::unique_ptr<LoopbackPeer>(
      new LoopbackPeer(std::move(listener), std::move(end)));
}

LoopbackPeer::LoopbackPeer(UniqueFd listener, UniqueFd end)
    : listener_(std::move(listener)), end_(std::move(end)) {
  // Signals are for those who began.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { Work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

LoopbackPeer::~LoopbackPeer() {
  eventfd_write(end_.get(), 1);
  thread_.join();
}

bool LoopbackPeer::Accept() {
  UniqueFd socket(
      accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket.ok()) return false;
  // The oldest may have been left alone.
  if (talks_.size() == kTalksMax) talks_.pop_front();
  talks_.push_back({std::move(socket), "", false});
  return true;
}

bool LoopbackPeer::Hear(Talk& talk) {
  char bytes[4096];
  const ssize_t size = read(talk.socket.get(), bytes, sizeof(bytes));
  if (size <= 0 || talk.heard.size() > kHeardMax) return false;
  talk.heard.append(bytes, static_cast<size_t>(size));
  // Nothing that is not text has an answer that would be understood.
  constexpr std::string_view kBlanks = "\t\n\r";
  const char first = talk.heard[0];
  if (first < ' ' && kBlanks.find(first) == kBlanks.npos) return false;
  const std::string answer = AnswerTo(talk.heard);
  if (answer.empty()) return true;
  Say(talk.socket.get(), answer);
  const bool ends = EndsTheTalk(talk.heard);
  talk.heard.clear();
  talk.spoken = true;
  return !ends;
}

void LoopbackPeer::Work() {
  bool accepts = true;
  while (true) {
    std::vector<pollfd> polls = {
        {end_.get(), POLLIN, 0},
        {listener_.get(), static_cast<short>(accepts ? POLLIN : 0), 0}};
    bool waits = !accepts;
    for (const Talk& talk : talks_) {
      polls.push_back({talk.socket.get(), POLLIN, 0});
      waits = waits || talk.awaits_greeting();
    }
    const int ready = poll(polls.data(), polls.size(), waits ? kSilenceMs : -1);
    if (polls[0].revents != 0) return;
    size_t at = 2;
    for (auto talk = talks_.begin(); talk != talks_.end(); ++at) {
      if (ready == 0 && talk->awaits_greeting()) {
        Say(talk->socket.get(), "220 ready\r\n");
        talk->spoken = true;
      }
      const bool over = polls[at].revents != 0 && !Hear(*talk);
      talk = over ? talks_.erase(talk) : std::next(talk);
    }
    // Where there is no descriptor for who came, a while later.
    accepts = polls[1].revents == 0 || Accept();
  }
}

}  // namespace formfuzz::campaign
