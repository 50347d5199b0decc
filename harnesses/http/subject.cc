// SPDX-License-Identifier: Apache-2.0
// Client and server in one thread: when the client waits for an answer, the
// server has its turn.
#include "harnesses/http/subject.h"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <functional>

namespace formfuzz {
namespace {

constexpr int kNoSocket = 1000;  // open nowhere; below what select() can take
constexpr int kRequestsMax = 16;

// One end of a pair of queues.
class Queue final : public httplib::Stream {
 public:
  explicit Queue(std::function<void()> fill = {}) : fill_(std::move(fill)) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override {
    if (in.empty() && fill_) fill_();
    const size_t taken = std::min(size, in.size());
    in.copy(to, taken);
    in.erase(0, taken);
    return static_cast<ssize_t>(taken);
  }
  ssize_t write(const char* from, size_t size) override {
    out.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = "192.0.2.1";
    port = 1;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip = "192.0.2.2";
    port = 80;
  }
  socket_t socket() const override { return 0; }

  std::string in;
  std::string out;

 private:
  std::function<void()> fill_;
};

class Server final : public httplib::Server {
 public:
  Server() {
    const auto echo = [this](const httplib::Request& request,
                             httplib::Response& response) {
      Note(request);
      response.set_content(request.body.empty() ? "0123456789" : request.body,
                           "text/plain");
    };
    Get(".*", echo);
    Post(".*", echo);
    Put(".*", echo);
    Patch(".*", echo);
    Delete(".*", echo);
    Options(".*", echo);
  }

  // Takes requests apart until there are none; what it answers is in `out`.
  void Serve(Queue& queue) {
    bool closed = false;
    for (int i = 0; i < kRequestsMax && !queue.in.empty() && !closed; ++i) {
      if (!process_request(queue, false, closed, nullptr)) break;
    }
  }
  std::vector<Http::Seen> TakeSeen() { return std::exchange(seen_, {}); }

 private:
  void Note(const httplib::Request& request) {
    Http::Seen& seen = seen_.emplace_back();
    for (const auto& [name, value] : request.headers) {
      seen.header_names.push_back(name);
    }
    seen.body = request.body;
    for (const auto& [name, file] : request.files) seen.body += file.content;
  }

  std::vector<Http::Seen> seen_;
};

// Its routes are regular expressions, dear to make; it keeps nothing else.
Server& TheServer() {
  static auto* const server = new Server();
  return *server;
}

class Client final : public httplib::ClientImpl {
 public:
  // `answer` makes a reply of what was sent.
  explicit Client(std::function<std::string(const std::string&)> answer)
      : ClientImpl("stack.test", 80), answer_(std::move(answer)) {}

 private:
  bool create_and_connect_socket(Socket& socket, httplib::Error&) override {
    socket.sock = kNoSocket;
    return true;
  }
  bool process_socket(const Socket&,
                      std::function<bool(httplib::Stream&)> talk) override {
    Queue queue([&] {
      if (queue.out.empty()) return;
      queue.in = answer_(std::exchange(queue.out, {}));
    });
    return talk(queue);
  }

  std::function<std::string(const std::string&)> answer_;
};

std::string AnswerOfServer(const std::string& request) {
  Queue queue;
  queue.in = request;
  TheServer().Serve(queue);
  return queue.out;
}

// Those that the client adds, and those that the server does.
bool IsUsual(std::string_view name) {
  constexpr std::array<std::string_view, 11> kUsual = {
      "Accept",      "Connection",        "Content-Length", "Content-Type",
      "Host",        "LOCAL_ADDR",        "LOCAL_PORT",     "REMOTE_ADDR",
      "REMOTE_PORT", "Transfer-Encoding", "User-Agent"};
  return std::find(kUsual.begin(), kUsual.end(), name) != kUsual.end();
}

httplib::Result Perform(Client& client, Call call, const std::string& path,
                        const std::string& type, const std::string& body) {
  switch (call) {
    case Call::kGet:
      return client.Get(path);
    case Call::kPost:
      return client.Post(path, body, type);
    case Call::kPut:
      return client.Put(path, body, type);
    case Call::kPatch:
      return client.Patch(path, body, type);
    case Call::kDelete:
      return client.Delete(path, body, type);
    case Call::kOptions:
      return client.Options(path);
  }
  return client.Get(path);
}

Outcome OutcomeOf(const httplib::Result& result) {
  if (!result) return Outcome::Refused("no_answer");
  return result->status < 400 ? Outcome::Ok() : Outcome::Refused("an_error");
}

}  // namespace

Outcome Http::Judge(const std::vector<Seen>& seen, std::string_view body) {
  run_.Expect(seen.size() <= 1, "OneRequestForEachCall",
              Concat("the server took ", seen.size(), " requests"));
  for (const Seen& request : seen) {
    for (const std::string& name : request.header_names) {
      run_.Expect(IsUsual(name), "HeadersAreThoseSet",
                  Concat("the server sees a header that nobody set: ", name));
    }
    run_.Expect(request.body == body, "BodyIsThatSent",
                "the server sees another body");
  }
  return Outcome::Ok();
}

Outcome Http::Send(Call call, std::string_view path,
                   std::string_view content_type, std::string_view body) {
  const bool bodiless = call == Call::kGet || call == Call::kOptions;
  TheServer().TakeSeen();
  Client client(&AnswerOfServer);
  const httplib::Result result =
      Perform(client, call, std::string(path), std::string(content_type),
              std::string(body));
  // What a multipart type makes of a body is not the body.
  if (content_type.find("multipart") == std::string_view::npos) {
    Judge(TheServer().TakeSeen(), bodiless ? std::string_view() : body);
  }
  return OutcomeOf(result);
}

Outcome Http::SendForm(std::string_view name, std::string_view filename,
                       std::string_view content) {
  TheServer().TakeSeen();
  Client client(&AnswerOfServer);
  const httplib::MultipartFormDataItems items = {
      {std::string(name), std::string(content), std::string(filename),
       "text/plain"}};
  const httplib::Result result = client.Post("/form", items);
  run_.Expect(TheServer().TakeSeen().size() <= 1, "OneRequestForEachCall",
              "a form became several requests");
  return OutcomeOf(result);
}

Outcome Http::Answer(std::string_view request) {
  TheServer().TakeSeen();
  const std::string answer = AnswerOfServer(std::string(request));
  const size_t requests = TheServer().TakeSeen().size();
  run_.Observe(requests << 8 | (answer.size() > 12 ? answer[9] - '0' : 0));
  run_.Expect(answer.empty() || answer.starts_with("HTTP/1.1 "),
              "AnswersAreHttp", answer.substr(0, 40));
  in_ranges_ |= answer.find(" 206 ") != std::string::npos;
  if (answer.empty()) return Outcome::Refused("silence");
  return requests > 0 ? Outcome::Ok() : Outcome::Refused("refused");
}

Outcome Http::Serve(const HttpRequest& request) {
  return Answer(WriteHttpRequest(request));
}

Outcome Http::ServeBytes(std::string_view bytes) { return Answer(bytes); }

Outcome Http::Receive(std::string_view status, std::string_view headers,
                      std::string_view body) {
  Client client([&](const std::string&) {
    return Concat("HTTP/1.1 ", status, "\r\n", headers, "\r\n", body);
  });
  return OutcomeOf(client.Get("/echo"));
}

}  // namespace formfuzz
