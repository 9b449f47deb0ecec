// A tenant actor under test, and what holds of it after every turn.
#pragma once

#include "core/text/number.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/keys.hpp"
#include "handlers/actors/tenant/tenant.hpp"

#include "tests/handlers/actors/actor.hpp"

namespace edgebatch::actors::tenant {

using lifecycle::State;

constexpr Ms began_at = 1'790'000'000'000;

/// `file-…` and `batch_…` ids in the order of their numbers.
inline Bytes id_of(View prefix, unsigned number) {
  Bytes digits = std::to_string(number);
  return Bytes(prefix) + Bytes(32 - digits.size(), '0') + digits;
}
inline Bytes file_id(unsigned number) { return id_of("file-", number); }
inline Bytes batch_id(unsigned number) { return id_of("batch_", number); }
inline Bytes datagrid_file_id(unsigned number) { return id_of("file_", number); }
inline Bytes datagrid_batch_id(unsigned number) { return id_of("bpred_", number); }
/// The name under which a file is uploaded.
inline Bytes upload_id(const Bytes& file) { return "upload_" + file.substr(file.size() - 32); }

class TenantActor : public Actor {
 public:
  TenantActor() : Actor(ports::ActorKind::tenant, "dev", began_at) {}

  static Bytes prefix_of(const Bytes& id) { return "in/dev/" + upload_id(id) + "/"; }

  bool reserve(const Bytes& id) {
    return tell(ReserveFile{.id = upload_id(id), .prefix = prefix_of(id)});
  }
  bool renew(const Bytes& id) { return tell(RenewFile{.id = upload_id(id)}); }
  void drop(const Bytes& id) { (void)tell(DropFile{.id = upload_id(id)}); }
  CommitFile::Reply commit(const Bytes& id, View purpose = "batch",
                           std::optional<Ms> life_ms = {}) {
    CommitFile command{
        .upload = upload_id(id),
        .view = {.id = id, .name = "in.jsonl", .purpose = Bytes(purpose), .bytes = 30},
        .stream = {.prefix = prefix_of(id), .bytes = 30},
        .life_ms = life_ms,
        .sha256 = "sha256 of " + id};
    if (id.starts_with("file_")) command.view.dialect = dialects::Dialect::datagrid;
    return tell(command);
  }
  void upload(const Bytes& id, View purpose = "batch", std::optional<Ms> life_ms = {}) {
    REQUIRE(reserve(id));
    REQUIRE(commit(id, purpose, life_ms));
  }
  bool exists(const Bytes& id) { return tell(FindFile{.id = id}).has_value(); }
  bool remove(const Bytes& id) { return tell(DeleteFile{.id = id}); }
  ListFiles::Page files(View purpose = {}, View after = {}, std::uint32_t limit_count = 100,
                        ports::Order order = ports::Order::descending) {
    return tell(ListFiles{.id_prefix = "file-",
                          .purpose = Bytes(purpose),
                          .after = Bytes(after),
                          .before = {},
                          .order = order,
                          .limit_count = limit_count});
  }

  /// A create like no other: its batch's input, if there is such a file.
  std::optional<FileRow> reserve_batch(const Bytes& id, const Bytes& file) {
    ReserveBatch create;
    create.id = id;
    create.input_file = file;
    create.fingerprint = "of " + id;
    const auto reply = tell(create);
    REQUIRE(std::holds_alternative<ReserveBatch::Reserved>(reply));
    const auto& reserved = std::get<ReserveBatch::Reserved>(reply);
    CHECK(reserved.id == id);
    return reserved.input;
  }
  void index(const Bytes& id, std::uint64_t revision, State state = State::validating,
             const Bytes& file = {}) {
    IndexBatch letter{.revision = revision, .view = {}};
    letter.view.id = id;
    letter.view.state = state;
    letter.view.input_file = file;
    (void)tell(letter);
  }
  ListBatches::Page batches(View after = {}, std::uint32_t limit_count = 100) {
    return tell(ListBatches{
        .id_prefix = "batch_", .status = {}, .after = Bytes(after), .limit_count = limit_count});
  }

  /// When its agenda wakes it up, but for looking after running batches.
  std::optional<Ms> wakes_otherwise() {
    for (const auto& [key, row] : all("due/"))
      if (key[21] != 'r') return Due::of(key).at;
    return std::nullopt;
  }

  /// Rows whose keys begin so.
  std::vector<ports::Row> all(View prefix) {
    return rows.scan(prefix, ports::behind(prefix), 1'000'000, ports::Order::ascending);
  }

  /// The erasure of these objects that the last turns have handed over; nothing if there is none.
  std::optional<Letter> erasure(View prefix) const {
    for (const Letter& letter : posted_)
      if (const auto* erasure = std::get_if<Erasure>(&letter.errand);
          erasure && erasure->prefix == prefix)
        return letter;
    return std::nullopt;
  }
  std::optional<Letter> pending(View subject) const {
    for (const Letter& letter : posted_)
      if (letter.subject == subject) return letter;
    return std::nullopt;
  }

 protected:
  void check() override {
    posted_.insert(posted_.end(), letters.begin(), letters.end());
    // Nothing is stuck: the earliest entry of the agenda, and every letter, has an alarm.
    const auto next = rows.scan("due/", "due0", 1, ports::Order::ascending);
    if (!next.empty() || next_delivery(rows)) CHECK(wake_at);
    if (const auto delivery = next_delivery(rows); delivery && wake_at)
      CHECK(*wake_at <= *delivery);
    if (next.empty() && !next_delivery(rows)) CHECK_FALSE(wake_at);
    check_agenda();
  }

 private:
  // Every row that is to be looked at again stands in the agenda where it says, and nothing else
  // does, but for inline items: each time they were reserved.
  void check_agenda() {
    std::size_t entries = 0;
    const auto stands = [&](Ms at, View kind, View id) {
      if (at == 0) return;
      ++entries;
      CHECK(rows.get("due/" + text::hex(static_cast<std::uint64_t>(at), 16) + "/" + Bytes(kind) +
                     "/" + Bytes(id)));
    };
    for (const auto& [key, row] : all("file/")) {
      const auto file = wire::decode<FileRow>(row);
      REQUIRE(file);
      stands(file->due_at, "f", View(key).substr(View("file/").size()));
    }
    for (const auto& [key, row] : all("reserved/")) {
      const auto reservation = wire::decode<Reservation>(row);
      REQUIRE(reservation);
      if (reservation->due_at > now)
        stands(reservation->due_at, "b", View(key).substr(View("reserved/").size()));
    }
    for (const auto& [key, row] : all("memory/")) {
      const auto memory = wire::decode<Memory>(row);
      REQUIRE(memory);
      stands(memory->until, "m", View(key).substr(View("memory/").size()));
    }
    for (const auto& [key, row] : all("due/")) {
      if (key[21] == 'i') ++entries;
      // A batch is looked after from its first row on, until it has ended.
      if (key[21] == 'r') {
        CHECK(rows.get("batch/" + key.substr(23)));
        ++entries;
      }
    }
    CHECK(all("due/").size() == entries);
  }

  std::vector<Letter> posted_;
};

}  // namespace edgebatch::actors::tenant
