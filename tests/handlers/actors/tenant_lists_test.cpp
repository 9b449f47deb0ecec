// Lists of several dialects, by status, and from both ends; and files whose life is prolonged.
#include <catch_amalgamated.hpp>

#include "tests/handlers/actors/tenant_actor.hpp"

namespace edgebatch::actors::tenant {
namespace {

using ports::Order;

std::vector<Bytes> ids_of(const ListBatches::Page& page) {
  std::vector<Bytes> ids;
  ids.reserve(page.batches.size());
  for (const auto& view : page.batches) ids.push_back(view.id);
  return ids;
}
std::vector<Bytes> ids_of(const ListFiles::Page& page) {
  std::vector<Bytes> ids;
  ids.reserve(page.files.size());
  for (const auto& file : page.files) ids.push_back(file.view.id);
  return ids;
}

// ---- Batches by status

constexpr std::array<View, 8> statuses{"validating", "in_progress", "finalizing", "completed",
                                       "failed",     "expired",     "cancelling", "cancelled"};

ListBatches::Page by_status(TenantActor& tenant, View status, View after = {},
                            std::uint32_t limit_count = 100, View prefix = "bpred_") {
  return tenant.tell(ListBatches{.id_prefix = Bytes(prefix),
                                 .status = Bytes(status),
                                 .after = Bytes(after),
                                 .limit_count = limit_count});
}

IndexBatch letter(const Bytes& id, std::uint64_t revision, State state, bool started = true) {
  IndexBatch command{.revision = revision, .view = {}};
  command.view.id = id;
  command.view.state = state;
  if (started) command.view.entered_ms[static_cast<std::size_t>(State::in_progress)] = began_at;
  return command;
}

TEST_CASE("tenant: a batch's status changes → it is on the list of its status, and on no other") {
  const Bytes id = datagrid_batch_id(1);
  struct Step {
    State state;
    bool started;
    View status;
  };
  const std::vector<std::vector<Step>> lives{{{State::validating, false, "validating"},
                                              {State::in_progress, true, "in_progress"},
                                              {State::finalizing, true, "finalizing"},
                                              {State::completed, true, "completed"}},
                                             {{State::validating, false, "validating"},
                                              {State::failing, false, "validating"},
                                              {State::failed, false, "failed"}},
                                             {{State::in_progress, true, "in_progress"},
                                              {State::expiring, true, "in_progress"},
                                              {State::expired, true, "expired"}},
                                             {{State::validating, false, "validating"},
                                              {State::expiring, false, "validating"},
                                              {State::expired, false, "expired"}},
                                             {{State::validating, false, "validating"},
                                              {State::cancelling, false, "cancelling"},
                                              {State::cancelled, false, "cancelled"}}};
  for (const auto& life : lives) {
    TenantActor tenant;
    std::uint64_t revision = 0;
    for (const Step& step : life) {
      CAPTURE(step.status, revision);
      (void)tenant.tell(letter(id, ++revision, step.state, step.started));
      for (const View status : statuses) {
        const auto page = by_status(tenant, status);
        CHECK(page.batches.size() == (status == step.status ? 1U : 0U));
        CHECK_FALSE(page.has_more);
      }
      CHECK(tenant.all("status/").size() == 1);
      CHECK(by_status(tenant, {}).batches.size() == 1);
    }
  }
}

TEST_CASE("tenant: only a batch's counts change → its place in the lists isn't written again") {
  TenantActor tenant;
  (void)tenant.tell(letter(datagrid_batch_id(1), 1, State::in_progress));
  IndexBatch counted = letter(datagrid_batch_id(1), 2, State::in_progress);
  counted.view.counts.succeeded = 5;
  CHECK(tenant.writes_of(counted) == 1);
  CHECK(by_status(tenant, "in_progress").batches.at(0).counts.succeeded == 5);
}

TEST_CASE("tenant: an older letter comes late → the batch stays on the list of its newest status") {
  TenantActor tenant;
  const Bytes id = datagrid_batch_id(1);
  (void)tenant.tell(letter(id, 3, State::completed));
  (void)tenant.tell(letter(id, 2, State::in_progress));
  CHECK(by_status(tenant, "in_progress").batches.empty());
  CHECK(ids_of(by_status(tenant, "completed")) == std::vector{id});
}

TEST_CASE("tenant: listed by status → page by page, each once, and no page is empty") {
  TenantActor tenant;
  constexpr unsigned count = 24;
  for (unsigned number = 0; number < count; ++number)
    (void)tenant.tell(letter(datagrid_batch_id(number), 1,
                             number % 3 == 0 ? State::completed : State::in_progress));
  for (const auto& [status, expected] :
       {std::pair(View("completed"), 8U), std::pair(View("in_progress"), 16U),
        std::pair(View("failed"), 0U)}) {
    for (const std::uint32_t limit : {1U, 3U, 7U, 8U, 9U, 16U, 100U}) {
      CAPTURE(status, limit);
      std::vector<Bytes> seen;
      for (;;) {
        const auto page = by_status(tenant, status, seen.empty() ? Bytes() : seen.back(), limit);
        for (const Bytes& id : ids_of(page)) seen.push_back(id);
        CHECK(page.has_more == (seen.size() < expected));
        if (!page.has_more) break;
        REQUIRE(page.batches.size() == limit);
      }
      CHECK(seen.size() == expected);
      CHECK(std::is_sorted(seen.rbegin(), seen.rend()));
    }
  }
}

// ---- Dialects

TEST_CASE("tenant: batches of several dialects → each lists its own, whatever the cursor") {
  TenantActor tenant;
  for (const unsigned number : {1U, 2U, 3U}) {
    (void)tenant.tell(letter(batch_id(number), 1, State::completed));
    (void)tenant.tell(letter(datagrid_batch_id(number), 1, State::completed));
  }
  for (const View status : {"", "completed"}) {
    CAPTURE(status);
    CHECK(ids_of(by_status(tenant, status)) ==
          std::vector{datagrid_batch_id(3), datagrid_batch_id(2), datagrid_batch_id(1)});
    CHECK(ids_of(by_status(tenant, status, datagrid_batch_id(2))) ==
          std::vector{datagrid_batch_id(1)});
    CHECK(ids_of(by_status(tenant, status, batch_id(3), 100, "batch_")) ==
          std::vector{batch_id(2), batch_id(1)});
    const auto page = by_status(tenant, status, {}, 3, "batch_");
    CHECK(ids_of(page) == std::vector{batch_id(3), batch_id(2), batch_id(1)});
    CHECK_FALSE(page.has_more);  // What follows is another dialect's.
  }
}

TEST_CASE("tenant: files of several dialects → each lists its own") {
  TenantActor tenant;
  for (const unsigned number : {1U, 2U}) tenant.upload(file_id(number));
  for (const unsigned number : {3U, 4U}) tenant.upload(datagrid_file_id(number), "");
  CHECK(ids_of(tenant.files()) == std::vector{file_id(2), file_id(1)});
  ListFiles list;
  list.id_prefix = "file_";
  list.limit_count = 2;
  const auto page = tenant.tell(list);
  CHECK(ids_of(page) == std::vector{datagrid_file_id(4), datagrid_file_id(3)});
  CHECK_FALSE(page.has_more);
  list.order = Order::ascending;
  CHECK(ids_of(tenant.tell(list)) == std::vector{datagrid_file_id(3), datagrid_file_id(4)});
}

// ---- Files from both ends

class Listing {
 public:
  explicit Listing(std::initializer_list<unsigned> numbers) {
    tenant_.upload(file_id(99));  // Another dialect's.
    for (const unsigned number : numbers) tenant_.upload(datagrid_file_id(number), "");
  }
  TenantActor& tenant() { return tenant_; }

