// The result lines of a batch: all of them, those that are there, and those that follow.
#include <catch_amalgamated.hpp>

#include "core/http/range.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/gateway/follow_batch.hpp"

#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using actors::batch::Progress;
using dialects::Dialect;
using lifecycle::State;
using ports::Fault;
using ports::Respond;
using ports::Tell;

const Bytes id = "bpred_0123456789abcdef0123456789abcdef";
const Bytes path = "/v1/batch-predictions/" + id + "/results";

http::Section section(unsigned number, std::uint64_t length, std::uint64_t offset = 0) {
  return {.key = "out/dev/b/1." + std::to_string(number), .offset = offset, .length = length};
}

Tell<Progress> look(std::uint64_t offset = 0) {
  return {id, Progress{.tenant = tenant, .dialect = Dialect::datagrid, .offset = offset}};
}

/// A batch of three items, what of its lines wasn't left out, and how long all of them are.
Progress::Stored seen(State state, std::vector<http::Section> sections, std::uint64_t length,
                      bool whole = false) {
  Progress::Stored stored;
  stored.view.id = id;
  stored.view.dialect = Dialect::datagrid;
  stored.view.state = state;
  stored.view.total = 3;
  stored.whole = whole;
  stored.length = length;
  stored.sections = std::move(sections);
  return stored;
}
Progress::Stored ended() {
  return seen(State::completed, {section(1, 30), section(2, 12)}, 42, true);
}

Script asking(View query = {}, std::vector<http::Header> headers = {}) {
  return authorized("GET", path + Bytes(query), std::move(headers));
}

// ---- A batch that has ended

TEST_CASE("batch_results: it has ended → all its lines, from where they are stored") {
  for (const State state : {State::completed, State::failed, State::cancelled, State::expired}) {
    for (const View query : {"", "?partial=true", "?partial=false", "?follow=true"}) {
      auto stored = ended();
      stored.view.state = state;
      asking(query).expects(look()).gives(stored).answers(200, [](const Answer& answer) {
        CHECK(answer.header("content-type") == "application/x-ndjson");
        CHECK(answer.header("content-length") == "42");
        CHECK(answer.header("x-incomplete") == "false");
        CHECK(answer.sections() == ended().sections);
      });
    }
  }
}

TEST_CASE("batch_results: it has ended without lines → an empty body") {
  asking().expects(look()).gives(seen(State::failed, {}, 0)).answers(200, [](const Answer& answer) {
    CHECK(answer.header("content-length") == "0");
    CHECK(answer.header("x-incomplete") == "false");
    CHECK(answer.sections().empty());
  });
}

TEST_CASE("batch_results: OpenAI's batch → the lines of both of its files in one stream") {
  const Bytes openais = "batch_0123456789abcdef0123456789abcdef";
  auto stored = ended();
  stored.view.id = openais;
  authorized("GET", "/openai/v1/batches/" + openais + "/results")
      .expects(Tell{openais, Progress{.tenant = tenant}})
      .gives(stored)
      .answers(200, [](const Answer& answer) { CHECK(answer.sections().size() == 2); });
}

TEST_CASE("batch_results: a range → 206 with just these bytes, unless it was meant for others") {
  const Bytes tag = "\"" + id + "-42-42\"";
  asking({}, {{"range", "bytes=28-31"}})
      .expects(look())
      .gives(ended())
      .answers(206, [&](const Answer& answer) {
        CHECK(answer.header("content-range") == "bytes 28-31/42");
        CHECK(answer.header("etag") == tag);
        CHECK(answer.sections() == std::vector<http::Section>{section(1, 2, 28), section(2, 2)});
      });
  asking({}, {{"range", "bytes=28-31"}, {"if-range", tag}})
      .expects(look())
      .gives(ended())
      .answers(206);
  asking({}, {{"range", "bytes=28-31"}, {"if-range", "\"another\""}})
      .expects(look())
      .gives(ended())
      .answers(200, [](const Answer& answer) { CHECK(answer.header("content-length") == "42"); });
  asking({}, {{"range", "bytes=42-"}})
      .expects(look())
      .gives(ended())
      .answers(416,
               [](const Answer& answer) { CHECK(answer.header("content-range") == "bytes */42"); });
}

TEST_CASE("batch_results: the client has these lines already → 304") {
  const Bytes tag = "\"" + id + "-42-42\"";
  for (const Bytes& known : {tag, Bytes("\"x\", " + tag), Bytes("*"), "W/" + tag})
    asking({}, {{"if-none-match", known}})
        .expects(look())
        .gives(ended())
        .answers(304, [&](const Answer& answer) {
          CHECK(answer.header("etag") == tag);
          CHECK(answer.body().empty());
        });
  asking({}, {{"if-none-match", "\"" + id + "-30-30\""}})
      .expects(look())
      .gives(ended())
      .answers(200);
}

