// Runs against a real batch actor, in histories that nobody would write by hand: answers come in
// any order and late, some are lost, runs die, the upstream has its moods. Whatever happens, every
// item ends with exactly one line.
#include <catch_amalgamated.hpp>
#include <map>

#include "handlers/runner/run.hpp"

#include "tests/handlers/actors/batch_actor.hpp"
#include "tests/handlers/runner/predict_scenes.hpp"
#include "tests/support/json_maker.hpp"

namespace edgebatch::script {
namespace {

using actors::batch::BatchActor;
using dialects::openai::error_stream;
using dialects::openai::output_stream;

struct Weather {
  bool loses = false;      // What is told and stored, and what runs.
  Ms refuses_until = 0;    // Everybody, from the beginning on.
  std::uint64_t busy = 0;  // So many answers of a hundred are worth another try.
  Ms latency_ms = 3'000;   // At most, mostly.
};

class History {
 public:
  History(std::uint64_t seed, Weather weather)
      : input_(60, [](std::size_t i) { return input_line(std::to_string(i)); }),
        weather_(weather),
        choice_(seed) {
    auto start = BatchActor::a_start();
    start.request = job_of(input_).request;
    start.input.stream = input_.stream();
    (void)batch_.tell(start);
    const auto plan = batch_.claim();
    std::vector<Stretch> stretches;
    const std::uint32_t size = 2 + seed % 4;
    for (std::uint32_t first = 0; first < 60; first += size)
      stretches.push_back(input_.stretch(first, std::min(first + size, 60U)));
    REQUIRE(batch_.tell(
        ReportPlan{.runner = 0,
                   .attempt = plan.attempt,
                   .plan = Accepted{.model = "m1", .stretches = stretches, .lines = {}}}));
    (void)batch_.claim(0, 1);
    invite();
  }