  ListFiles::Page page(View after, View before, std::uint32_t limit_count = 100,
                       Order order = Order::descending) {
    return tenant_.tell(ListFiles{.id_prefix = "file_",
                                  .purpose = {},
                                  .after = Bytes(after),
                                  .before = Bytes(before),
                                  .order = order,
                                  .limit_count = limit_count});
  }
  /// The numbers on that page; behind them 0 if there is more.
  std::vector<unsigned> numbers(View after, View before, std::uint32_t limit_count = 100,
                                Order order = Order::descending) {
    std::vector<unsigned> found;
    const auto listed = page(after, before, limit_count, order);
    found.reserve(listed.files.size() + 1);
    for (const auto& file : listed.files)
      found.push_back(static_cast<unsigned>(std::stoul(file.view.id.substr(30))));
    if (listed.has_more) found.push_back(0);
    return found;
  }

 private:
  TenantActor tenant_;
};
using Numbers = std::vector<unsigned>;

Bytes id(unsigned number) { return datagrid_file_id(number); }

TEST_CASE("tenant: files before one → the page that ends in front of it, in the list's order") {
  Listing files{1, 2, 3, 4, 5};
  CHECK(files.numbers({}, id(3)) == Numbers{5, 4});
  CHECK(files.numbers({}, id(3), 2) == Numbers{5, 4});
  CHECK(files.numbers({}, id(2), 2) == Numbers{4, 3, 0});
  CHECK(files.numbers({}, id(2), 1) == Numbers{3, 0});
  CHECK(files.numbers({}, id(5)).empty());
  CHECK(files.numbers({}, id(3), 100, Order::ascending) == Numbers{1, 2});
  CHECK(files.numbers({}, id(4), 2, Order::ascending) == Numbers{2, 3, 0});
  CHECK(files.numbers({}, id(1), 100, Order::ascending).empty());
}

TEST_CASE("tenant: files after one → the page that begins behind it") {
  Listing files{1, 2, 3, 4, 5};
  CHECK(files.numbers(id(3), {}) == Numbers{2, 1});
  CHECK(files.numbers(id(4), {}, 2) == Numbers{3, 2, 0});
  CHECK(files.numbers(id(1), {}).empty());
  CHECK(files.numbers(id(3), {}, 1, Order::ascending) == Numbers{4, 0});
  CHECK(files.numbers(id(5), {}, 1, Order::ascending).empty());
}

TEST_CASE("tenant: a file is gone that pages end at or begin behind → they do so all the same") {
  Listing files{1, 2, 3, 4, 5};
  CHECK(files.tenant().remove(id(3)));
  CHECK(files.numbers({}, id(3)) == Numbers{5, 4});
  CHECK(files.numbers(id(3), {}) == Numbers{2, 1});
  CHECK(files.numbers({}, id(7)).empty());
  CHECK(files.numbers(id(7), {}) == Numbers{5, 4, 2, 1});
}

TEST_CASE("tenant: pages forth and back → the same files, each once") {
  Listing files{1, 2, 3, 4, 5, 6, 7};
  for (const Order order : {Order::descending, Order::ascending}) {
    for (std::uint32_t limit = 1; limit <= 8; ++limit) {
      CAPTURE(limit);
      std::vector<std::vector<Bytes>> pages;
      Bytes after;
      for (bool more = true; more;) {
        const auto page = files.page(after, {}, limit, order);
        pages.push_back(ids_of(page));
        more = page.has_more;
        after = page.files.back().view.id;
      }
      for (std::size_t at = pages.size() - 1; at > 0; --at) {
        const auto page = files.page({}, pages[at].front(), limit, order);
        CHECK(ids_of(page) == pages[at - 1]);
        CHECK(page.has_more == (at > 1));
      }
    }
  }
}

// ---- Lives

ProblemCode code_of(const UpdateFile::Reply& reply) {
  const auto* problem = std::get_if<Problem>(&reply);
  REQUIRE(problem != nullptr);
  return problem->code;
}

TEST_CASE("tenant: a temporary file gets another life → it counts from now on") {
  for (const Ms life : {Ms{2'000}, Ms{60'000}}) {
    CAPTURE(life);
    TenantActor tenant;
    tenant.upload(id(1), "", 10'000);
    tenant.now += 5'000;
    const auto reply = tenant.tell(UpdateFile{.id = id(1), .life_ms = life});
    REQUIRE(std::holds_alternative<dialects::ShownFile>(reply));
    const auto& view = std::get<dialects::ShownFile>(reply).view;
    CHECK(view.id == id(1));
    CHECK(view.created_at_ms == began_at);
    CHECK(view.expires_at_ms == tenant.now + life);
    CHECK(tenant.tell(FindFile{.id = id(1)})->view == view);
    CHECK(tenant.wake_at == tenant.now + life);

    const Ms end = tenant.now + life;
    tenant.wait_until(end - 1);
    CHECK(tenant.exists(id(1)));
    tenant.wait_until(end);
    CHECK_FALSE(tenant.exists(id(1)));
  }
}

TEST_CASE("tenant: no other life is asked for → the file as it is, and nothing is written") {
  TenantActor tenant;
  tenant.upload(id(1), "", 10'000);
  tenant.upload(id(2), "");
  for (const unsigned number : {1U, 2U}) {
    const UpdateFile command{.id = id(number), .life_ms = {}};
    CHECK(tenant.writes_of(command) == 0);
    CHECK(std::get<dialects::ShownFile>(tenant.tell(command)) ==
          tenant.tell(FindFile{.id = id(number)})->shown());
  }
}

TEST_CASE("tenant: a file without an end is to get one → refused, and it stays") {
  TenantActor tenant;
  tenant.upload(id(1), "");
  CHECK(code_of(tenant.tell(UpdateFile{.id = id(1), .life_ms = 1'000})) ==
        ProblemCode::file_not_temporary);
  CHECK_FALSE(tenant.wake_at);
}

TEST_CASE("tenant: no such file, or one that is gone → its life can't be changed") {
  TenantActor tenant;
  tenant.upload(id(1), "", 10'000);
  tenant.upload(id(2), "", 20'000);
  CHECK(tenant.reserve(id(3)));
  CHECK(tenant.remove(id(1)));
  tenant.now = began_at + 20'000;
  for (const unsigned number : {1U, 2U, 3U, 4U}) {
    CAPTURE(number);
    CHECK(code_of(tenant.tell(UpdateFile{.id = id(number), .life_ms = 1'000})) ==
          ProblemCode::file_not_found);
    CHECK(code_of(tenant.tell(UpdateFile{.id = id(number), .life_ms = {}})) ==
          ProblemCode::file_not_found);
  }
}

}  // namespace
}  // namespace edgebatch::actors::tenant
