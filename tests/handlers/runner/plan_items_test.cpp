// Planning a batch whose items name files.
#include "handlers/runner/plan_items.hpp"

#include <catch_amalgamated.hpp>

#include "core/dialects/batch_view.hpp"
#include "core/validation/index.hpp"
#include "handlers/runner/plan.hpp"

#include "tests/handlers/runner/datagrid_scenes.hpp"

namespace edgebatch::script {
namespace {

using validation::ErrorCode;
using validation::LineError;

const Input input = items(3);
const GetObject get_inspection{.key = "in/dev/f/inspection", .offset = 0, .length = {}};
const Tell<PinnedFiles> get_files{
    tenant, PinnedFiles{.batch_id = batch_id, .dialect = dialects::Dialect::datagrid}};

validation::Inspection inspection_of(const Input& of) {
  validation::Inspection inspection;
  inspection.verdict.items = of.items();
  inspection.verdict.model = "m1";
  inspection.index = {
      {.first = 0, .count = of.items(), .byte_begin = 0, .byte_end = of.bytes().size()}};
  return inspection;
}

/// A run that has leased the plan of these items.
Script planning(const Input& of = input, bool ranges_only = false) {
  Assignment assignment = datagrid_assigned(of.stream(), PlanWork{.ranges_only = ranges_only});
  assignment.job.model = {};
  Script script = run_with(upstream_with(1), assignment);
  script.expects(get_brief).gives(a_brief());
  script.expects(get_inspection).gives(wire::encode(inspection_of(of)));
  return script;
}

PutObject put_lines(View lines, std::size_t part = 0) {
  return {.key = plan_prefix + "part/" + text::hex(static_cast<std::uint64_t>(part), 6),
          .checksum = {},
          .content = Bytes(lines)};
}

Tell<ReportPlan> report(decltype(ReportPlan::plan) plan) {
  return {batch_id,
          ReportPlan{.runner = runner_number, .attempt = attempt, .plan = std::move(plan)}};
}
/// Of one span, whose lines were stored anew.
Accepted plan_of(const Input& planned) {
  return {.model = "m1",
          .stretches = {planned.all()},
          .lines = ports::StoredStream{.prefix = plan_prefix, .bytes = planned.bytes().size()}};
}

void ends_given_back(Script& script) {
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

TEST_CASE(
    "plan: items name files → the tenant is asked once, the items' lines are stored with where "
    "the files lie") {
  const Input planned = planned_items(3);
  Script script = planning();
  script.expects(read(input.all())).gives(Bytes(input.bytes()));
  script.expects(get_files).gives({text_file(0), text_file(1), text_file(2)});
  script.expects(put_lines(planned.bytes())).gives({});
  script.expects(report(plan_of(planned))).gives(true);
  ends_idle(script);
}

TEST_CASE("plan: several items name one file, and in any order → each finds it") {
  const std::array<std::size_t, 4> named{2, 0, 2, 1};
  const auto line = [&named](bool planned) {
    return [&named, planned](std::size_t i) {
      ItemLine item = planned ? planned_item(named[i]) : item_of(named[i]);
      item.custom_id = "item " + std::to_string(i);
      return dialects::datagrid::item_line(item);
    };
  };
  const Input mixed(4, line(false));
  const Input planned(4, line(true));
  Script script = planning(mixed);
  script.expects(read(mixed.all())).gives(Bytes(mixed.bytes()));
  script.expects(get_files).gives({text_file(0), text_file(1), text_file(2)});
  script.expects(put_lines(planned.bytes())).gives({});
  script.expects(report(plan_of(planned))).gives(true);
  ends_idle(script);
}

LineError no_file(std::size_t number) {
  return {.line = number + 1,
          .code = ErrorCode::file_not_found,
          .param = "file_id",
          .detail = file_id_of(number),
          .custom_id = item_of(number).custom_id};
}

TEST_CASE("plan: a file isn't there → the batch is condemned, and the item's own line says why") {
  const Input planned(3, [](std::size_t i) {
    ItemLine item = i == 1 ? item_of(i) : planned_item(i);
    if (i == 1) item.refusal = no_file(1);
    return dialects::datagrid::item_line(item);
  });
  Script script = planning();
  script.expects(read(input.all())).gives(Bytes(input.bytes()));
  script.expects(get_files).gives({text_file(0), text_file(2)});
  script.expects(put_lines(planned.bytes())).gives({});
  script
      .expects(
          report(Condemned{.why = {.errors_count = 1, .errors = {no_file(1)}, .errors_object = {}},
                           .plan = plan_of(planned)}))
      .gives(true);
  ends_idle(script);
}

TEST_CASE("plan_items: as many errors as a batch carries → reported; one more → kept beside it") {
  for (const std::size_t count :
       {dialects::errors_shown_count_max, dialects::errors_shown_count_max + 1}) {
    CAPTURE(count);
    const Input bad = items(count);
    const Input planned(count, [](std::size_t i) {
      ItemLine item = item_of(i);
      item.refusal = no_file(i);
      return dialects::datagrid::item_line(item);
    });
    std::vector<LineError> errors;
    errors.reserve(count);
    for (std::size_t i = 0; i < count; ++i) errors.push_back(no_file(i));

    Script script = planning(bad);
    script.expects(read(bad.all())).gives(Bytes(bad.bytes()));
    script.expects(get_files).gives({});
    script.expects(put_lines(planned.bytes())).gives({});
    Condemned plan{.why = {.errors_count = count, .errors = errors, .errors_object = {}},
                   .plan = plan_of(planned)};
    if (count > dialects::errors_shown_count_max) {
      plan.why.errors.resize(dialects::errors_shown_count_max);
      plan.why.errors_object = "out/dev/b/9.0.errors";
      script
          .expects_one<PutObject>([errors](const PutObject& put) {
            const auto kept = wire::decode<validation::Inspection>(put.content);
            return put.key == "out/dev/b/9.0.errors" && kept &&
                   kept->verdict.errors_count == errors.size() && kept->verdict.errors == errors;
          })
          .gives({});
    }
    script.expects(report(std::move(plan))).gives(true);
    ends_idle(script);
  }
}

TEST_CASE("plan: more errors than are listed → all are counted") {
  constexpr std::size_t count = validation::errors_count_max + 1;
  const Input bad(count, [](std::size_t i) {
    ItemLine item = item_of(0);
    item.custom_id = std::to_string(i);
    return dialects::datagrid::item_line(item);
  });
  Script script = planning(bad);
  script.expects(read(bad.all())).gives(Bytes(bad.bytes()));
  script.expects(get_files).gives({});
  script.expects_one<PutObject>([](const PutObject& put) { return put.key.ends_with("000000"); })
      .gives({});
  script
      .expects_one<PutObject>([](const PutObject& put) {
        const auto kept = wire::decode<validation::Inspection>(put.content);
        return kept && kept->verdict.errors.size() == validation::errors_count_max;
      })
      .gives({});
  script
      .expects_one<Tell<ReportPlan>>([](const Tell<ReportPlan>& told) {
        const auto* plan = std::get_if<Condemned>(&told.command.plan);
        return plan != nullptr && plan->why.errors_count == count &&
               plan->plan.stretches.size() == count / validation::span_items_max + 1;
      })
      .gives(true);
  ends_idle(script);
}

TEST_CASE("plan: the lines have become more than a part → part by part") {
  // Not what a client sends, but as large as the limits allow.
  constexpr std::size_t count = 5'000;
  const auto line = [](bool planned) {
    return [planned](std::size_t i) {
      ItemLine item = planned ? planned_item(0) : item_of(0);
      item.custom_id = Bytes(750, 'c') + std::to_string(i);
      return dialects::datagrid::item_line(item);
    };
  };
  const Input large(count, line(false));
  const Input planned(count, line(true));
  REQUIRE(large.bytes().size() < http::part_bytes);
  REQUIRE(planned.bytes().size() > http::part_bytes);
  const View lines = planned.bytes();
  Script script = planning(large);
  script.expects(read(large.all())).gives(Bytes(large.bytes()));
  script.expects(get_files).gives({text_file(0)});
  script.expects(put_lines(lines.substr(0, http::part_bytes), 0)).gives({});
  script.expects(put_lines(lines.substr(http::part_bytes), 1)).gives({});
  script
      .expects_one<Tell<ReportPlan>>([&](const Tell<ReportPlan>& told) {
        const auto* plan = std::get_if<Accepted>(&told.command.plan);
        return plan != nullptr && plan->lines && plan->lines->bytes == lines.size() &&
               plan->stretches.back().byte_end == lines.size() &&
               plan->stretches.back().end() == count;
      })
      .gives(true);
  ends_idle(script);
}

TEST_CASE("plan: nothing will be predicted → where the items lie, and no file is asked for") {
  Script script = planning(input, true);
  script.expects(report(Accepted{.model = "m1", .stretches = {input.all()}, .lines = {}}))
      .gives(true);
  ends_idle(script);
}

TEST_CASE("plan: the items, the files or the lines' place can't be reached → given back") {
  Script script = planning();
  SECTION("the items") { script.expects(read(input.all())).fails(Fault::lost); }
  SECTION("the items have become fewer bytes") {
    script.expects(read(input.all())).gives(input.bytes().substr(1));
  }
  SECTION("the files") {
    script.expects(read(input.all())).gives(Bytes(input.bytes()));
    script.expects(get_files).fails(Fault::lost);
  }
  SECTION("the lines") {
    script.expects(read(input.all())).gives(Bytes(input.bytes()));
    script.expects(get_files).gives({text_file(0), text_file(1), text_file(2)});
    script.expects(put_lines(planned_items(3).bytes())).fails(Fault::lost);
  }
  ends_given_back(script);
}

TEST_CASE("plan: the brief can't be read → again in a while") {
  for (const Fault fault : {Fault::lost, Fault::absent}) {
    Script script = run_with(upstream_with(1),
                             datagrid_assigned(input.stream(), PlanWork{.ranges_only = false}));
    script.expects(get_brief).fails(fault);
    ends_disturbed(script);
  }
}

}  // namespace
}  // namespace edgebatch::script
