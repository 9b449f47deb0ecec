#include "tests/handlers/script.hpp"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <deque>

#include "core/text/ids.hpp"
#include "core/text/number.hpp"
#include "core/text/sha256.hpp"
#include "handlers/entry.hpp"

namespace edgebatch::script {

namespace {

using ports::Fault;
using ports::Frame;
using ports::Operation;
using ports::Port;

constexpr std::size_t words_bytes_max = 400;

View name_of(Port port) {
  switch (port) {
    case Port::done: return "done";
    case Port::body: return "body";
    case Port::object_put: return "object_put";
    case Port::object_get: return "object_get";
    case Port::object_erase: return "object_erase";
    case Port::actor: return "actor";
    case Port::key: return "key";
    case Port::upstream: return "upstream";
    case Port::timer: return "timer";
    case Port::response: return "response";
    case Port::upstream_open: return "upstream_open";
    case Port::answer: return "answer";
    case Port::answer_close: return "answer_close";
    case Port::body_store: return "body_store";
    case Port::body_digest: return "body_digest";
    case Port::room: return "room";
  }
  return "?";
}

/// The faults that an effect of this port can meet, beyond what its script says.
std::vector<Fault> faults_of(Port port) {
  switch (port) {
    case Port::object_get:
    case Port::key: return {Fault::lost, Fault::absent};
    case Port::upstream: return {Fault::lost, Fault::late, Fault::too_large};
    case Port::upstream_open: return {Fault::lost, Fault::late};
    case Port::answer: return {Fault::lost, Fault::late, Fault::absent};
    case Port::timer: return {};  // A host's timers go off.
    default: return {Fault::lost};
  }
}

Bytes fault_result(Fault fault) {
  Bytes result(1, static_cast<char>(fault));
  return result;
}
Bytes nothing_result() { return fault_result(Fault::none); }

/// A host that does as the script says.
class Player {
 public:
  explicit Player(const Scene& scene) : operation_(scene.begin()) { look(); }

  /// Answers the effect that the step expects. False if there is none (or there is one that
  /// mustn't be).
  bool play(const Step& step) {
    const auto found = std::find_if(open_.begin(), open_.end(), [&](const Open& open) {
      return open.frame.port == step.port && step.matches(open.frame.payload);
    });
    if (step.absent) return found == open_.end();
    if (found == open_.end()) return false;
    const Open open = std::move(*found);
    open_.erase(found);
    if (!step.result) return true;  // Left waiting.
    if (step.port == Port::timer) now_ = std::max(now_, open.asked_at + duration_of(open.frame));
    now_ += step.later;
    resume(open.frame.id, step.result(open.frame.payload));
    return true;
  }

  /// The same with a fault.
  void fail(const Step& step, Fault fault) {
    Step failing = step;
    failing.result = [fault](View) { return fault_result(fault); };
    REQUIRE(play(failing));
  }

  /// Loses whatever else is asked for; timers go off in time.
  void lose_the_rest() {
    for (std::size_t count = 0; !ended_ && !open_.empty(); ++count) {
      REQUIRE(count < effects_count_max);
      // What is lost is lost before the next timer goes off.
      const auto first = std::find_if(open_.begin(), open_.end(), [](const Open& open) {
        return open.frame.port != Port::timer;
      });
      if (first != open_.end()) {
        const Open open = std::move(*first);
        open_.erase(first);
        resume(open.frame.id, fault_result(Fault::lost));
        continue;
      }
      const auto next =
          std::min_element(open_.begin(), open_.end(), [](const Open& a, const Open& b) {
            return a.asked_at + duration_of(a.frame) < b.asked_at + duration_of(b.frame);
          });
      const Open open = std::move(*next);
      open_.erase(next);
      now_ = std::max(now_, open.asked_at + duration_of(open.frame));
      resume(open.frame.id, nothing_result());
    }
  }

