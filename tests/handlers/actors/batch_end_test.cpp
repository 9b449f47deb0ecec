// How a batch ends, turn by turn: expiry, result files, and what becomes of them.
#include <catch_amalgamated.hpp>

#include "core/text/number.hpp"

#include "tests/handlers/actors/batch_actor.hpp"

namespace edgebatch::actors::batch {
namespace {

// ---- Expiry

TEST_CASE("batch: its window is over → expiring from the very millisecond") {
  for (const bool planned : {false, true}) {
    BatchActor batch;
    if (planned)
      batch.plan(2);
    else
      (void)batch.start();
    batch.now = started_at + window_ms - 1;
    CHECK(batch.view().state == (planned ? State::in_progress : State::validating));
    batch.now += 1;
    batch.alarm();
    CHECK(batch.state() == State::expiring);
    CHECK(batch.letter("index"));  // At once.
  }
}

TEST_CASE("batch: expired → drained, and what never ran says so") {
  BatchActor batch;
  batch.reach(State::expired);
  const auto view = batch.view();
  CHECK(view.counts.expired == 30);
  CHECK(view.result_files[0].empty());
  CHECK_FALSE(view.result_files[1].empty());
}

TEST_CASE("batch: expiry while finalizing → it is done in time") {
  BatchActor batch;
  batch.reach(State::finalizing);
  batch.now = started_at + window_ms;
  batch.alarm();
  CHECK(batch.state() == State::finalizing);
  batch.publish();
  CHECK(batch.state() == State::completed);
}

TEST_CASE("batch: without a window → it never expires") {
  BatchActor batch;
  (void)batch.start(std::nullopt);
  REQUIRE(batch.accept(batch.claim().attempt, 1));
  CHECK_FALSE(batch.view().expires_at_ms);
  batch.now += 1'000 * window_ms;
  batch.alarm();
  CHECK(batch.state() == State::in_progress);
}

// ---- Publishing

TEST_CASE(
    "batch: every item has its line → finalizing, and the tenant is asked to register the files") {
  BatchActor batch;
  batch.plan(1);
  const auto work = batch.claim();
  auto mixed = BatchActor::report_of(work.attempt, predicted(work));
  mixed.shard.counts = {.succeeded = 7, .errored = 3, .canceled = 0, .expired = 0};
  mixed.shard.lengths = {140, 60};
  mixed.shard.lines = {7, 3};
  batch.now += 1'234;
  CHECK(batch.tell(mixed).held);
  CHECK(batch.state() == State::finalizing);

  const auto letter = batch.letter("results");
  REQUIRE(letter);
  CHECK(receiver_of(*letter) == "dev");
  const auto files = command_in<tenant::RegisterResults>(*letter)->files;
  REQUIRE(files.size() == 2);
  for (const std::uint32_t stream : {0U, 1U}) {
    const auto& file = files[stream];
    CHECK(file.stream == stream);
    CHECK(file.view.id == "file-" + text::hex(static_cast<std::uint64_t>(started_at + 1'234), 12) +
                              Bytes(20, stream == 0 ? '1' : '2'));
    CHECK(file.view.bytes == (stream == 0 ? 140 : 60));
    CHECK(file.view.purpose == "batch_output");
    CHECK(file.view.created_at_ms == started_at + 1'234);
    CHECK(file.view.expires_at_ms == started_at + 1'234 + 30 * window_ms);
  }
  // Not shown before it is registered.
  CHECK(batch.view().result_files == std::array<Bytes, 2>{});

  batch.now += 1;
  batch.acknowledge(*letter);
  const auto view = batch.view();
  CHECK(view.state == State::completed);
  CHECK(view.result_files == std::array<Bytes, 2>{files[0].view.id, files[1].view.id});
  CHECK(view.counts.succeeded == 7);
  CHECK(view.counts.errored == 3);
  CHECK(view.lines == std::array<std::uint32_t, 2>{7, 3});
  CHECK(view.usage.total == 10);
}

TEST_CASE("batch: a stream without lines → no file of it") {
  BatchActor batch;
  batch.reach(State::completed);
  const auto view = batch.view();
  CHECK_FALSE(view.result_files[0].empty());
  CHECK(view.result_files[1].empty());
}

TEST_CASE("batch: the registration isn't acknowledged → asked for again, the same letter") {
  BatchActor batch;
  batch.reach(State::finalizing);
  const auto first = batch.pending("results");
  REQUIRE(first);
  batch.wait(redelivery_ms_min);
  const auto second = batch.pending("results");
  REQUIRE(second);
  CHECK(second->revision == first->revision);
  CHECK(std::get<ToActor>(second->errand).command == std::get<ToActor>(first->errand).command);
  CHECK(batch.state() == State::finalizing);
}

TEST_CASE(
    "batch: acknowledged twice, or something else acknowledged → one end, with its first time") {
  BatchActor batch;
  batch.reach(State::finalizing);
  const auto results = *batch.pending("results");
  Letter other = results;
  other.revision = 2;
  batch.acknowledge(other);
  CHECK(batch.state() == State::finalizing);
  batch.acknowledge(results);
  CHECK(batch.state() == State::completed);
  const Bytes view = wire::encode(batch.view());
  batch.now += 1'000;
  batch.acknowledge(results);
  CHECK(wire::encode(batch.view()) == view);
}

TEST_CASE("batch: it has ended and its letters are acknowledged → nothing is waited for") {
  for (const State state : {State::completed, State::failed, State::cancelled, State::expired}) {
    CAPTURE(lifecycle::name(state));
    BatchActor batch;
    batch.reach(state);
    batch.wait(2 * redelivery_ms_max);
    for (const Letter& letter : batch.take_posted()) batch.acknowledge(letter);
    CHECK_FALSE(batch.wake_at);
    CHECK(is_idle(batch.claim()));
    CHECK_FALSE(batch.wake_at);
  }
}

// ---- Results

TEST_CASE("batch: its sections → in the order of items, each stream behind the ones before it") {
  BatchActor batch;
  batch.plan(2);
  const auto low = batch.claim();
  const auto high = batch.claim(1, 7);
  auto second = BatchActor::report_of(high.attempt, predicted(high));
  second.shard.counts = {.succeeded = 4, .errored = 6, .canceled = 0, .expired = 0};
  second.shard.lengths = {40, 60};
  second.shard.lines = {4, 6};
  CHECK(batch.tell(second).held);
  CHECK(std::get<std::vector<http::Section>>(batch.tell(Sections{.tenant = "dev", .stream = 0}))
            .empty());
  CHECK(batch.report(low.attempt, predicted(low), 3).held);

  const auto sections = [&](std::uint32_t stream) {
    return std::get<std::vector<http::Section>>(
        batch.tell(Sections{.tenant = "dev", .stream = stream}));
  };
  const Bytes prefix = "out/dev/" + batch_id + "/";
  const std::vector<http::Section> output{{.key = prefix + "2.3", .offset = 0, .length = 200},
                                          {.key = prefix + "3.0", .offset = 0, .length = 40}};
  const std::vector<http::Section> errors{{.key = prefix + "3.0", .offset = 40, .length = 60}};
  // The tenant may show the files before it has told us so: they are whole from now on.
  CHECK(batch.state() == State::finalizing);
  CHECK(sections(0) == output);
  CHECK(sections(1) == errors);
  batch.publish();
  CHECK(sections(0) == output);
  CHECK(sections(1) == errors);
  CHECK(code_of(batch.tell(Sections{.tenant = "dev", .stream = 2})) ==
        ProblemCode::batch_not_found);
}

TEST_CASE("batch: a result file is forgotten → its objects go when the last one is") {
  BatchActor batch;
  batch.plan(1);
  const auto work = batch.claim();
  auto mixed = BatchActor::report_of(work.attempt, predicted(work));
  mixed.shard.counts = {.succeeded = 5, .errored = 5, .canceled = 0, .expired = 0};
  mixed.shard.lengths = {50, 50};
  CHECK(batch.tell(mixed).held);
  batch.publish();

  (void)batch.tell(ForgetResults{.stream = 1});
  (void)batch.tell(ForgetResults{.stream = 1});
  (void)batch.tell(ForgetResults{.stream = 2});
  CHECK_FALSE(batch.pending("erase"));
  CHECK_FALSE(batch.view().results_gone);
  (void)batch.tell(ForgetResults{.stream = 0});
  const auto erase = batch.letter("erase");
  REQUIRE(erase);
  CHECK(std::get<Erasure>(erase->errand).prefix == "out/dev/" + batch_id + "/");
  CHECK(batch.view().state == State::completed);  // The batch object stays.
  CHECK(batch.view().results_gone);               // Nobody reads what isn't there.
}

TEST_CASE("batch: it has one result file only → its objects go with that") {
  BatchActor batch;
  batch.reach(State::completed);
  (void)batch.tell(ForgetResults{.stream = 0});
  CHECK(batch.letter("erase"));
}

}  // namespace
}  // namespace edgebatch::actors::batch
