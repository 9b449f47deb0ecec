// Runs of a batch whose items have a brief in common and name files.
#include <catch_amalgamated.hpp>

#include "handlers/runner/predict.hpp"

#include "tests/handlers/runner/datagrid_scenes.hpp"
#include "tests/handlers/runner/predict_scenes.hpp"

namespace edgebatch::script {
namespace {

using dialects::Unanswered;

const Input planned = planned_items(3);
constexpr View answer =
    R"({"choices":[{"message":{"content":"{\"a\":1}"}}],"usage":{"total_tokens":5}})";

ports::StoredStream lines() { return {.prefix = plan_prefix, .bytes = planned.bytes().size()}; }
GetObject read_lines(const Stretch& stretch) {
  return {.key = plan_prefix + "part/000000",
          .offset = stretch.byte_begin,
          .length = stretch.byte_end - stretch.byte_begin};
}

dialects::Item item(std::uint32_t index) {
  View line = planned.bytes_of(planned.stretch(index, index + 1));
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

void predicts_item(Script& script, std::uint32_t index) {
  script.expects(ask_for_item(index)).gives(says(200, answer));
}

TEST_CASE("run: items have a brief in common → read once a run, however many its leases") {
  const auto third = [](std::uint32_t index) { return planned.stretch(index, index + 1); };
  const auto lease_of = [&](std::uint32_t index) {
    Assignment assignment = datagrid_assigned(lines(), PredictWork{.stretch = third(index)});
    assignment.attempt = attempt + index;
    return assignment;
  };
  const auto reads = [&](Script& script, std::uint32_t index) {
    script.expects(read_lines(third(index))).gives(Bytes(planned.bytes_of(third(index))));
  };
  const auto stores = [&](Script& script, std::uint32_t index) {
    Shard(third(index), {line_of(index)}, 0, attempt + index).is_stored(script);
  };
  Script script(run_scene(upstream_with(1)));
  script.expects(claim()).gives(lease_of(0));
  script.expects(get_brief).gives(a_brief());
  reads(script, 0);
  paces(script).gives(lanes(1));
  // Beside the first …
  claims_more(script).gives(lease_of(1));
  reads(script, 1);
  predicts_item(script, 0);
  stores(script, 0);
  finds_no_more(script);
  predicts_item(script, 1);
  stores(script, 1);
  is_over(script);
  // … and after it.
  claims(script, false).gives(lease_of(2));
  reads(script, 2);
  paces(script).gives(lanes(1));
  finds_no_more(script);
  predicts_item(script, 2);
  stores(script, 2);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("run: the brief can't be read → nothing is asked for, and again in a while") {
  for (const Fault fault : {Fault::lost, Fault::absent}) {
    Script script(run_scene(upstream_with(1)));
    script.expects(claim()).gives(
        datagrid_assigned(lines(), PredictWork{.stretch = planned.all()}));
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
  const Stretch first = planned.stretch(0, 1);
  Script script(run_scene(upstream_with(1)));
  script.expects(claim()).gives(datagrid_assigned(lines(), PredictWork{.stretch = first}));
  script.expects(get_brief).gives(a_brief());
  script.expects(read_lines(first)).gives(Bytes(planned.bytes_of(first)));
  paces(script).gives(lanes(1));
  script
      .expects_one<AskUpstream>([&](const AskUpstream& ask) {
        return ask.url == "http://up/v1/chat/completions" && ask.body == body;
      })
      .gives(says(200, answer));
  finds_no_more(script);
  Shard(first, {line_of(0)}).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("drain: a condemned batch → each item's own reason, or that it was others") {
  const Input condemned(2, [](std::size_t i) {
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
    View line = condemned.bytes_of(condemned.stretch(index, index + 1));
    line.remove_suffix(1);
    stored.push_back(datagrid_format()->unanswered(batch_id, *datagrid_format()->read(line, index),
                                                   Unanswered::refused, {}));
    CHECK(stored.back().counts.errored == 1);
  }
  CHECK(stored[0].text.find("file_not_found") != Bytes::npos);
  CHECK(stored[1].text.find("batch_validation_failed") != Bytes::npos);

  Script script(run_scene(upstream_with(1)));
  script.expects(claim()).gives(datagrid_assigned(
      condemned.stream(), DrainWork{.stretch = condemned.all(), .why = Unanswered::refused}));
  script.expects(get_brief).gives(a_brief());
  script.expects(read(condemned.all())).gives(Bytes(condemned.bytes()));
  Shard(condemned.all(), stored).is_stored(script);
  ends_idle(script);
}

}  // namespace
}  // namespace edgebatch::script