  /// Until every item has its line.
  void play() {
    for (int events = 0; batch_.state() == lifecycle::State::in_progress; ++events) {
      REQUIRE(events < 30'000);
      const auto next =
          std::min_element(events_.begin(), events_.end(),
                           [](const auto& one, const auto& other) { return one.at < other.at; });
      const Ms at = std::min(next == events_.end() ? INT64_MAX : next->at,
                             batch_.wake_at.value_or(INT64_MAX));
      REQUIRE(at < INT64_MAX);  // Nobody is stuck.
      if (next == events_.end() || next->at > at) {
        batch_.wait_until(at);
        invite();
        continue;
      }
      const Event event = std::move(*next);
      events_.erase(next);
      batch_.wait_until(event.at);
      happen(event);
      invite();
    }
  }

  std::map<std::uint32_t, std::uint32_t> asked;    // How often, by item …
  std::map<std::uint32_t, std::uint32_t> retried;  // … and how often it was worth another try.

  std::size_t runners() const { return runners_.size(); }

  /// The lines of both streams, one an item, each in the order of items.
  std::array<std::vector<Bytes>, 2> lines() {
    std::array<std::vector<Bytes>, 2> found;
    for (const ledger::Span& span : batch_.spans()) {
      const auto& content = stored_.at(actors::batch::shard_key(
          "out/dev/" + actors::batch::batch_id + "/", span.shard.attempt, span.shard.number));
      REQUIRE(content.size() == span.shard.lengths[0] + span.shard.lengths[1]);
      std::size_t at = 0;
      for (const std::size_t stream : {output_stream, error_stream}) {
        for (std::uint32_t line = 0; line < span.shard.lines[stream]; ++line) {
          const std::size_t end = content.find('\n', at);
          found[stream].push_back(content.substr(at, end - at));
          at = end + 1;
        }
      }
    }
    return found;
  }

 private:
  struct Event {
    Ms at = 0;
    std::uint32_t runner = 0;
    std::uint64_t run = 0;              // Which one; events of a dead one mean nothing.
    std::optional<ports::Frame> frame;  // Is answered. None: a run begins.
  };
  struct Runner {
    std::uint64_t run = 0;
    std::unique_ptr<ports::Operation> operation;
    bool ended = false;
  };

  bool one_in(std::uint64_t many) { return choice_.below(many) == 0; }
  Ms up_to(Ms most) { return 1 + static_cast<Ms>(choice_.below(static_cast<std::size_t>(most))); }

  void invite() {
    for (const auto& letter : batch_.take_posted()) {
      const auto invited = actors::command_in<actors::runner::Invite>(letter);
      batch_.acknowledge(letter);
      if (!invited) continue;
      const Bytes to = actors::receiver_of(letter);
      const auto runner = static_cast<std::uint32_t>(std::stoul(to.substr(to.rfind('/') + 1)));
      if (!runners_[runner].operation) begin_later(runner, up_to(50));
    }
  }
  void begin_later(std::uint32_t runner, Ms wait) {
    runners_[runner].operation.reset();
    events_.push_back(
        {.at = batch_.now + wait, .runner = runner, .run = ++runners_[runner].run, .frame = {}});
  }

  void happen(const Event& event) {
    Runner& runner = runners_[event.runner];
    if (runner.run != event.run) return;
    if (!event.frame) {
      const actors::runner::Run input{
          .runner = actors::batch::batch_id + "/" + std::to_string(event.runner),
          .invitation = invitation};
      // Different runs draw different numbers.
      Bytes its_seed(seed);
      its_seed[0] = static_cast<char>('a' + event.run % 26);
      its_seed[1] = static_cast<char>('a' + event.runner % 26);
      runner.operation = begin_task(
          config_, {.now = batch_.now, .seed = its_seed, .input = ports::encode_command(input)});
      return look(event.runner);
    }
    if (weather_.loses && one_in(400)) return begin_later(event.runner, up_to(5'000));  // It dies.
    const Bytes result = answer(*event.frame);
    runner.operation->resume(event.frame->id, batch_.now, result);
    look(event.runner);
  }

  void look(std::uint32_t number) {
    Runner& runner = runners_[number];
    while (auto frame = runner.operation->next_frame()) {
      if (frame->port == ports::Port::done) {
        CHECK_FALSE(runner.operation->next_frame());
        if (again_in_) {
          begin_later(number, *std::exchange(again_in_, std::nullopt));
        } else {
          runner.operation.reset();
          ++runner.run;
        }
        return;
      }
      const Ms takes = duration_of(*frame);
      events_.push_back({.at = batch_.now + takes,
                         .runner = number,
                         .run = runner.run,
                         .frame = std::move(frame)});
    }
  }
  Ms duration_of(const ports::Frame& frame) {
    if (frame.port == ports::Port::timer)
      return static_cast<Ms>(wire::decode<std::uint64_t>(frame.payload).value());
    if (frame.port == ports::Port::upstream)
      return one_in(20) ? up_to(200'000) : up_to(weather_.latency_ms);
    return one_in(30) ? up_to(15'000) : up_to(60);
  }

  static Bytes good(View result) { return Bytes(1, '\0').append(result); }
  static Bytes fault(Fault fault) { return {static_cast<char>(fault)}; }

  Bytes answer(const ports::Frame& frame) {
    const bool loses = weather_.loses && one_in(25);
    switch (frame.port) {
      case ports::Port::timer: return good({});
      case ports::Port::upstream: return answer(decode_effect<AskUpstream>(frame.payload).value());
      case ports::Port::object_get: {
        if (loses) return fault(Fault::lost);
        const auto get = decode_effect<GetObject>(frame.payload).value();
        return good(input_.bytes().substr(get.offset, get.length.value()));
      }
      case ports::Port::object_put: {
        const auto put = decode_effect<PutObject>(frame.payload).value();
        const auto [at, is_new] = stored_.try_emplace(put.key, put.content);
        if (loses) return fault(Fault::lost);
        return Bytes(1, '\0') +
               encode_result<PutObject>(
                   {.existed = !is_new, .size = at->second.size(), .checksum = put.checksum});
      }
      default: break;
    }
    if (loses && one_in(2)) return fault(Fault::lost);
    const Bytes reply = tell(frame.payload);
    return loses ? fault(Fault::lost) : good(reply);
  }
  Bytes tell(View payload) {
    if (decode_effect<Tell<Pace>>(payload))
      return encode_result<Tell<Pace>>({.lanes = static_cast<std::uint32_t>(choice_.below(5)),
                                        .batch_lanes = 16,
                                        .pause_ms = one_in(8) ? 2'000 : 0,
                                        .again_ms = 3'000});
    if (const auto ended = decode_effect<Tell<EndRun>>(payload)) {
      again_in_ = ended->command.again_in_ms;
      return encode_result<Tell<EndRun>>({});
    }
    wire::Reader in(payload);
    ports::Address to;
    in.value(to);
    wire::Writer front;
    front.value(to);
    const Bytes reply = batch_.turn(payload.substr(front.take().size()));
    CHECK(batch_.view().counts.total() <= 60);
    return reply;
  }
  Bytes answer(const AskUpstream& ask) {
    const auto& body = std::get<Bytes>(ask.body.front());
    const std::size_t begin = body.find("[\"") + 2;
    const auto item = static_cast<std::uint32_t>(std::stoul(body.substr(begin)));
    ++asked[item];
    const auto said = [](const AskUpstream::Answered& answered) {
      return Bytes(1, '\0') + encode_result<AskUpstream>(answered);
    };
    if (batch_.now < actors::batch::started_at + weather_.refuses_until)
      return said(says(401, "{}"));
    if (choice_.below(100) < weather_.busy) {
      ++retried[item];
      switch (choice_.below(4)) {
        case 0: return said(says(429, "{}", std::to_string(choice_.below(40))));
        case 1: return said(says(503, "{}"));
        case 2: return fault(Fault::late);
        default: return fault(Fault::lost);
      }
    }
    if (one_in(20)) return said(says(404, "{}"));
    return said(says(200, good_body));
  }

  Input input_;
  Weather weather_;
  support::JsonMaker choice_;
  Config config_ = upstream_with(4);
  BatchActor batch_;
  std::map<std::uint32_t, Runner> runners_;
  std::vector<Event> events_;
  std::map<Bytes, Bytes> stored_;
  std::optional<Ms> again_in_;
};

Ms latency_of(std::uint64_t seed) { return seed % 2 == 0 ? 3'000 : 40'000; }

/// Every item has one line, in one of the streams, and these are in order.
void check_lines(History& history) {
  std::set<std::uint32_t> seen;
  for (const auto& stream : history.lines()) {
    std::optional<std::uint32_t> last;
    for (const Bytes& line : stream) {
      const Bytes id(*json::Value::parse(line)->member("custom_id")->string());
      const auto index = static_cast<std::uint32_t>(std::stoul(id));
      CHECK(seen.insert(index).second);
      CHECK((!last || *last < index));
      last = index;
    }
  }
  CHECK(seen.size() == 60);
}

TEST_CASE("run: whatever is late → every item has one line, and is asked no more than it has to") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    History history(seed, {.busy = seed % 3 * 10, .latency_ms = latency_of(seed)});
    history.play();
    check_lines(history);
    CHECK(history.runners() > 1);
    for (const auto& [item, times] : history.asked) {
      CAPTURE(item);
      CHECK(times >= 1);
      CHECK(times <= 1 + history.retried[item]);
    }
  }
}

TEST_CASE("run: whatever is lost, whoever dies → every item has one line") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    History history(seed, {.loses = true,
                           .refuses_until = static_cast<Ms>(seed % 3) * 50'000,
                           .busy = 20,
                           .latency_ms = latency_of(seed)});
    history.play();
    check_lines(history);
  }
}

TEST_CASE("run: everybody is refused for a while → no line of a refusal") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    History history(seed, {.refuses_until = 400'000, .latency_ms = latency_of(seed)});
    history.play();
    check_lines(history);
    for (const auto& stream : history.lines())
      for (const Bytes& line : stream) CHECK(line.find(R"("status_code":401)") == Bytes::npos);
  }
}

}  // namespace
}  // namespace edgebatch::script