TEST_CASE("batch_results: from an offset on → what lies behind it, under a tag of its own") {
  auto stored = ended();
  stored.sections = {section(2, 12)};
  asking("?offset=30").expects(look(30)).gives(stored).answers(200, [](const Answer& answer) {
    CHECK(answer.header("content-length") == "12");
    CHECK(answer.header("etag") == "\"" + id + "-42-12\"");
  });
}

// ---- A batch that runs

TEST_CASE("batch_results: it still runs → 409 that says its status, and isn't worth retrying") {
  struct Case {
    State state;
    bool started;
    View shown;
  };
  for (const Case& given : std::initializer_list<Case>{{State::validating, false, "validating"},
                                                       {State::failing, false, "validating"},
                                                       {State::in_progress, true, "in_progress"},
                                                       {State::expiring, true, "in_progress"},
                                                       {State::cancelling, true, "cancelling"},
                                                       {State::finalizing, true, "finalizing"}}) {
    CAPTURE(given.shown);
    auto stored = seen(given.state, {section(1, 30)}, 30);
    if (given.started)
      stored.view.entered_ms[static_cast<std::size_t>(State::in_progress)] = began_at;
    for (const View query : {"", "?partial=false", "?offset=3"})
      asking(query)
          .expects_one<Tell<Progress>>([](const auto&) { return true; })
          .gives(stored)
          .answers(409, [&](const Answer& answer) {
            CHECK(answer.text("type").ends_with("/conflict"));
            CHECK(answer.text("detail").find("'" + Bytes(given.shown) + "'") != Bytes::npos);
            CHECK(answer.header("x-should-retry") == "false");
          });
  }
}

TEST_CASE("batch_results: those that are there are asked for → they, and that there will be more") {
  asking("?partial=true&offset=0")
      .expects(look())
      .gives(seen(State::in_progress, {section(1, 30)}, 30))
      .answers(200, [](const Answer& answer) {
        CHECK(answer.header("x-incomplete") == "true");
        CHECK(answer.header("content-length") == "30");
      });
  asking("?partial=true")
      .expects(look())
      .gives(seen(State::validating, {}, 0))
      .answers(200, [](const Answer& answer) {
        CHECK(answer.header("x-incomplete") == "true");
        CHECK(answer.header("content-length") == "0");
      });
}

TEST_CASE("batch_results: all lines are there, and it is about to end → nothing is missing") {
  asking("?partial=true")
      .expects(look())
      .gives(seen(State::finalizing, {section(1, 30)}, 30, true))
      .answers(200, [](const Answer& answer) { CHECK(answer.header("x-incomplete") == "false"); });
}

// ---- What goes wrong

TEST_CASE("batch_results: they were kept for as long as was promised → 410") {
  for (const View query : {"", "?partial=true", "?follow=true"}) {
    auto stored = seen(State::completed, {}, 0);
    stored.view.results_gone = true;
    asking(query).expects(look()).gives(stored).answers(
        410, [](const Answer& answer) { CHECK(answer.text("type").ends_with("/results_gone")); });
  }
}

TEST_CASE("batch_results: no such batch, or no id at all → 404; no answer → 503") {
  asking()
      .expects(look())
      .gives(Problem{.code = ProblemCode::batch_not_found, .param = {}, .detail = id})
      .answers(404);
  asking().expects(look()).fails(Fault::lost).answers(503);
  authorized("GET", "/v1/batch-predictions/bpred_1/results").answers(404);
  authorized("GET", "/v1/batches/" + id + "/results").answers(404);
}

TEST_CASE("batch_results: a parameter that is none → 422 that names it, and nobody is asked") {
  for (const View query : {"partial=yes", "partial=", "follow=1", "follow=TRUE", "offset=-1",
                           "offset=", "offset=1.5", "offset=99999999999999999999999"}) {
    CAPTURE(query);
    asking("?" + Bytes(query)).answers(422, [query](const Answer& answer) {
      CHECK(answer.text("errors/0/pointer") == "/" + Bytes(query.substr(0, query.find('='))));
    });
  }
}

// ---- Lines that follow

Respond beginning() {
  return {Respond::Begin{.status = 200,
                         .headers = {{"x-request-id", Drawn().request_id()},
                                     {"content-type", "application/x-ndjson"}}}};
}
/// What is written once the answer has begun can fail: the client is gone then, and that is all.
Script& begins(Script& script) { return script.expects(beginning()).gives().may_fail(); }
Script& writes(Script& script, std::vector<http::Section> lines) {
  return script.expects(Respond{std::move(lines)}).gives().may_fail();
}
/// A poll later the batch looks like that.
Script& polls(Script& script, std::uint64_t offset, const Progress::Stored& stored) {
  script.sleeps(gateway::poll_ms);
  return script.expects(look(offset)).gives(stored).may_fail();
}

