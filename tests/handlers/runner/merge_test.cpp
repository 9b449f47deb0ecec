#include "handlers/runner/merge.hpp"

#include <catch_amalgamated.hpp>

#include "handlers/runner/store.hpp"

#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {
namespace {

using actors::batch::MergeWork;
using actors::batch::ReportMerge;

const Input input(3);

MergeWork two_pieces() {
  MergeWork work{
      .stretch = input.all(),
      .pieces = {{.attempt = 3, .number = 0, .bytes = 4}, {.attempt = 5, .number = 2, .bytes = 2}},
      .shard = {}};
  work.shard.lengths = {6, 0};
  work.shard.counts.succeeded = 3;
  return work;
}
GetObject piece(View name) {
  return {.key = "out/dev/b/" + Bytes(name), .offset = 0, .length = {}};
}
Tell<ReportMerge> merged() {
  ReportMerge report{.runner = runner_number, .stretch = input.all(), .shard = two_pieces().shard};
  report.shard.attempt = attempt;
  return {batch_id, report};
}
Script merging() { return run_with(upstream_with(1), assigned(input, two_pieces())); }

TEST_CASE("merge: pieces → read one by one, stored as one object, reported") {
  Script script = merging();
  script.expects(piece("3.0")).gives("abc\n").expects(piece("5.2")).gives("d\n");
  script
      .expects_one<PutObject>([](const PutObject& put) {
        return put.key == "out/dev/b/9.0" && put.content == "abc\nd\n";
      })
      .gives({});
  script.expects(merged()).fails(Fault::lost);
  script.sleeps(1'000).expects(merged()).gives(held);
  ends_idle(script);
}

TEST_CASE("merge: a piece is missing, or isn't what it was → given back, again in a while") {
  Script script = merging();
  script.expects(piece("3.0")).gives("abc\n").expects(piece("5.2"));
  SECTION("missing") {
    script.result([](View) { return Bytes("\x02"); });
  }
  SECTION("shorter") {
    script.result([](View) { return Bytes("\0d", 2); });
  }
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

TEST_CASE("merge: reported too late → given back, again in a while") {
  Script script = merging();
  script.expects(piece("3.0")).gives("abc\n").expects(piece("5.2")).gives("d\n");
  script.expects_one<PutObject>([](const PutObject&) { return true; }).gives({});
  script.expects(merged()).gives(not_held);
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

}  // namespace
}  // namespace edgebatch::script
