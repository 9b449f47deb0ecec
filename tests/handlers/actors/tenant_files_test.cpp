// The tenant's files: uploads, lists, deletion, expiry, and when bytes go.
#include <catch_amalgamated.hpp>

#include "tests/handlers/actors/tenant_actor.hpp"

namespace edgebatch::actors::tenant {
namespace {

const Bytes one = file_id(1);

std::vector<Bytes> ids_of(const ListFiles::Page& page) {
  std::vector<Bytes> ids;
  ids.reserve(page.files.size());
  for (const auto& file : page.files) ids.push_back(file.view.id);
  return ids;
}

// ---- Uploads

TEST_CASE("tenant: an upload is reserved → no file yet, and its end is waited for") {
  TenantActor tenant;
  CHECK(tenant.reserve(one));
  CHECK_FALSE(tenant.exists(one));
  CHECK(tenant.files().files.empty());
  CHECK_FALSE(tenant.remove(one));
  CHECK(tenant.wake_at == began_at + upload_silence_ms_max);
}

TEST_CASE("tenant: an upload is reserved again → refused, whatever became of it") {
  for (const Bytes& file : {one, datagrid_file_id(2)}) {
    TenantActor tenant;
    CHECK(tenant.reserve(file));
    CHECK_FALSE(tenant.reserve(file));
    REQUIRE(tenant.commit(file));
    CHECK_FALSE(tenant.reserve(file));
    CHECK(tenant.remove(file));
    CHECK_FALSE(tenant.reserve(file));
  }
}

TEST_CASE(
    "tenant: a reservation comes once more, after its file was committed → nothing is swept") {
  TenantActor tenant;
  tenant.upload(one);
  (void)tenant.reserve(one);
  tenant.wait(2 * upload_silence_ms_max);
  CHECK(tenant.exists(one));
  CHECK_FALSE(tenant.erasure(TenantActor::prefix_of(one)));
}

TEST_CASE("tenant: a file is committed → nothing of its upload is left but the file") {
  TenantActor tenant;
  tenant.upload(one);
  CHECK(tenant.all("file/").size() == 1);
  CHECK_FALSE(tenant.renew(one));
  tenant.drop(one);
  CHECK(tenant.exists(one));
}

TEST_CASE("tenant: an upload is committed → the file is there, with what was said of it") {
  TenantActor tenant;
  CHECK(tenant.reserve(one));
  tenant.now += 1'000;
  const auto file = tenant.commit(one, "batch", 5'000);
  REQUIRE(file);
  CHECK(file->view.id == one);
  CHECK(file->view.name == "in.jsonl");
  CHECK(file->view.bytes == 30);
  CHECK(file->view.created_at_ms == began_at + 1'000);
  CHECK(file->view.expires_at_ms == began_at + 6'000);
  CHECK(file->sha256 == "sha256 of " + one);
  const auto row = tenant.tell(FindFile{.id = one});
  REQUIRE(row);
  CHECK(row->shown() == *file);
  CHECK(tenant.files().files == std::vector{*file});
  CHECK(row->stream.prefix == TenantActor::prefix_of(one));
}

TEST_CASE("tenant: committed twice → the same file, with its first time") {
  TenantActor tenant;
  tenant.upload(one);
  const auto first = tenant.tell(FindFile{.id = one})->shown();
  tenant.now += 1'000;
  const std::size_t writes = tenant.rows.writes();
  CHECK(tenant.commit(one) == first);
  CHECK(tenant.rows.writes() == writes);
}

TEST_CASE("tenant: a row from before digests were kept → the same file, without one") {
  FileRow row;
  row.view.id = one;
  const Bytes written = wire::encode(row);
  const auto read = wire::decode<FileRow>(View(written).substr(0, written.size() - 1));
  REQUIRE(read);
  CHECK(read->shown() == row.shown());
}

TEST_CASE("tenant: committed without a reservation → refused") {
  TenantActor tenant;
  CHECK_FALSE(tenant.commit(one));
  CHECK_FALSE(tenant.exists(one));
  CHECK_FALSE(tenant.renew(one));
}

TEST_CASE("tenant: an upload is silent → dead at its limit, not a millisecond before") {
  TenantActor tenant;
  CHECK(tenant.reserve(one));
  tenant.now += upload_silence_ms_max - 1;
  CHECK(tenant.renew(one));
  tenant.now += upload_silence_ms_max - 1;
  CHECK(tenant.renew(one));
  tenant.now += upload_silence_ms_max;
  CHECK_FALSE(tenant.renew(one));
  CHECK_FALSE(tenant.commit(one));
  CHECK(tenant.erasure(TenantActor::prefix_of(one)));
}

TEST_CASE(
    "tenant: a dead upload's bytes are erased → nothing is left of it, and it can't be committed") {
  TenantActor tenant;
  CHECK(tenant.reserve(one));
  tenant.wait(upload_silence_ms_max);
  const auto erasure = tenant.erasure(TenantActor::prefix_of(one));
  REQUIRE(erasure);
  tenant.acknowledge(*erasure);
  CHECK(tenant.rows.count() == 0);
  CHECK_FALSE(tenant.wake_at);
  CHECK_FALSE(tenant.commit(one));
}

TEST_CASE("tenant: an upload is dropped → its bytes go at once; another file isn't touched") {
  TenantActor tenant;
  CHECK(tenant.reserve(one));
  tenant.upload(file_id(2));
  tenant.drop(one);
  CHECK(tenant.erasure(TenantActor::prefix_of(one)));
  CHECK_FALSE(tenant.commit(one));
  tenant.drop(file_id(2));  // Committed: not an upload any more.
  CHECK(tenant.exists(file_id(2)));
  tenant.drop(file_id(3));
}

// ---- Lists

TEST_CASE("tenant: files are listed → newest or oldest first, page by page, each once") {
  TenantActor tenant;
  for (const unsigned number : {3U, 1U, 5U, 2U, 4U}) tenant.upload(file_id(number));
  for (const auto order : {ports::Order::ascending, ports::Order::descending}) {
    std::vector<Bytes> all;
    for (unsigned number = 1; number <= 5; ++number) all.push_back(file_id(number));
    if (order == ports::Order::descending) std::reverse(all.begin(), all.end());
    for (std::uint32_t limit = 1; limit <= 6; ++limit) {
      CAPTURE(limit);
      std::vector<Bytes> seen;
      for (;;) {
        const auto page = tenant.files({}, seen.empty() ? Bytes() : seen.back(), limit, order);
        for (const Bytes& id : ids_of(page)) seen.push_back(id);
        CHECK(page.has_more == (seen.size() < 5));
        if (!page.has_more) break;
        CHECK(page.files.size() == limit);
      }
      CHECK(seen == all);
    }
  }
}

TEST_CASE("tenant: a cursor whose file is gone → the list goes on behind it") {
  TenantActor tenant;
  for (const unsigned number : {1U, 2U, 3U}) tenant.upload(file_id(number));
  CHECK(tenant.remove(file_id(2)));
  CHECK(ids_of(tenant.files({}, file_id(2))) == std::vector<Bytes>{file_id(1)});
  CHECK(ids_of(tenant.files({}, file_id(2), 9, ports::Order::ascending)) ==
        std::vector<Bytes>{file_id(3)});
}

TEST_CASE("tenant: listed by purpose → only those, with pages of their own") {
  TenantActor tenant;
  tenant.upload(file_id(1), "batch");
  tenant.upload(file_id(2), "user_data");
  tenant.upload(file_id(3), "batch");
  tenant.upload(file_id(4), "user_data");
  CHECK(ids_of(tenant.files("batch")) == std::vector<Bytes>{file_id(3), file_id(1)});
  const auto page = tenant.files("user_data", {}, 1);
  CHECK(ids_of(page) == std::vector<Bytes>{file_id(4)});
  CHECK(page.has_more);
  CHECK(ids_of(tenant.files("user_data", file_id(4), 1)) == std::vector<Bytes>{file_id(2)});
  for (const View none : {"bat", "batch/", "batch_output", "/", "batch/file-0"})
    CHECK(tenant.files(none).files.empty());
  CHECK(tenant.files().files.size() == 4);
}

TEST_CASE("tenant: what only reads → writes nothing") {
  TenantActor tenant;
  tenant.upload(one);
  tenant.index(batch_id(1), 1);
  CHECK(tenant.writes_of(FindFile{.id = one}) == 0);
  CHECK(tenant.writes_of(FindFile{.id = file_id(9)}) == 0);
  const std::size_t writes = tenant.rows.writes();
  (void)tenant.files();
  (void)tenant.batches();
  CHECK(tenant.rows.writes() == writes);
  CHECK(tenant.writes_of(DeleteFile{.id = file_id(9)}) == 0);
  CHECK(tenant.writes_of(RenewFile{.id = upload_id(one)}) == 0);
}

// ---- Deletion and expiry

TEST_CASE("tenant: a file is deleted → gone at once for clients, its bytes an hour later") {
  TenantActor tenant;
  tenant.upload(one);
  CHECK(tenant.remove(one));
  CHECK_FALSE(tenant.exists(one));
  CHECK_FALSE(tenant.remove(one));
  CHECK(tenant.files().files.empty());
  CHECK(tenant.files("batch").files.empty());
  CHECK(tenant.wake_at == began_at + erasure_delay_ms);

  tenant.wait(erasure_delay_ms - 1);
  CHECK_FALSE(tenant.erasure(TenantActor::prefix_of(one)));
  tenant.wait(1);
  const auto erasure = tenant.erasure(TenantActor::prefix_of(one));
  REQUIRE(erasure);
  tenant.acknowledge(*erasure);
  CHECK(tenant.rows.count() == 0);
  CHECK_FALSE(tenant.wake_at);
}

TEST_CASE("tenant: an erasure isn't acknowledged → asked for again until it is") {
  TenantActor tenant;
  tenant.upload(one);
  CHECK(tenant.remove(one));
  tenant.wait(erasure_delay_ms);
  for (const Ms pause : {1'000, 2'000, 4'000}) {
    REQUIRE(tenant.wake_at);
    CHECK(*tenant.wake_at == tenant.now + pause);
    tenant.wait(pause);
    CHECK(tenant.letters.size() == 1);
  }
  CHECK(tenant.rows.get("file/" + one));
}

TEST_CASE(
    "tenant: a file's life is over → hidden from the very millisecond, its bytes an hour later") {
  TenantActor tenant;
  tenant.upload(one, "batch", 10'000);
  tenant.now = began_at + 9'999;
  CHECK(tenant.exists(one));
  tenant.now = began_at + 10'000;
  CHECK_FALSE(tenant.exists(one));
  CHECK(tenant.files().files.empty());
  tenant.wait(erasure_delay_ms);
  CHECK(tenant.erasure(TenantActor::prefix_of(one)));
}

TEST_CASE("tenant: a file without an end → it stays") {
  TenantActor tenant;
  tenant.upload(one);
  CHECK_FALSE(tenant.wake_at);
  tenant.now += 10LL * 365 * 24 * 3'600'000;
  tenant.alarm();
  CHECK(tenant.exists(one));
}

TEST_CASE("tenant: more is due than one turn looks at → the rest in the next turn, at once") {
  for (const std::size_t count : {due_count_max - 1, due_count_max, due_count_max + 1}) {
    CAPTURE(count);
    TenantActor tenant;
    for (unsigned number = 0; number < count; ++number)
      tenant.upload(file_id(number), "batch", 10'000);
    tenant.now += 10'000;
    tenant.alarm();
    CHECK(*tenant.wake_at == (count > due_count_max ? tenant.now : tenant.now + erasure_delay_ms));
    tenant.alarm();
    CHECK(*tenant.wake_at == tenant.now + erasure_delay_ms);
    CHECK(tenant.files().files.empty());
  }
}

// ---- Pins

TEST_CASE(
    "tenant: a pinned file is deleted → hidden at once, its bytes stay until the batch ends") {
  TenantActor tenant;
  tenant.upload(one);
  REQUIRE(tenant.reserve_batch(batch_id(1), one));
  tenant.index(batch_id(1), 1, State::in_progress, one);
  CHECK(tenant.remove(one));
  CHECK_FALSE(tenant.exists(one));
  tenant.wait(100 * erasure_delay_ms);
  CHECK_FALSE(tenant.erasure(TenantActor::prefix_of(one)));
  CHECK_FALSE(tenant.wakes_otherwise());  // The batch will say when it ends.

  tenant.index(batch_id(1), 2, State::completed, one);
  CHECK(tenant.wakes_otherwise() == tenant.now + erasure_delay_ms);
  tenant.wait(erasure_delay_ms);
  CHECK(tenant.erasure(TenantActor::prefix_of(one)));
}

TEST_CASE("tenant: several batches pin a file → its bytes stay until the last of them ends") {
  TenantActor tenant;
  tenant.upload(one);
  for (const unsigned number : {1U, 2U}) {
    REQUIRE(tenant.reserve_batch(batch_id(number), one));
    tenant.index(batch_id(number), 1, State::in_progress, one);
  }
  CHECK(tenant.remove(one));
  tenant.wait(erasure_delay_ms);
  tenant.index(batch_id(2), 2, State::cancelled, one);
  CHECK_FALSE(tenant.wakes_otherwise());  // The other will say when it ends.
  tenant.wait(2 * erasure_delay_ms);
  CHECK_FALSE(tenant.erasure(TenantActor::prefix_of(one)));
  tenant.index(batch_id(1), 2, State::expired, one);
  tenant.wait(erasure_delay_ms);
  CHECK(tenant.erasure(TenantActor::prefix_of(one)));
}

TEST_CASE("tenant: the batch ends before the hour is over → the hour counts from the deletion") {
  TenantActor tenant;
  tenant.upload(one);
  REQUIRE(tenant.reserve_batch(batch_id(1), one));
  CHECK(tenant.remove(one));
  tenant.now += 1'000;
  tenant.index(batch_id(1), 1, State::failed, one);
  tenant.wait_until(began_at + body_memory_ms);
  CHECK(tenant.wake_at == began_at + erasure_delay_ms);
}

TEST_CASE("tenant: a batch ends whose file is still there → the file stays") {
  TenantActor tenant;
  tenant.upload(one);
  REQUIRE(tenant.reserve_batch(batch_id(1), one));
  tenant.index(batch_id(1), 1, State::completed, one);
  CHECK(tenant.exists(one));
  tenant.wait_until(began_at + body_memory_ms);
  CHECK(tenant.exists(one));
  CHECK_FALSE(tenant.wake_at);
}

// ---- Result files

RegisterResults results(unsigned batch, const std::vector<unsigned>& files) {
  RegisterResults letter{.batch_id = batch_id(batch), .files = {}};
  std::uint32_t stream = 0;
  for (const unsigned file : files)
    letter.files.push_back({.view = {.id = file_id(file),
                                     .name = "out.jsonl",
                                     .purpose = "batch_output",
                                     .bytes = 7,
                                     .created_at_ms = began_at,
                                     .expires_at_ms = began_at + 50'000},
                            .stream = stream++});
  return letter;
}

TEST_CASE("tenant: results are registered → files like others, that name their batch") {
  TenantActor tenant;
  (void)tenant.tell(results(1, {11, 12}));
  CHECK(ids_of(tenant.files("batch_output")) == std::vector<Bytes>{file_id(12), file_id(11)});
  const auto row = tenant.tell(FindFile{.id = file_id(12)});
  REQUIRE(row);
  CHECK(row->result == ResultStream{.batch_id = batch_id(1), .stream = 1});
  CHECK(tenant.wake_at == began_at + 50'000);
}

TEST_CASE("tenant: results are registered twice → once, even if they were deleted meanwhile") {
  TenantActor tenant;
  (void)tenant.tell(results(1, {11}));
  const std::size_t writes = tenant.rows.writes();
  (void)tenant.tell(results(1, {11}));
  CHECK(tenant.rows.writes() == writes);
  CHECK(tenant.remove(file_id(11)));
  (void)tenant.tell(results(1, {11}));
  CHECK_FALSE(tenant.exists(file_id(11)));
  (void)tenant.tell(results(2, {21}));
  CHECK(tenant.exists(file_id(21)));
}

TEST_CASE("tenant: a result file's life is over → its batch is told to forget it, an hour later") {
  TenantActor tenant;
  (void)tenant.tell(results(1, {11, 12}));
  tenant.now = began_at + 50'000;
  tenant.alarm();
  CHECK_FALSE(tenant.exists(file_id(11)));
  tenant.wait(erasure_delay_ms);
  const auto letter = tenant.pending("erase/" + file_id(12));
  REQUIRE(letter);
  CHECK(receiver_of(*letter) == batch_id(1));
  const auto forget = command_in<batch::ForgetResults>(*letter);
  REQUIRE(forget);
  CHECK(forget->stream == 1);
  tenant.acknowledge(*letter);
  CHECK_FALSE(tenant.rows.get("file/" + file_id(12)));
  CHECK(tenant.rows.get("file/" + file_id(11)));
}

}  // namespace
}  // namespace edgebatch::actors::tenant
