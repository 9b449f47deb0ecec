#include "handlers/runner/plan.hpp"

#include <catch_amalgamated.hpp>

#include "core/dialects/batch_view.hpp"

#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {
namespace {

using validation::ErrorCode;

const Input input(3);
const GetObject get_inspection{.key = "in/dev/f/inspection", .offset = 0, .length = {}};

Assignment to_plan(const Input& of, bool ranges_only = false,
                   View endpoint = "/v1/chat/completions") {
  Assignment assignment = assigned(of, PlanWork{.ranges_only = ranges_only});
  assignment.job = job_of(of, endpoint);
  assignment.job.model = {};
  return assignment;
}

Tell<ReportPlan> report(decltype(ReportPlan::plan) plan) {
  return {batch_id,
          ReportPlan{.runner = runner_number, .attempt = attempt, .plan = std::move(plan)}};
}
Accepted good_plan() { return {.model = "m1", .stretches = {input.all()}, .lines = {}}; }

/// The refusal of an input: what its inspection says with this batch's expectations.
Refused refusal_of(const Input& of, const dialects::openai::Expected& expected) {
  dialects::openai::Inspector inspector({1, 2}, expected);
  inspector.feed(of.bytes());
  auto verdict = inspector.finish().verdict;
  return {.errors_count = verdict.errors_count,
          .errors = std::move(verdict.errors),
          .errors_object = {}};
}

TEST_CASE("plan: a good verdict → accepted as it is, without reading the input again") {
  Script script = run_with(upstream_with(1), to_plan(input));
  script.expects(get_inspection).gives(wire::encode(input.inspection()));
  script.expects(report(good_plan())).gives(true);
  ends_idle(script);
}

TEST_CASE("plan: the batch has another endpoint than the lines → read again, every line refused") {
  Script script = run_with(upstream_with(1), to_plan(input, false, "/v1/embeddings"));
  const Refused refused = refusal_of(input, {.endpoint = "/v1/embeddings", .serves = {}});
  REQUIRE(refused.errors_count == 3);
  CHECK(refused.errors[0].code == ErrorCode::url_mismatch);
  script.expects(get_inspection).gives(wire::encode(input.inspection()));
  script.expects(read(input.all())).gives(input.bytes());
  script.expects(report(refused)).gives(true);
  ends_idle(script);
}

TEST_CASE("plan: nobody serves the model → read again, every line refused") {
  const Config config = read_config({{"UPSTREAMS", R"([{"url":"http://up","models":["other"]}])"}});
  const Refused refused = refusal_of(input, {.endpoint = {}, .serves = [](View) { return false; }});
  REQUIRE(refused.errors_count == 3);
  CHECK(refused.errors[2].code == ErrorCode::model_not_served);
  Script script = run_with(config, to_plan(input));
  script.expects(get_inspection).gives(wire::encode(input.inspection()));
  script.expects(read(input.all())).gives(input.bytes());
  script.expects(report(refused)).gives(true);
  ends_idle(script);
}

TEST_CASE("plan: as many errors as a batch carries → reported; one more → kept beside it") {
  for (const std::size_t errors :
       {dialects::errors_shown_count_max - 1, dialects::errors_shown_count_max,
        dialects::errors_shown_count_max + 1}) {
    CAPTURE(errors);
    const Input bad(errors, [](std::size_t) { return Bytes("not json"); });
    Refused refused = refusal_of(bad, {});
    REQUIRE(refused.errors_count == errors);

    Script script = run_with(upstream_with(1), to_plan(bad));
    script.expects(get_inspection).gives(wire::encode(bad.inspection()));
    script.expects(read(bad.all())).gives(bad.bytes());
    if (errors > dialects::errors_shown_count_max) {
      refused.errors_object = "out/dev/b/9.0.errors";
      script
          .expects_one<PutObject>([&](const PutObject& put) {
            const auto kept = wire::decode<validation::Inspection>(put.content);
            return put.key == refused.errors_object && kept &&
                   kept->verdict.errors.size() == errors;
          })
          .gives({});
      refused.errors.resize(dialects::errors_shown_count_max);
    }
    script.expects(report(refused)).gives(true);
    ends_idle(script);
  }
}

TEST_CASE("plan: the errors can't be kept → given back, and again in a while") {
  const Input bad(9, [](std::size_t) { return Bytes("not json"); });
  Script script = run_with(upstream_with(1), to_plan(bad));
  script.expects(get_inspection).gives(wire::encode(bad.inspection()));
  script.expects(read(bad.all())).gives(bad.bytes());
  script.expects_one<PutObject>([](const PutObject&) { return true; }).fails(Fault::lost);
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

TEST_CASE("plan: for its ranges only → accepted whatever the endpoint and the model") {
  const Config config = read_config({{"UPSTREAMS", R"([{"url":"http://up","models":["other"]}])"}});
  Script script = run_with(config, to_plan(input, true, "/v1/embeddings"));
  script.expects(get_inspection).gives(wire::encode(input.inspection()));
  script.expects(report(good_plan())).gives(true);
  ends_idle(script);
}

TEST_CASE("plan: for its ranges only, of an input that is bad → refused by its first verdict") {
  const Input bad(2, [](std::size_t i) { return i == 0 ? input_line("a") : Bytes("not json"); });
  Script script = run_with(upstream_with(1), to_plan(bad, true));
  script.expects(get_inspection).gives(wire::encode(bad.inspection()));
  script.expects(report(refusal_of(bad, {}))).gives(true);
  ends_idle(script);
}

TEST_CASE("plan: the verdict can't be read → given back, and again in a while") {
  for (const Fault fault : {Fault::lost, Fault::absent}) {
    Script script = run_with(upstream_with(1), to_plan(input));
    script.expects(get_inspection).fails(fault);
    script.expects(give_back()).gives();
    ends_disturbed(script);
  }
  Script script = run_with(upstream_with(1), to_plan(input));
  script.expects(get_inspection).gives("no verdict");
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

TEST_CASE("plan: the input has become shorter than it was → given back, and again in a while") {
  Script script = run_with(upstream_with(1), to_plan(input, false, "/v1/embeddings"));
  script.expects(get_inspection).gives(wire::encode(input.inspection()));
  script.expects(read(input.all())).gives(input.bytes().substr(1));
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

TEST_CASE("plan: the report is lost → the same report again, after 1, 2, 4 … s") {
  Script script = run_with(upstream_with(1), to_plan(input));
  script.expects(get_inspection).gives(wire::encode(input.inspection()));
  script.expects(report(good_plan())).fails(Fault::lost);
  SECTION("the next is answered → done") {
    script.sleeps(1'000).expects(report(good_plan())).gives(true);
    ends_idle(script);
  }
  SECTION("none is answered → again in a while") {
    for (const Ms pause : {1, 2, 4, 8, 16})
      script.sleeps(pause * 1'000).expects(report(good_plan())).fails(Fault::lost);
    ends_disturbed(script);
  }
}

TEST_CASE("plan: the lease on planning was lost → the next claim says what to do") {
  Script script = run_with(upstream_with(1), to_plan(input));
  script.expects(get_inspection).gives(wire::encode(input.inspection()));
  script.expects(report(good_plan())).gives(false);
  ends_idle(script);
}

/// An input of two windows, whose second line has another url.
Input two_windows() {
  return {2, [](std::size_t i) {
            Bytes line = input_line(Bytes(1, static_cast<char>('a' + i)));
            line.resize(runner::inspect_window_bytes * 3 / 4, ' ');
            return line;
          }};
}
GetObject window(std::uint64_t begin, std::uint64_t end) {
  return {.key = "in/dev/f/part/000000", .offset = begin, .length = end - begin};
}

Tell<Renew> renewal_of_plan() {
  return {batch_id, Renew{.runner = runner_number, .attempts = {attempt}, .pulse = {}}};
}

TEST_CASE("plan: a large input is read again → window by window, and the lease is renewed") {
  const Input large = two_windows();
  const std::uint64_t cut = runner::inspect_window_bytes;
  Script script = run_with(upstream_with(1), to_plan(large, false, "/v1/embeddings"));
  script.expects(get_inspection).gives(wire::encode(large.inspection()));
  SECTION("it takes no time → no renewal") {
    script.expects(window(0, cut))
        .gives(large.bytes().substr(0, cut))
        .takes(runner::renewal_ms - 1);
    script.expects(window(cut, large.bytes().size())).gives(large.bytes().substr(cut));
    script.expects(report(refusal_of(large, {.endpoint = "/v1/embeddings", .serves = {}})))
        .gives(true);
    ends_idle(script);
  }
  SECTION("it takes long → renewed; an answer that is lost changes nothing") {
    script.expects(window(0, cut)).gives(large.bytes().substr(0, cut)).takes(runner::renewal_ms);
    script.expects(renewal_of_plan()).fails(Fault::lost);
    script.expects(window(cut, large.bytes().size())).gives(large.bytes().substr(cut));
    script.expects(report(refusal_of(large, {.endpoint = "/v1/embeddings", .serves = {}})))
        .gives(true);
    ends_idle(script);
  }
  SECTION("the lease is lost → given back, and again in a while") {
    script.expects(window(0, cut)).gives(large.bytes().substr(0, cut)).takes(runner::renewal_ms);
    script.expects(renewal_of_plan()).gives({.lost = {attempt}});
    script.expects(give_back()).gives();
    ends_disturbed(script);
  }
}

}  // namespace
}  // namespace edgebatch::script