  bool ended() const { return ended_.has_value(); }
  Answer answer() const { return Answer(wire::decode<http::Response>(*ended_).value()); }
  Bytes open_in_words() const {
    Bytes words;
    for (const Open& open : open_) words += "\n  " + in_words(open.frame.port, open.frame.payload);
    return words;
  }
  bool nothing_open() const { return open_.empty(); }

 private:
  struct Open {
    Frame frame;
    Ms asked_at = 0;
  };

  static Ms duration_of(const Frame& frame) {
    return static_cast<Ms>(wire::decode<std::uint64_t>(frame.payload).value_or(0));
  }

  void resume(std::uint32_t id, Bytes result) {
    // In a buffer of its exact size, so that reading beyond it shows.
    const std::vector<char> exact(result.begin(), result.end());
    operation_->resume(id, now_, View(exact.data(), exact.size()));
    look();
  }

  void look() {
    while (auto frame = operation_->next_frame()) {
      CHECK_FALSE(ended_);
      if (frame->port == Port::done)
        ended_ = std::move(frame->payload);
      else
        open_.push_back({.frame = std::move(*frame), .asked_at = now_});
    }
  }

  std::unique_ptr<Operation> operation_;
  Ms now_ = began_at;
  std::deque<Open> open_;
  std::optional<Bytes> ended_;
};

void check_promises(const Answer& answer) {
  CHECK(answer.status() >= 400);
  CHECK(answer.status() < 600);
  CHECK(answer.headers_count("x-request-id") == 1);
  if (answer.header("content-type") == "application/problem+json") {  // Datagrid's.
    for (const View name : {"type", "title", "detail"}) CHECK_FALSE(answer.text(name).empty());
    CHECK(answer.number("status") == answer.status());
    if (answer.status() == 422) CHECK_FALSE(answer.at("errors").elements().empty());
    return;
  }
  CHECK(answer.header("content-type") == "application/json");
  if (answer.at("error").string()) {  // Datagrid's, of files.
    for (const View name : {"status_code", "statusCode"})
      CHECK(answer.number(name) == answer.status());
    for (const View name : {"error", "message", "mitigation", "details/reason"})
      CHECK_FALSE(answer.text(name).empty());
    (void)answer.truth("retryable");
    return;
  }
  CHECK_FALSE(answer.text("error/message").empty());
  CHECK_FALSE(answer.text("error/type").empty());
  (void)answer.at("error/param");
  (void)answer.at("error/code");
}

}  // namespace

// ---- Answer

Answer::Answer(http::Response response) : response_(std::move(response)) {}

std::optional<View> Answer::header(View name) const {
  return http::find_header(response_.headers, name);
}

std::size_t Answer::headers_count(View name) const {
  return static_cast<std::size_t>(
      std::count_if(response_.headers.begin(), response_.headers.end(),
                    [name](const http::Header& header) { return header.first == name; }));
}

const std::vector<http::Section>& Answer::sections() const {
  REQUIRE(std::holds_alternative<std::vector<http::Section>>(response_.body));
  return std::get<std::vector<http::Section>>(response_.body);
}

View Answer::body() const {
  REQUIRE(std::holds_alternative<Bytes>(response_.body));
  return std::get<Bytes>(response_.body);
}

json::Value Answer::at(View path) const {
  INFO(body() << " at " << path);
  auto value = json::Value::parse(body());
  while (value && !path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const View name = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (value->kind() == json::Kind::array) {
      const auto elements = value->elements();
      const auto place = text::parse_decimal(name);
      REQUIRE(place);
      REQUIRE(*place < elements.size());
      value = elements[static_cast<std::size_t>(*place)];
    } else {
      value = value->member(name);
    }
  }
  REQUIRE(value);
  return *value;
}

Bytes Answer::text(View path) const {
  const auto value = at(path);
  REQUIRE(value.string());
  return Bytes(*value.string());
}

std::int64_t Answer::number(View path) const {
  const auto value = at(path).integer();
  REQUIRE(value);
  return *value;
}

bool Answer::truth(View path) const {
  const auto value = at(path).boolean();
  REQUIRE(value);
  return *value;
}

// ---- Scene

std::unique_ptr<Operation> Scene::begin() const {
  const ports::Beginning beginning{.now = began_at, .seed = Bytes(seed), .input = input};
  return is_task ? begin_task(config, beginning) : begin_request(config, beginning);
}

Scene request(View method, View target, std::vector<http::Header> headers) {
  return {.config = read_config({}),
          .input = wire::encode(http::Request{
              .method = Bytes(method), .target = Bytes(target), .headers = std::move(headers)})};
}

Bytes in_words(Port port, View payload) {
  Bytes words = Bytes(name_of(port)) + ": ";
  for (const char byte : payload.substr(0, words_bytes_max)) {
    if (byte >= ' ' && byte <= '~')
      words += byte;
    else
      words += "\\" + text::hex(View(&byte, 1));
  }
  if (payload.size() > words_bytes_max) words += " … " + text::decimal(payload.size());
  return words;
}

// ---- Script

void Script::answers(std::uint32_t status, const std::function<void(const Answer&)>& check) const {
  play(status, check);
  play_again();
}

void Script::play(std::uint32_t status, const std::function<void(const Answer&)>& check) const {
  Player player(scene_);
  for (const Step& step : steps_) {
    const bool played = player.play(step);
    INFO("expected " << step.expected << "\nwaiting:" << player.open_in_words());
    if (!played && player.ended()) UNSCOPED_INFO("it had ended: " << player.answer().body());
    REQUIRE(played);
  }
  INFO("still waiting:" << player.open_in_words());
  CHECK(player.nothing_open());
  REQUIRE(player.ended());

  const Answer answer = player.answer();
  if (!scene_.is_task) {
    CHECK(answer.status() == status);
    CHECK(answer.headers_count("x-request-id") == 1);
    if (status >= 400 && status != 416) check_promises(answer);
    if (check) check(answer);
  }
}

void Script::ends() const { answers(200); }
void Script::ends_once() const { play(200, {}); }

void Script::play_again() const {
  for (std::size_t failing = 0; failing < steps_.size(); ++failing) {
    const Step& step = steps_[failing];
    if (step.absent) continue;
    {
      Player dropped(scene_);
      for (std::size_t i = 0; i < failing; ++i) REQUIRE(dropped.play(steps_[i]));
    }
    for (const Fault fault : faults_of(step.port)) {
      INFO("step " << failing << " (" << step.expected << ") meets fault "
                   << static_cast<unsigned>(fault));
      Player player(scene_);
      for (std::size_t i = 0; i < failing; ++i) REQUIRE(player.play(steps_[i]));
      player.fail(step, fault);
      player.lose_the_rest();
      REQUIRE(player.ended());
      const bool success = player.answer().status() < 400;
      if (!scene_.is_task && !(step.may_fail && success)) check_promises(player.answer());
    }
  }
}

// ---- Requests of a tenant

Script authorized(View method, View target, std::vector<http::Header> headers,
                  const Config& config) {
  headers.emplace_back("authorization", "Bearer " + Bytes(key));
  Scene scene = request(method, target, std::move(headers));
  scene.config = config;
  Script script(std::move(scene));
  script.expects(ports::GetKey{.key = "key/" + text::sha256_hex(key)}).gives(tenant);
  return script;
}

Script& with_body(Script& script, View body) {
  script.expects(ports::ReadBody{}).gives(Bytes(body));
  return script.expects(ports::ReadBody{}).fails(Fault::absent);
}

Bytes Drawn::request_id() { return text::random_id("req_", entropy_); }
Bytes Drawn::sortable_id(View prefix) { return text::sortable_id(prefix, began_at, entropy_); }

}  // namespace edgebatch::script
