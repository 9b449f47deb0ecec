// Files that batches need: which of them a batch is told, and when their bytes go.
#include <catch_amalgamated.hpp>

#include "tests/handlers/actors/tenant_actor.hpp"

namespace edgebatch::actors::tenant {
namespace {

const Bytes one = datagrid_file_id(1);
const Bytes two = datagrid_file_id(2);
const Bytes first = datagrid_batch_id(1);
const Bytes second = datagrid_batch_id(2);

ReserveBatch create(const Bytes& id, std::vector<Bytes> files) {
  ReserveBatch command;
  command.id = id;
  command.files = std::move(files);
  command.fingerprint = "of " + id;
  return command;
}

std::vector<Bytes> told(TenantActor& tenant, const Bytes& batch) {
  std::vector<Bytes> ids;
  for (const dialects::ItemFile& file : tenant.tell(PinnedFiles{.batch_id = batch})) {
    CHECK(file.stream.prefix == TenantActor::prefix_of(file.view.id));
    ids.push_back(file.view.id);
  }
  return ids;
}

// ---- What a batch is told

TEST_CASE("tenant: a batch names files → those of its dialect that are there, and where they lie") {
  TenantActor tenant;
  tenant.upload(one, "");
  tenant.upload(two, "");
  tenant.upload(file_id(3));
  CHECK(tenant.reserve(datagrid_file_id(4)));
  (void)tenant.tell(
      create(first, {file_id(3), one, two, datagrid_file_id(4), datagrid_file_id(5)}));
  CHECK(told(tenant, first) == std::vector{one, two});
  CHECK(tenant.writes_of(PinnedFiles{.batch_id = first}) == 0);
  CHECK(told(tenant, second).empty());
}

TEST_CASE("tenant: a file comes to be only after the batch → told all the same") {
  TenantActor tenant;
  (void)tenant.tell(create(first, {one}));
  tenant.now += 1;
  tenant.upload(one, "");
  CHECK(told(tenant, first) == std::vector{one});
}

TEST_CASE("tenant: a file is deleted before the batch comes to be → not told; after it → told") {
  TenantActor tenant;
  tenant.upload(one, "");
  tenant.upload(two, "");
  CHECK(tenant.remove(one));
  tenant.now += 1;
  (void)tenant.tell(create(first, {one, two}));
  tenant.now += 1;
  CHECK(tenant.remove(two));
  CHECK(told(tenant, first) == std::vector{two});
  tenant.wait(10 * erasure_delay_ms);
  CHECK(told(tenant, first) == std::vector{two});
  CHECK_FALSE(tenant.rows.get("file/" + two) == std::nullopt);
}

TEST_CASE("tenant: a file's life is over before the batch comes to be → not told, however late") {
  for (const bool punctual : {false, true}) {
    for (const Ms earlier : {Ms{-1}, Ms{0}, Ms{1}, Ms{5'000}}) {
      CAPTURE(punctual, earlier);
      TenantActor tenant;
      tenant.upload(one, "", 10'000);
      const Ms moment = began_at + 10'000 + earlier;
      if (punctual)
        tenant.wait_until(moment);
      else
        tenant.now = moment;
      (void)tenant.tell(create(first, {one}));
      // It is live for one more millisecond only.
      if (earlier < 0) CHECK(told(tenant, first) == std::vector{one});
      tenant.now += 1;
      CHECK(told(tenant, first).empty() == (earlier >= 0));
      tenant.wait(10 * erasure_delay_ms);
      CHECK(told(tenant, first).empty() == (earlier >= 0));
    }
  }
}

TEST_CASE("tenant: an equal create comes later → the batch is still as old as it was") {
  TenantActor tenant;
  tenant.upload(one, "");
  (void)tenant.tell(create(first, {one}));
  tenant.now += 1'000;
  CHECK(tenant.remove(one));
  tenant.now += 1'000;
  (void)tenant.tell(create(first, {one}));
  CHECK(told(tenant, first) == std::vector{one});
}

TEST_CASE("tenant: a result file is named → not told: nobody has uploaded it") {
  TenantActor tenant;
  const RegisterResults::File result{.view = {.id = one, .name = "o", .purpose = "batch_output"}};
  (void)tenant.tell(RegisterResults{.batch_id = second, .files = {result}});
  (void)tenant.tell(create(first, {one}));
  CHECK(told(tenant, first).empty());
}

TEST_CASE("tenant: thousands of files are named → pinned with one row") {
  TenantActor tenant;
  std::vector<Bytes> files;
  files.reserve(5'000);
  for (unsigned number = 0; number < 5'000; ++number) files.push_back(datagrid_file_id(number));
  const std::size_t few = tenant.writes_of(create(first, {one}));
  CHECK(tenant.writes_of(create(second, files)) == few);
  CHECK(tenant.all("pins/").size() == 2);
}

// ---- When bytes go

TEST_CASE("tenant: a hidden file is pinned by two batches → its bytes go after both, unwatched") {
  for (const bool reversed : {false, true}) {
    CAPTURE(reversed);
    TenantActor tenant;
    tenant.upload(one, "");
    tenant.upload(two, "");
    (void)tenant.tell(create(first, {one, two}));
    (void)tenant.tell(create(second, {one}));
    for (const Bytes& id : {first, second}) tenant.index(id, 1, State::in_progress);
    CHECK(tenant.remove(one));
    tenant.wait(body_memory_ms + erasure_delay_ms);
    CHECK_FALSE(tenant.wakes_otherwise());  // Batches will say when they end.
    CHECK(tenant.all("waiting/").size() == 1);

    tenant.index(reversed ? second : first, 2, State::completed);
    CHECK_FALSE(tenant.wakes_otherwise());
    tenant.wait(10 * erasure_delay_ms);
    CHECK_FALSE(tenant.erasure(TenantActor::prefix_of(one)));

    tenant.index(reversed ? first : second, 2, State::failed);
    CHECK(tenant.wakes_otherwise() == tenant.now + erasure_delay_ms);
    CHECK(tenant.all("waiting/").empty());
    tenant.wait(erasure_delay_ms);
    const auto erasure = tenant.erasure(TenantActor::prefix_of(one));
    REQUIRE(erasure);
    tenant.acknowledge(*erasure);
    CHECK_FALSE(tenant.rows.get("file/" + one));
    CHECK(tenant.exists(two));
    CHECK_FALSE(tenant.wakes_otherwise());
  }
}

TEST_CASE("tenant: a batch ends → only what it has pinned itself is looked at") {
  TenantActor tenant;
  for (const Bytes& file : {one, two}) tenant.upload(file, "");
  (void)tenant.tell(create(first, {one}));
  (void)tenant.tell(create(second, {two}));
  for (const Bytes& file : {one, two}) CHECK(tenant.remove(file));
  for (const Bytes& id : {first, second}) tenant.index(id, 1, State::in_progress);
  tenant.wait(2 * erasure_delay_ms);
  CHECK(tenant.all("waiting/").size() == 2);
  tenant.index(first, 2, State::completed);
  CHECK(tenant.all("waiting/").size() == 1);
  tenant.wait(erasure_delay_ms);
  CHECK(tenant.erasure(TenantActor::prefix_of(one)));
  CHECK_FALSE(tenant.erasure(TenantActor::prefix_of(two)));
}

TEST_CASE(
    "tenant: its batch ends in the hour after its deletion → its bytes go at the hour's end") {
  TenantActor tenant;
  tenant.upload(one, "");
  (void)tenant.tell(create(first, {one}));
  CHECK(tenant.remove(one));
  tenant.wait(erasure_delay_ms / 2);
  tenant.index(first, 1, State::completed);
  CHECK(tenant.wake_at == began_at + erasure_delay_ms);
}

TEST_CASE("tenant: a file is hidden, and a batch that comes later names it → kept, but not told") {
  TenantActor tenant;
  tenant.upload(one, "");
  CHECK(tenant.remove(one));
  tenant.now += 1;
  (void)tenant.tell(create(first, {one}));
  tenant.index(first, 1, State::validating);
  tenant.wait(2 * erasure_delay_ms);
  CHECK(told(tenant, first).empty());
  CHECK_FALSE(tenant.erasure(TenantActor::prefix_of(one)));
  tenant.index(first, 2, State::failed);
  tenant.wait(erasure_delay_ms);
  CHECK(tenant.erasure(TenantActor::prefix_of(one)));
}

TEST_CASE("tenant: thousands of files wait for a batch among many → its end isn't dear") {
  constexpr unsigned files_count = 3'000;
  TenantActor tenant;
  std::vector<Bytes> files;
  files.reserve(files_count);
  for (unsigned number = 0; number < files_count; ++number)
    files.push_back(datagrid_file_id(number));
  for (unsigned number = 1; number <= 12; ++number) {
    const Bytes id = datagrid_batch_id(number);
    (void)tenant.tell(create(id, number == 1 ? files : std::vector{datagrid_file_id(99'999)}));
    tenant.index(id, 1, State::in_progress);
  }
  for (const Bytes& file : files) {
    ports::store(tenant.rows, "file/" + file,
                 FileRow{.state = FileState::hidden,
                         .view = {.id = file, .name = "a", .purpose = "", .bytes = 1},
                         .stream = {.prefix = TenantActor::prefix_of(file), .bytes = 1},
                         .result = {},
                         .due_at = 0,
                         .last_seen_at = tenant.now});
    tenant.rows.put("waiting/" + file, {});
  }
  tenant.index(first, 2, State::completed);
  CHECK(tenant.all("waiting/").empty());
}

}  // namespace
}  // namespace edgebatch::actors::tenant
