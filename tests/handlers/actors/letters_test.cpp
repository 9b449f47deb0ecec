#include "handlers/actors/letters.hpp"

#include <catch_amalgamated.hpp>

#include "core/text/number.hpp"
#include "handlers/actors/acknowledge.hpp"
#include "handlers/actors/runner/commands.hpp"

#include "tests/handlers/script.hpp"
#include "tests/support/rows.hpp"

namespace edgebatch::actors {
namespace {

const ports::Address self{ports::ActorKind::batch, "batch_1"};

Errand to_runner(std::uint64_t number) {
  return to_actor("batch_1/0", runner::Invite{.number = number});
}

std::vector<Bytes> subjects_of(const std::optional<Deliver>& task) {
  std::vector<Bytes> subjects;
  if (task)
    for (const auto& letter : task->letters) subjects.push_back(letter.subject);
  return subjects;
}

TEST_CASE("letters: none was written → nothing is due") {
  support::Rows rows;
  CHECK_FALSE(next_delivery(rows));
  CHECK_FALSE(collect_due(rows, self, 1'000'000));
  CHECK(rows.writes() == 0);
}

TEST_CASE("letters: not due yet → due at its time, not a millisecond before") {
  support::Rows rows;
  write_letter(rows, "a", 1, to_runner(1), 500);
  CHECK(next_delivery(rows) == 500);
  CHECK_FALSE(collect_due(rows, self, 499));
  const auto task = collect_due(rows, self, 500);
  REQUIRE(task);
  CHECK(task->self == self);
  REQUIRE(task->letters.size() == 1);
  CHECK(task->letters[0].subject == "a");
  CHECK(task->letters[0].revision == 1);
}

TEST_CASE("letters: never acknowledged → due again after 1, 2, 4 … 32 s, and every minute then") {
  support::Rows rows;
  write_letter(rows, "a", 1, to_runner(1), 0);
  Ms now = 0;
  for (const Ms pause : {1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60, 60}) {
    CAPTURE(pause);
    CHECK(collect_due(rows, self, now));
    CHECK(next_delivery(rows) == now + pause * 1'000);
    CHECK_FALSE(collect_due(rows, self, now + pause * 1'000 - 1));
    now += pause * 1'000;
  }
}

TEST_CASE("letters: a newer one on the subject → takes the older one's place, at its own time") {
  support::Rows rows;
  write_letter(rows, "a", 1, to_runner(1), 0);
  CHECK(collect_due(rows, self, 0));
  write_letter(rows, "a", 2, to_runner(2), 10);
  CHECK(rows.count() == 1);
  CHECK(next_delivery(rows) == 10);
  const auto task = collect_due(rows, self, 10);
  REQUIRE(subjects_of(task) == std::vector<Bytes>{"a"});
  CHECK(task->letters[0].revision == 2);
  CHECK(next_delivery(rows) == 10 + redelivery_ms_min);  // Its deliveries are counted anew.
}

TEST_CASE("letters: acknowledged under another revision → it stays on its way") {
  support::Rows rows;
  write_letter(rows, "a", 2, to_runner(2), 0);
  for (const std::uint64_t other : {1U, 3U}) {
    CHECK_FALSE(acknowledge(rows, {.subject = "a", .revision = other, .reply = {}}));
    CHECK(next_delivery(rows) == 0);
  }
  CHECK_FALSE(acknowledge(rows, {.subject = "b", .revision = 2, .reply = {}}));
  CHECK(acknowledge(rows, {.subject = "a", .revision = 2, .reply = {}}));
  CHECK_FALSE(next_delivery(rows));
  CHECK_FALSE(acknowledge(rows, {.subject = "a", .revision = 2, .reply = {}}));
}

TEST_CASE("letters: dropped → forgotten, others stay") {
  support::Rows rows;
  write_letter(rows, "a", 1, to_runner(1), 0);
  write_letter(rows, "ab", 1, to_runner(1), 5);
  drop_letter(rows, "a");
  drop_letter(rows, "nothing");
  CHECK(next_delivery(rows) == 5);
  CHECK(rows.count() == 1);
}

TEST_CASE("letters: more than one delivery takes → the rest at once after it") {
  for (const std::size_t count :
       {letters_count_max - 1, letters_count_max, letters_count_max + 1}) {
    CAPTURE(count);
    support::Rows rows;
    for (std::size_t i = 0; i < count; ++i) write_letter(rows, text::hex(i, 4), 1, to_runner(1), 0);
    const auto first = collect_due(rows, self, 0);
    REQUIRE(first);
    CHECK(first->letters.size() == std::min(count, letters_count_max));
    CHECK(next_delivery(rows) == (count > letters_count_max ? 0 : redelivery_ms_min));
    const auto second = collect_due(rows, self, 0);
    CHECK(second.has_value() == (count > letters_count_max));
    if (second) CHECK(second->letters.size() == 1);
  }
}

TEST_CASE("letters: keys that begin like letters → not taken for letters") {
  support::Rows rows;
  rows.put("letter", "x");
  rows.put("letter0", "x");
  rows.put("letters/", "x");
  CHECK_FALSE(next_delivery(rows));
}

// ---- deliver

using ports::EraseObjects;
using ports::Fault;
using ports::TellBytes;
using script::Script;

Deliver::Item invitation(Bytes subject) {
  return {.subject = std::move(subject), .revision = 3, .errand = to_runner(3)};
}
TellBytes told() {
  return {.to = {ports::ActorKind::runner, "batch_1/0"},
          .command = ports::encode_command(runner::Invite{.number = 3})};
}
TellBytes acknowledged(std::vector<Delivered> delivered) {
  return {.to = self,
          .command = ports::encode_command(Acknowledge{.delivered = std::move(delivered)})};
}

TEST_CASE("deliver: letters arrive → acknowledged together, each with its reply") {
  Script(script::task(Deliver{.self = self, .letters = {invitation("a"), invitation("b")}}))
      .expects(told())
      .gives("first")
      .expects(told())
      .gives("second")
      .expects(acknowledged({{.subject = "a", .revision = 3, .reply = "first"},
                             {.subject = "b", .revision = 3, .reply = "second"}}))
      .gives()
      .ends();
}

TEST_CASE("deliver: one letter is lost → only the others are acknowledged") {
  Script(script::task(Deliver{.self = self, .letters = {invitation("a"), invitation("b")}}))
      .expects(told())
      .fails(Fault::lost)
      .expects(told())
      .gives("second")
      .expects(acknowledged({{.subject = "b", .revision = 3, .reply = "second"}}))
      .gives()
      .ends();
}

TEST_CASE("deliver: every letter is lost → nothing to acknowledge") {
  Script(script::task(Deliver{.self = self, .letters = {invitation("a")}}))
      .expects(told())
      .fails(Fault::lost)
      .ends();
}

TEST_CASE("deliver: the acknowledgement is lost → it ends: the letters come once more") {
  Script(script::task(Deliver{.self = self, .letters = {invitation("a")}}))
      .expects(told())
      .gives()
      .expects(acknowledged({{.subject = "a", .revision = 3, .reply = {}}}))
      .fails(Fault::lost)
      .ends();
}

TEST_CASE("deliver: an erasure → asked for until nothing is left, then acknowledged") {
  Script(script::task(Deliver{
             .self = self,
             .letters = {{.subject = "e", .revision = 1, .errand = Erasure{.prefix = "out/x/"}}}}))
      .expects(EraseObjects{.prefix = "out/x/"})
      .gives({.more = true})
      .expects(EraseObjects{.prefix = "out/x/"})
      .gives({.more = true})
      .expects(EraseObjects{.prefix = "out/x/"})
      .gives({.more = false})
      .expects(acknowledged({{.subject = "e", .revision = 1, .reply = {}}}))
      .gives()
      .ends();
}

TEST_CASE("deliver: an erasure breaks off → not acknowledged") {
  Script(script::task(Deliver{
             .self = self,
             .letters = {{.subject = "e", .revision = 1, .errand = Erasure{.prefix = "out/x/"}}}}))
      .expects(EraseObjects{.prefix = "out/x/"})
      .gives({.more = true})
      .expects(EraseObjects{.prefix = "out/x/"})
      .fails(Fault::lost)
      .ends();
}

TEST_CASE("tasks: of another version, or no task at all → over at once, without effects") {
  for (const Bytes& input : {Bytes(), Bytes("\x07unknown"),
                             Bytes("\x07"
                                   "deliver"),
                             Bytes("\xFF\xFF")})
    Script({.config = read_config({}), .input = input, .is_task = true}).ends();
}

}  // namespace
}  // namespace edgebatch::actors
