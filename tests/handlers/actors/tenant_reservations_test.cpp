// Creates that come again: by idempotency key or by body; and inline items that nobody needs.
#include <catch_amalgamated.hpp>

#include "tests/handlers/actors/tenant_actor.hpp"

namespace edgebatch::actors::tenant {
namespace {

using Reserved = ReserveBatch::Reserved;
using Started = ReserveBatch::Started;
using Conflict = ReserveBatch::Conflict;

const Bytes first = batch_id(1);
const Bytes second = batch_id(2);
const Bytes third = batch_id(3);

ReserveBatch create(const Bytes& id, View key = {}, View body = "a body") {
  ReserveBatch command;
  command.id = id;
  command.key = key;
  command.fingerprint = body;
  return command;
}
/// The client says that it has asked before.
ReserveBatch retry(const Bytes& id, View body = "a body") {
  ReserveBatch command = create(id, {}, body);
  command.retry = true;
  return command;
}
ReserveBatch inline_create(const Bytes& id, View name, View key = {}) {
  ReserveBatch command = create(id, key);
  command.inline_name = name;
  return command;
}

Bytes reserved_id(const ReserveBatch::Reply& reply) {
  const auto* reserved = std::get_if<Reserved>(&reply);
  return reserved == nullptr ? "not reserved" : reserved->id;
}
Bytes started_id(const ReserveBatch::Reply& reply) {
  const auto* started = std::get_if<Started>(&reply);
  return started == nullptr ? "not started" : started->id;
}
bool is_conflict(const ReserveBatch::Reply& reply) {
  return std::holds_alternative<Conflict>(reply);
}

/// The reservation runs out, and its batch answers.
void abandon(TenantActor& tenant, const Bytes& id, batch::Abandon::Reply answer) {
  tenant.wait(reservation_ms_max);
  const auto letter = tenant.pending("abandon/" + id);
  REQUIRE(letter);
  tenant.acknowledge(*letter, wire::encode(answer));
}

// ---- Keys

TEST_CASE("tenant: a key again before its batch is heard of → the first id, reserved anew") {
  TenantActor tenant;
  CHECK(reserved_id(tenant.tell(create(first, "k"))) == first);
  tenant.now += reservation_ms_max - 1;
  CHECK(reserved_id(tenant.tell(create(second, "k"))) == first);
  CHECK(tenant.all("reserved/").size() == 1);
  CHECK(tenant.wake_at == tenant.now + reservation_ms_max);
}

TEST_CASE("tenant: a key again once its batch is in the index → which one that is") {
  for (const State state : {State::validating, State::completed, State::failed}) {
    TenantActor tenant;
    (void)tenant.tell(create(first, "k"));
    tenant.index(first, 1, state);
    CHECK(started_id(tenant.tell(create(second, "k"))) == first);
    CHECK(tenant.all("reserved/").empty());
    CHECK(tenant.batches().batches.size() == 1);
  }
}

TEST_CASE("tenant: a key with another body → a conflict, and nothing is written") {
  TenantActor tenant;
  (void)tenant.tell(create(first, "k"));
  CHECK(is_conflict(tenant.tell(create(second, "k", "another body"))));
  CHECK(tenant.writes_of(create(second, "k", "another body")) == 0);
  tenant.index(first, 1);
  CHECK(is_conflict(tenant.tell(create(second, "k", "another body"))));
  // The conflict has changed nothing for those who have the right one.
  CHECK(started_id(tenant.tell(create(second, "k"))) == first);
}

TEST_CASE("tenant: a key is remembered for a day, and not a millisecond longer") {
  for (const View body : {"a body", "another body"}) {
    TenantActor tenant;
    (void)tenant.tell(create(first, "k", "a body"));
    tenant.index(first, 1);
    tenant.now = began_at + key_memory_ms - 1;
    CHECK(started_id(tenant.tell(create(second, "k", "a body"))) == first);
    tenant.now += 1;
    CHECK(reserved_id(tenant.tell(create(second, "k", body))) == second);
    // … and for another day.
    tenant.index(second, 1);
    CHECK(started_id(tenant.tell(create(third, "k", body))) == second);
  }
}

TEST_CASE("tenant: a day goes by → the memory's row goes with it") {
  TenantActor tenant;
  (void)tenant.tell(create(first, "k"));
  tenant.index(first, 1);
  CHECK(tenant.wakes_otherwise() == began_at + key_memory_ms);
  tenant.wait(key_memory_ms);
  CHECK(tenant.all("memory/").empty());
  CHECK_FALSE(tenant.wakes_otherwise());
}

TEST_CASE("tenant: a key that reads like another's body → apart from it") {
  TenantActor tenant;
  (void)tenant.tell(create(first, "x", "a body"));
  (void)tenant.tell(create(second, {}, "x"));
  CHECK(reserved_id(tenant.tell(create(third, "x", "a body"))) == first);
  CHECK(reserved_id(tenant.tell(retry(third, "x"))) == second);
}

TEST_CASE("tenant: another key, the same body → another batch") {
  TenantActor tenant;
  (void)tenant.tell(create(first, "k"));
  CHECK(reserved_id(tenant.tell(create(second, "l"))) == second);
  CHECK(reserved_id(tenant.tell(create(third))) == third);
}

// ---- Bodies

TEST_CASE("tenant: the same body without a key → another batch, unless it is said to be a retry") {
  TenantActor tenant;
  (void)tenant.tell(create(first));
  SECTION("a retry, the batch not heard of yet → the first id") {
    CHECK(reserved_id(tenant.tell(retry(second))) == first);
  }
  SECTION("a retry, the batch in the index → which one that is") {
    tenant.index(first, 1);
    CHECK(started_id(tenant.tell(retry(second))) == first);
  }
  SECTION("a retry of another body → another batch") {
    CHECK(reserved_id(tenant.tell(retry(second, "another body"))) == second);
  }
  SECTION("no retry → another batch, which is what a retry means from then on") {
    CHECK(reserved_id(tenant.tell(create(second))) == second);
    CHECK(reserved_id(tenant.tell(retry(third))) == second);
    CHECK(tenant.all("reserved/").size() == 2);
    CHECK(tenant.all("memory/").size() == 1);
  }
}

TEST_CASE("tenant: a retry that was never asked before → a batch of its own, remembered") {
  TenantActor tenant;
  CHECK(reserved_id(tenant.tell(retry(first))) == first);
  CHECK(reserved_id(tenant.tell(retry(second))) == first);
}

TEST_CASE("tenant: a body is remembered for ten minutes, and not a millisecond longer") {
  TenantActor tenant;
  (void)tenant.tell(create(first));
  tenant.index(first, 1);
  tenant.now = began_at + body_memory_ms - 1;
  CHECK(started_id(tenant.tell(retry(second))) == first);
  tenant.now += 1;
  CHECK(reserved_id(tenant.tell(retry(second))) == second);
}

// ---- The end of a reservation

TEST_CASE("tenant: nobody has started it → its key, its pins and its rows are free again") {
  TenantActor tenant;
  tenant.upload(file_id(1));
  const std::size_t rows = tenant.rows.count();
  ReserveBatch command = create(first, "k");
  command.files = {file_id(1)};
  (void)tenant.tell(command);
  CHECK(tenant.all("pins/").size() == 1);

  abandon(tenant, first, batch::Abandon::Reply::abandoned);
  CHECK(tenant.rows.count() == rows);
  CHECK_FALSE(tenant.wake_at);
  CHECK(reserved_id(tenant.tell(create(second, "k", "another body"))) == second);
}

TEST_CASE("tenant: nobody has started it, its body was created anew meanwhile → that one stands") {
  TenantActor tenant;
  (void)tenant.tell(create(first));
  tenant.now += 1'000;
  (void)tenant.tell(create(second));
  tenant.now -= 1'000;
  abandon(tenant, first, batch::Abandon::Reply::abandoned);
  CHECK(reserved_id(tenant.tell(retry(third))) == second);
}

TEST_CASE("tenant: its batch says that it has started → reserved until the index hears of it") {
  TenantActor tenant;
  (void)tenant.tell(create(first, "k"));
  abandon(tenant, first, batch::Abandon::Reply::started);
  CHECK(tenant.wake_at == began_at + key_memory_ms);  // Its own letter is under way.
  tenant.wait(key_memory_ms / 2);
  CHECK(tenant.all("reserved/").size() == 1);
  CHECK(reserved_id(tenant.tell(create(second, "k"))) == first);
  tenant.index(first, 1);
  CHECK(tenant.all("reserved/").empty());
  CHECK(started_id(tenant.tell(create(second, "k"))) == first);
}

TEST_CASE("tenant: reserved anew while its batch is asked → the answer that comes then counts") {
  TenantActor tenant;
  (void)tenant.tell(create(first, "k"));
  tenant.wait(reservation_ms_max);
  const auto letter = tenant.pending("abandon/" + first);
  REQUIRE(letter);
  CHECK(reserved_id(tenant.tell(create(second, "k"))) == first);
  SECTION("abandoned → whoever got its id will be refused, and the key is free again") {
    tenant.acknowledge(*letter, wire::encode(batch::Abandon::Reply::abandoned));
    CHECK(tenant.all("reserved/").empty());
    CHECK(reserved_id(tenant.tell(create(third, "k"))) == third);
  }
  SECTION("started → nothing is waited for but that the key is forgotten") {
    tenant.acknowledge(*letter, wire::encode(batch::Abandon::Reply::started));
    CHECK(tenant.wake_at == began_at + key_memory_ms);
  }
}

TEST_CASE("tenant: a create comes once more, late, after its batch has started → nothing changes") {
  ReserveBatch with_items = inline_create(first, "inline_1");
  with_items.files = {file_id(1), file_id(2)};
  ReserveBatch with_input = create(first);
  with_input.input_file = file_id(1);
  for (const ReserveBatch& command : {create(first), create(first, "k"), retry(first), with_items,
                                      with_input, inline_create(first, "inline_1", "k")}) {
    for (const State state : {State::validating, State::completed}) {
      TenantActor tenant;
      tenant.upload(file_id(1));
      (void)tenant.tell(command);
      tenant.now += 1'000;
      tenant.index(first, 1, state, "inline_1");
      const std::size_t rows = tenant.rows.count();
      for (const Ms later : {Ms{1}, 2 * inline_check_ms, 2 * key_memory_ms}) {
        tenant.wait(later);
        const std::size_t count = tenant.rows.count();
        CHECK(count <= rows + 1);  // A letter to a batch that isn't heard of.
        CHECK(tenant.writes_of(command) == 0);
        CHECK(started_id(tenant.tell(command)) == first);
        CHECK(tenant.rows.count() == count);
      }
    }
  }
}

TEST_CASE("tenant: a create comes twice before its batch has started → one reservation") {
  TenantActor tenant;
  (void)tenant.tell(inline_create(first, "inline_1"));
  const std::size_t rows = tenant.rows.count();
  CHECK(reserved_id(tenant.tell(inline_create(first, "inline_1"))) == first);
  CHECK(tenant.rows.count() == rows);
}

// ---- Inline items

Bytes prefix_of(View name) { return "in/dev/" + Bytes(name) + "/"; }

TEST_CASE("tenant: two creates of one batch have stored items → those it wasn't started with go") {
  TenantActor tenant;
  (void)tenant.tell(inline_create(first, "inline_1", "k"));
  CHECK(reserved_id(tenant.tell(inline_create(second, "inline_2", "k"))) == first);
  tenant.index(first, 1, State::in_progress, "inline_2");
  tenant.wait(inline_check_ms - 1);
  CHECK_FALSE(tenant.erasure(prefix_of("inline_1")));
  CHECK(tenant.all("inline/").size() == 2);
  tenant.wait(1);
  const auto erasure = tenant.erasure(prefix_of("inline_1"));
  REQUIRE(erasure);
  CHECK_FALSE(tenant.erasure(prefix_of("inline_2")));
  CHECK(tenant.all("inline/").empty());
  tenant.acknowledge(*erasure);
  CHECK(tenant.wakes_otherwise() == began_at + key_memory_ms);
  tenant.wait(2 * key_memory_ms);
  CHECK_FALSE(tenant.erasure(prefix_of("inline_2")));
}

TEST_CASE("tenant: a batch was abandoned → its items go, and nothing is left of it") {
  TenantActor tenant;
  (void)tenant.tell(inline_create(first, "inline_1"));
  abandon(tenant, first, batch::Abandon::Reply::abandoned);
  CHECK_FALSE(tenant.erasure(prefix_of("inline_1")));  // Whoever stores them may still do so.
  CHECK(tenant.wake_at == began_at + inline_check_ms);
  tenant.wait_until(began_at + inline_check_ms);
  const auto erasure = tenant.erasure(prefix_of("inline_1"));
  REQUIRE(erasure);
  tenant.acknowledge(*erasure);
  CHECK(tenant.rows.count() == 0);
}

TEST_CASE(
    "tenant: after an hour the batch is still only reserved → its items are looked at again") {
  for (const View used : {"inline_1", "inline_other"}) {
    CAPTURE(used);
    TenantActor tenant;
    (void)tenant.tell(inline_create(first, "inline_1"));
    abandon(tenant, first, batch::Abandon::Reply::started);
    tenant.wait_until(began_at + inline_check_ms);
    CHECK_FALSE(tenant.erasure(prefix_of("inline_1")));
    CHECK(tenant.wake_at == began_at + 2 * inline_check_ms);
    tenant.index(first, 1, State::in_progress, Bytes(used));
    tenant.wait_until(began_at + 2 * inline_check_ms);
    CHECK(tenant.erasure(prefix_of("inline_1")).has_value() == (used == "inline_other"));
    CHECK(tenant.all("inline/").empty());
  }
}

}  // namespace
}  // namespace edgebatch::actors::tenant