TEST_CASE("batch_results: it is followed → lines as they come, to the last") {
  Script script = asking("?follow=true");
  script.expects(look()).gives(seen(State::in_progress, {section(1, 30)}, 30));
  begins(script);
  writes(script, {section(1, 30)});
  polls(script, 30, seen(State::in_progress, {}, 30));
  polls(script, 30, seen(State::in_progress, {section(2, 5), section(3, 7)}, 42));
  writes(script, {section(2, 5), section(3, 7)});
  polls(script, 42, seen(State::completed, {section(4, 8)}, 50, true));
  writes(script, {section(4, 8)}).answers(200);
}

TEST_CASE("batch_results: it is followed from an offset on → what the client has is left out") {
  Script script = asking("?follow=true&offset=10&partial=false");
  script.expects(look(10)).gives(seen(State::in_progress, {section(1, 20, 10)}, 30));
  begins(script);
  writes(script, {section(1, 20, 10)});
  polls(script, 30, seen(State::cancelled, {}, 30, true)).answers(200);
}

TEST_CASE("batch_results: followed, and it ends without a line → the answer ends too") {
  Script script = asking("?follow=true");
  script.expects(look()).gives(seen(State::in_progress, {}, 0));
  begins(script);
  polls(script, 0, seen(State::failed, {}, 0)).answers(200);
}

TEST_CASE("batch_results: followed, and no line comes for long → a space now and then") {
  Script script = asking("?follow=true");
  script.expects(look()).gives(seen(State::in_progress, {}, 0));
  begins(script);
  const auto nothing_new = seen(State::in_progress, {}, 0);
  for (int beats = 0; beats < 2; ++beats) {
    for (Ms waited = gateway::poll_ms; waited < gateway::heartbeat_ms; waited += gateway::poll_ms)
      polls(script, 0, nothing_new);
    script.sleeps(gateway::poll_ms);
    script.expects(Respond{Bytes(" ")}).gives().may_fail();
    script.expects(look()).gives(nothing_new).may_fail();
  }
  polls(script, 0, seen(State::completed, {section(1, 3)}, 3, true));
  writes(script, {section(1, 3)}).answers(200);
}

TEST_CASE("batch_results: followed, and the batch doesn't answer once → asked again") {
  Script script = asking("?follow=true");
  script.expects(look()).gives(seen(State::in_progress, {section(1, 30)}, 30));
  begins(script);
  writes(script, {section(1, 30)});
  script.sleeps(gateway::poll_ms).expects(look(30)).fails(Fault::lost).may_fail();
  polls(script, 30, seen(State::completed, {section(2, 12)}, 42, true));
  writes(script, {section(2, 12)}).answers(200);
}

TEST_CASE("batch_results: followed, and there is no such batch any more → broken off") {
  Script script = asking("?follow=true");
  script.expects(look()).gives(seen(State::in_progress, {section(1, 30)}, 30));
  begins(script);
  writes(script, {section(1, 30)});
  script.sleeps(gateway::poll_ms)
      .expects(look(30))
      .gives(Problem{.code = ProblemCode::batch_not_found, .param = {}, .detail = id})
      .may_fail()
      .expects(Respond{Respond::BreakOff{}})
      .gives()
      .may_fail()
      .answers(200);
}

TEST_CASE("batch_results: followed, and the client goes → nothing more is asked") {
  Script script = asking("?follow=true");
  script.expects(look()).gives(seen(State::in_progress, {section(1, 30)}, 30));
  SECTION("at once") { script.expects(beginning()).fails(Fault::lost).may_fail(); }
  SECTION("while lines are written") {
    begins(script);
    script.expects(Respond{std::vector{section(1, 30)}}).fails(Fault::lost).may_fail();
  }
  script.answers(200);
}

TEST_CASE("batch_results: followed for too long → broken off, within what a host allows") {
  const Scene scene = request("GET", path + "?follow=true", {{"authorization", "Bearer eb-dev"}});
  const auto operation = scene.begin();
  Ms now = began_at;
  std::uint32_t effects = 0;
  std::uint32_t spaces = 0;
  std::uint32_t polled = 0;
  bool broken_off = false;
  while (const auto frame = operation->next_frame()) {
    if (frame->port == ports::Port::done) break;
    CHECK_FALSE(broken_off);
    ++effects;
    Bytes result;
    if (frame->port == ports::Port::key) result = tenant;
    if (frame->port == ports::Port::timer) now += gateway::poll_ms;
    if (frame->port == ports::Port::actor) {
      ++polled;
      result = encode_result<Tell<Progress>>(seen(State::in_progress, {}, 0));
    }
    if (frame->port == ports::Port::response) {
      broken_off = frame->payload == Respond{Respond::BreakOff{}}.encode();
      if (frame->payload == Respond{Bytes(" ")}.encode()) ++spaces;
    }
    operation->resume(frame->id, now, Bytes(1, '\0') + result);
  }
  CHECK(broken_off);
  CHECK(polled == gateway::polls_count_max + 1);
  CHECK(spaces == gateway::polls_count_max * gateway::poll_ms / gateway::heartbeat_ms);
  CHECK(effects < 10'000);
}

}  // namespace
}  // namespace edgebatch::script
