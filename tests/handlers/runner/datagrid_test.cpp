// Runs of a batch whose items have a brief in common and name files.
#include <catch_amalgamated.hpp>

#include "handlers/runner/predict.hpp"

#include "tests/handlers/runner/datagrid_scenes.hpp"

namespace edgebatch::script {
namespace {

using dialects::Unanswered;

const Input input = planned_items(3);
constexpr View answer =
    R"({"choices":[{"message":{"content":"{\"a\":1}"}}],"usage":{"total_tokens":5}})";

ports::StoredStream lines() { return {.prefix = plan_prefix, .bytes = input.bytes().size()}; }
GetObject read_lines(const Stretch& stretch) {
  return {.key = plan_prefix + "part/000000",
          .offset = stretch.byte_begin,
          .length = stretch.byte_end - stretch.byte_begin};
}

dialects::Item item(std::uint32_t index) {
  View line = input.bytes_of(input.stretch(index, index + 1));
  line.remove_suffix(1);
  return *datagrid_format()->read(line, index);
}
AskUpstream ask_for_item(std::uint32_t index) {
  AskUpstream ask = ask_for(item(index));
  ask.body = datagrid_format()->body(item(index), "m1", dialects::Delivery::whole);
  return ask;
}
dialects::ResultLine line_of(std::uint32_t index) {
  return *datagrid_format()->answered(
      batch_id, item(index), {.status = 200, .request_id = "req-7", .body = Bytes(answer)});
}
void keeper_is_left(Script& script) { script.expects(Sleep{runner::renewal_ms}).is_left(); }

TEST_CASE("run: items have a brief in common → read once a run, however many its leases") {
  const std::array<Stretch, 2> halves{input.stretch(0, 1), input.stretch(1, 3)};
  Script script(run_scene(upstream_with(1)));
  bool first = true;
  for (const Stretch& half : halves) {
    script.expects(claim()).gives(datagrid_assigned(lines(), PredictWork{.stretch = half}));
    if (first) script.expects(get_brief).gives(a_brief());
    first = false;
    script.expects(read_lines(half)).gives(Bytes(input.bytes_of(half)));
    std::vector<dialects::ResultLine> stored;
    for (std::uint32_t index = half.first; index < half.end(); ++index) {
      script.expects(ask_for_item(index)).gives(says(200, answer));
      stored.push_back(line_of(index));
    }
    keeper_is_left(script);
    Shard(half, stored).is_stored(script);
    script.expects(give_back()).gives();
  }
  ends_idle(script);
}

TEST_CASE("run: the brief can't be read → nothing is asked for, and again in a while") {
  for (const Fault fault : {Fault::lost, Fault::absent}) {
    Script script(run_scene(upstream_with(1)));
    script.expects(claim()).gives(datagrid_assigned(lines(), PredictWork{.stretch = input.all()}));
    script.expects(get_brief).fails(fault);
    ends_disturbed(script);
  }
}

TEST_CASE("run: items that have no brief → none is read") {
  const Input plain(1);
  Script script = run_with(upstream_with(1), assigned(plain, DrainWork{.stretch = plain.all()}));
  script.expects(read(plain.all())).gives(Bytes(plain.bytes()));
  Shard(plain.all(), {unanswered_line(plain.item(0), Unanswered::cancelled)}).is_stored(script);
  ends_idle(script);
}

TEST_CASE("predict: an item's file → goes to the upstream from where it is stored") {
  const auto body = datagrid_format()->body(item(0), "m1", dialects::Delivery::whole);
  REQUIRE(body.size() == 3);
  CHECK(std::get<http::Embedded>(body[1]) ==
        http::Embedded{
            .encoding = http::Encoding::json_text,
            .sections = {{.key = "in/dev/upload_0/part/000000", .offset = 0, .length = 30}},
            .length = 31});
  const Stretch one = input.stretch(0, 1);
  Script script(run_scene(upstream_with(1)));
  script.expects(claim()).gives(datagrid_assigned(lines(), PredictWork{.stretch = one}));
  script.expects(get_brief).gives(a_brief());
  script.expects(read_lines(one)).gives(Bytes(input.bytes_of(one)));
  script
      .expects_one<AskUpstream>([&](const AskUpstream& ask) {
        return ask.url == "http://up/v1/chat/completions" && ask.body == body;
      })
      .gives(says(200, answer));
  keeper_is_left(script);
  Shard(one, {line_of(0)}).is_stored(script);
  script.expects(give_back()).gives();
  ends_idle(script);
}

TEST_CASE("drain: a condemned batch → each item's own reason, or that it was others") {
  const Input planned(2, [](std::size_t i) {
    ItemLine line = i == 0 ? item_of(i) : planned_item(i);
    if (i == 0)
      line.refusal = validation::LineError{.line = 1,
                                           .code = validation::ErrorCode::file_not_found,
                                           .param = "file_id",
                                           .detail = file_id_of(0),
                                           .custom_id = "a"};
    return dialects::datagrid::item_line(line);
  });
  std::vector<dialects::ResultLine> stored;
  for (const std::uint32_t index : {0U, 1U}) {
    View line = planned.bytes_of(planned.stretch(index, index + 1));
    line.remove_suffix(1);
    stored.push_back(datagrid_format()->unanswered(batch_id, *datagrid_format()->read(line, index),
                                                   Unanswered::refused, {}));
    CHECK(stored.back().counts.errored == 1);
  }
  CHECK(stored[0].text.find("file_not_found") != Bytes::npos);
  CHECK(stored[1].text.find("batch_validation_failed") != Bytes::npos);

  Script script(run_scene(upstream_with(1)));
  script.expects(claim()).gives(datagrid_assigned(
      planned.stream(), DrainWork{.stretch = planned.all(), .why = Halt::refused}));
  script.expects(get_brief).gives(a_brief());
  script.expects(read(planned.all())).gives(Bytes(planned.bytes()));
  Shard(planned.all(), stored).is_stored(script);
  ends_idle(script);
}

// ---- A batch's own concurrency

const Input plain(3);

/// A run that has leased all of three items, of a batch that wants so many requests side by side.
Script side_by_side(std::uint32_t lanes_of_upstream, std::uint32_t concurrency) {
  Assignment assignment = assigned(plain, PredictWork{.stretch = plain.all()});
  assignment.job.concurrency = concurrency;
  Script script = run_with(upstream_with(lanes_of_upstream), assignment);
  script.expects(read(plain.all())).gives(Bytes(plain.bytes()));
  return script;
}

TEST_CASE("predict: a batch has a concurrency of its own → so many requests, over both runners") {
  struct Case {
    std::uint32_t of_upstream, concurrency, lanes;
  };
  for (const Case& given : std::initializer_list<Case>{{3, 0, 3},
                                                       {3, 1, 1},
                                                       {3, 2, 1},
                                                       {3, 3, 1},
                                                       {3, 4, 2},
                                                       {3, 5, 2},
                                                       {3, 6, 3},
                                                       {3, 1'000, 3},
                                                       {1, 6, 1},
                                                       {2, 6, 2}}) {
    CAPTURE(given.of_upstream, given.concurrency, given.lanes);
    Script script = side_by_side(given.of_upstream, given.concurrency);
    // So many are asked for before any is answered; the lease is lost then.
    for (std::uint32_t index = 0; index < given.lanes; ++index)
      script.expects(ask_for(plain.item(index))).is_left();
    script.sleeps(runner::renewal_ms).expects(renew()).gives(not_held);
    script.expects(give_back()).gives();
    ends_disturbed(script);
  }
}

}  // namespace
}  // namespace edgebatch::script
