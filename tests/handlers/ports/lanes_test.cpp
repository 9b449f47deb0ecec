// Tasks, lanes and events: who goes on when, and what dropping drops.
#include "handlers/ports/lanes.hpp"

#include <catch_amalgamated.hpp>
#include <memory>

#include "handlers/ports/effects.hpp"
#include "handlers/ports/operation.hpp"

namespace edgebatch::ports {
namespace {

/// Says in a list that it was there, and that it went.
struct Trace {
  std::vector<Bytes>* list;
  Bytes name;
  Trace(std::vector<Bytes>* where, Bytes what) : list(where), name(std::move(what)) {
    list->push_back(name + " came");
  }
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;
  ~Trace() { list->push_back(name + " went"); }
};

Task<void> lane(std::vector<Bytes>* list, Bytes name, Ms pause, int* left, Event* over) {
  const Trace trace(list, name);
  co_await Sleep{pause};
  if (--*left == 0) over->set();
}

Task<http::Response> two_lanes(std::vector<Bytes>* list, int wanted) {
  const Trace trace(list, "root");
  Context& context = co_await Here{};
  Event over(context);
  int left = wanted;
  {
    Lanes lanes(context);
    lanes.start(lane(list, "one", 1, &left, &over));
    lanes.start(lane(list, "two", 2, &left, &over));
    co_await over.wait();
  }
  co_return http::Response{};
}

const Bytes answered(1, '\0');

TEST_CASE("lanes: each waits by itself → answered in any order") {
  for (const bool backwards : {false, true}) {
    std::vector<Bytes> list;
    Operation operation(0, "s", two_lanes(&list, 2));
    const auto first = operation.next_frame();
    const auto second = operation.next_frame();
    REQUIRE(first);
    REQUIRE(second);
    CHECK_FALSE(operation.next_frame());
    operation.resume((backwards ? second : first)->id, 1, answered);
    CHECK_FALSE(operation.next_frame());
    operation.resume((backwards ? first : second)->id, 2, answered);
    const auto end = operation.next_frame();
    REQUIRE(end);
    CHECK(end->port == Port::done);
    CHECK_FALSE(operation.next_frame());
    CHECK(list.size() == 6);
    CHECK(list.back() == "root went");
  }
}

TEST_CASE(
    "lanes: the owner goes on before all have ended → the others are dropped where they stand") {
  std::vector<Bytes> list;
  Operation operation(0, "s", two_lanes(&list, 1));
  const auto first = operation.next_frame();
  const auto second = operation.next_frame();
  operation.resume(first->id, 1, answered);
  CHECK(operation.next_frame()->port == Port::done);
  CHECK(list.size() == 6);
  operation.resume(second->id, 2, answered);  // Nobody waits for it any more.
  CHECK_FALSE(operation.next_frame());
}

TEST_CASE("operation: dropped while its lanes wait → everything in it goes") {
  std::vector<Bytes> list;
  {
    Operation operation(0, "s", two_lanes(&list, 2));
    (void)operation.next_frame();
    CHECK(list.size() == 3);
  }
  CHECK(list.size() == 6);
}

Task<void> at_once(Event* over) {
  over->set();
  co_return;
}

Task<http::Response> lane_that_never_waits() {
  Context& context = co_await Here{};
  Event over(context);
  {
    Lanes lanes(context);
    lanes.start(at_once(&over));
    co_await over.wait();
  }
  co_return http::Response{.status = 204, .headers = {}, .body = {}};
}

TEST_CASE("event: set before anybody waits → nobody waits") {
  Operation operation(0, "s", lane_that_never_waits());
  const auto end = operation.next_frame();
  REQUIRE(end);
  CHECK(wire::decode<http::Response>(end->payload)->status == 204);
}

Task<int> deep(int levels) {
  if (levels == 0) {
    const auto got = co_await GetKey{.key = "k"};
    co_return failed(got) ? -1 : static_cast<int>(std::get<Bytes>(got).size());
  }
  co_return 1 + co_await deep(levels - 1);
}

Task<http::Response> deep_root(int levels) {
  const int found = co_await deep(levels);
  co_return http::Response{.status = static_cast<std::uint32_t>(found), .headers = {}, .body = {}};
}

TEST_CASE("task: tasks within tasks → one wait, and the result comes through all of them") {
  Operation operation(0, "s", deep_root(1'000));
  const auto frame = operation.next_frame();
  REQUIRE(frame);
  CHECK(frame->port == Port::key);
  operation.resume(frame->id, 1, answered + "abc");
  CHECK(wire::decode<http::Response>(operation.next_frame()->payload)->status == 1'003);
}

TEST_CASE("task: an answer without a byte → lost; with a fault → that fault") {
  for (const Bytes& result : {Bytes(), Bytes("\x02")}) {
    Operation operation(0, "s", deep_root(2));
    operation.resume(operation.next_frame()->id, 1, result);
    CHECK(wire::decode<http::Response>(operation.next_frame()->payload)->status == 1);
  }
}

TEST_CASE("operation: an answer to an effect that nobody asked for → nothing happens") {
  Operation operation(0, "s", deep_root(1));
  const auto frame = operation.next_frame();
  operation.resume(frame->id + 1, 1, answered);
  operation.resume(0, 1, answered);
  CHECK_FALSE(operation.next_frame());
  operation.resume(frame->id, 1, answered);
  CHECK(operation.next_frame());
  operation.resume(frame->id, 1, answered);
  CHECK_FALSE(operation.next_frame());
}

Task<http::Response> clock_of(std::vector<Ms>* seen) {
  Context& context = co_await Here{};
  for (int i = 0; i < 3; ++i) {
    seen->push_back(context.now());
    co_await Sleep{1};
  }
  co_return http::Response{};
}

TEST_CASE("context: the host's clock goes back → the operation's doesn't") {
  std::vector<Ms> seen;
  Operation operation(100, "s", clock_of(&seen));
  operation.resume(operation.next_frame()->id, 200, answered);
  operation.resume(operation.next_frame()->id, 150, answered);
  CHECK(seen == std::vector<Ms>{100, 200, 200});
}

}  // namespace
}  // namespace edgebatch::ports
