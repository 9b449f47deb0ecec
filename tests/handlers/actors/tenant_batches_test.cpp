// The tenant's batches: reservations and what becomes of them, and the index.
#include <catch_amalgamated.hpp>

#include "tests/handlers/actors/tenant_actor.hpp"

namespace edgebatch::actors::tenant {
namespace {

const Bytes file = file_id(1);
const Bytes id = batch_id(1);

Bytes abandoned() { return wire::encode(batch::Abandon::Reply::abandoned); }
Bytes started() { return wire::encode(batch::Abandon::Reply::started); }

std::vector<Bytes> ids_of(const ListBatches::Page& page) {
  std::vector<Bytes> ids;
  ids.reserve(page.batches.size());
  for (const auto& view : page.batches) ids.push_back(view.id);
  return ids;
}

std::size_t pins(TenantActor& tenant) { return tenant.all("pins/").size(); }

// ---- Standstill

TEST_CASE("tenant: nothing is heard of a running batch for an hour → it is poked, hour by hour") {
  TenantActor tenant;
  tenant.index(id, 1, State::in_progress);
  CHECK(tenant.wake_at == began_at + standstill_ms_max);
  tenant.wait(standstill_ms_max - 1);
  CHECK_FALSE(tenant.pending("poke/" + id));
  tenant.wait(1);
  const auto first = tenant.pending("poke/" + id);
  REQUIRE(first);
  CHECK(receiver_of(*first) == id);
  CHECK(command_in<batch::Poke>(*first));
  tenant.acknowledge(*first);
  CHECK(tenant.wake_at == began_at + 2 * standstill_ms_max);
}

TEST_CASE("tenant: a running batch is heard of now and then → it is left alone") {
  TenantActor tenant;
  tenant.index(id, 1, State::in_progress);
  for (std::uint64_t revision = 2; revision < 6; ++revision) {
    tenant.wait(standstill_ms_max - 1);
    tenant.index(id, revision, State::in_progress);
  }
  CHECK_FALSE(tenant.pending("poke/" + id));
}

TEST_CASE("tenant: a batch has ended → it isn't looked after any more") {
  TenantActor tenant;
  tenant.index(id, 1, State::in_progress);
  tenant.index(id, 2, State::completed);
  tenant.wait(standstill_ms_max);
  CHECK_FALSE(tenant.pending("poke/" + id));
  CHECK_FALSE(tenant.wake_at);
  tenant.index(batch_id(2), 1, State::cancelled);
  CHECK_FALSE(tenant.wake_at);
}

// ---- Reservations

TEST_CASE("tenant: a batch is reserved → its input is told and pinned; no batch is listed yet") {
  TenantActor tenant;
  tenant.upload(file);
  const auto row = tenant.reserve_batch(id, file);
  REQUIRE(row);
  CHECK(row->view.id == file);
  CHECK(pins(tenant) == 1);
  CHECK(tenant.batches().batches.empty());
  CHECK(tenant.wake_at == began_at + reservation_ms_max);
}

TEST_CASE("tenant: its input doesn't exist, any more or yet → reserved without one") {
  TenantActor tenant;
  CHECK_FALSE(tenant.reserve_batch(batch_id(1), file));
  CHECK(tenant.reserve(file));
  CHECK_FALSE(tenant.reserve_batch(batch_id(2), file));
  REQUIRE(tenant.commit(file));
  CHECK(tenant.remove(file));
  CHECK_FALSE(tenant.reserve_batch(batch_id(3), file));
}

TEST_CASE(
    "tenant: nobody started it → the batch is asked to abandon it, not a millisecond before") {
  TenantActor tenant;
  tenant.upload(file);
  (void)tenant.reserve_batch(id, file);
  tenant.wait(reservation_ms_max - 1);
  CHECK_FALSE(tenant.pending("abandon/" + id));
  tenant.wait(1);
  const auto letter = tenant.pending("abandon/" + id);
  REQUIRE(letter);
  CHECK(receiver_of(*letter) == id);
  CHECK(command_in<batch::Abandon>(*letter));
  CHECK(pins(tenant) == 1);

  SECTION("it never started → its pin goes") {
    tenant.acknowledge(*letter, abandoned());
    CHECK(pins(tenant) == 0);
    CHECK_FALSE(tenant.wake_at);
    // The same acknowledgement again changes nothing.
    const std::size_t writes = tenant.rows.writes();
    tenant.acknowledge(*letter, abandoned());
    CHECK(tenant.rows.writes() == writes);
  }
  SECTION("it had started → its pin stays until it ends") {
    tenant.acknowledge(*letter, started());
    CHECK(pins(tenant) == 1);
    CHECK(tenant.wake_at == began_at + body_memory_ms);  // And nothing else is waited for.
    tenant.index(id, 5, State::failed, file);
    CHECK(pins(tenant) == 0);
  }
  SECTION("it is heard of first → the letter is dropped, and its answer comes too late") {
    tenant.index(id, 1, State::validating, file);
    CHECK(tenant.wake_at == began_at + body_memory_ms);
    tenant.acknowledge(*letter, abandoned());
    CHECK(pins(tenant) == 1);
    CHECK(tenant.batches().batches.size() == 1);
  }
  SECTION("nobody answers → asked again") {
    tenant.wait(redelivery_ms_min);
    CHECK(tenant.letter("abandon/" + id));
    CHECK(pins(tenant) == 1);
  }
}

TEST_CASE("tenant: abandoned, and its input was deleted meanwhile → the bytes go") {
  TenantActor tenant;
  tenant.upload(file);
  (void)tenant.reserve_batch(id, file);
  CHECK(tenant.remove(file));
  tenant.wait(2 * erasure_delay_ms);  // The pin has held it.
  CHECK_FALSE(tenant.erasure(TenantActor::prefix_of(file)));
  tenant.acknowledge(*tenant.pending("abandon/" + id), abandoned());
  tenant.wait(erasure_delay_ms);
  CHECK(tenant.erasure(TenantActor::prefix_of(file)));
}

TEST_CASE("tenant: a reserved batch is heard of → the reservation is over, the pin stays") {
  TenantActor tenant;
  tenant.upload(file);
  (void)tenant.reserve_batch(id, file);
  tenant.index(id, 1, State::validating, file);
  CHECK(pins(tenant) == 1);
  CHECK(tenant.wake_at == began_at + body_memory_ms);
  tenant.wait(10 * reservation_ms_max);
  CHECK_FALSE(tenant.pending("abandon/" + id));
}

// ---- The index

TEST_CASE("tenant: letters of a batch come in any order, doubled → the newest stands") {
  std::array<std::uint64_t, 4> order{1, 2, 3, 3};
  do {
    TenantActor tenant;
    for (const std::uint64_t revision : order)
      tenant.index(id, revision, revision == 3 ? State::cancelling : State::in_progress);
    const auto page = tenant.batches();
    REQUIRE(page.batches.size() == 1);
    CHECK(page.batches[0].state == State::cancelling);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("tenant: an older or the same letter again → nothing is written") {
  TenantActor tenant;
  tenant.index(id, 5);
  const std::size_t writes = tenant.rows.writes();
  for (const std::uint64_t revision : {5U, 4U, 1U, 0U})
    tenant.index(id, revision, State::completed);
  CHECK(tenant.rows.writes() == writes);
}

TEST_CASE("tenant: the end comes before an older letter → the batch stays ended, its pin gone") {
  TenantActor tenant;
  tenant.upload(file);
  (void)tenant.reserve_batch(id, file);
  tenant.index(id, 9, State::completed, file);
  tenant.index(id, 8, State::in_progress, file);
  CHECK(pins(tenant) == 0);
  CHECK(tenant.batches().batches[0].state == State::completed);
}

TEST_CASE("tenant: batches are listed → newest first, page by page, each once") {
  TenantActor tenant;
  constexpr unsigned count = 45;
  for (unsigned number = 0; number < count; ++number) tenant.index(batch_id(number), 1);
  for (const std::uint32_t limit : {1U, 7U, 20U, 44U, 45U, 46U, 100U}) {
    CAPTURE(limit);
    std::vector<Bytes> seen;
    for (;;) {
      const auto page = tenant.batches(seen.empty() ? Bytes() : seen.back(), limit);
      for (const Bytes& listed : ids_of(page)) seen.push_back(listed);
      CHECK(page.has_more == (seen.size() < count));
      if (!page.has_more) break;
    }
    REQUIRE(seen.size() == count);
    CHECK(seen.front() == batch_id(count - 1));
    CHECK(std::is_sorted(seen.rbegin(), seen.rend()));
  }
}

TEST_CASE("tenant: a cursor that no batch has → the list goes on behind it") {
  TenantActor tenant;
  tenant.index(batch_id(10), 1);
  tenant.index(batch_id(30), 1);
  CHECK(ids_of(tenant.batches(batch_id(20))) == std::vector<Bytes>{batch_id(10)});
  CHECK(tenant.batches(batch_id(10)).batches.empty());
  CHECK(tenant.batches(batch_id(5)).batches.empty());
}

}  // namespace
}  // namespace edgebatch::actors::tenant
