// A tenant actor under test, and what holds of it after every turn.
#pragma once

#include "core/text/number.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"
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

class TenantActor : public Actor {
 public:
  TenantActor() : Actor(ports::ActorKind::tenant, "dev", began_at) {}

  static Bytes prefix_of(const Bytes& id) { return "in/dev/" + id + "/"; }

  bool reserve(const Bytes& id) { return tell(ReserveFile{.id = id, .prefix = prefix_of(id)}); }
  CommitFile::Reply commit(const Bytes& id, View purpose = "batch",
                           std::optional<Ms> life_ms = {}) {
    return tell(CommitFile{.id = id,
                           .filename = "in.jsonl",
                           .purpose = Bytes(purpose),
                           .stream = {.prefix = prefix_of(id), .bytes = 30},
                           .life_ms = life_ms});
  }
  void upload(const Bytes& id, View purpose = "batch", std::optional<Ms> life_ms = {}) {
    REQUIRE(reserve(id));
    REQUIRE(commit(id, purpose, life_ms));
  }
  bool exists(const Bytes& id) { return tell(FindFile{.id = id}).has_value(); }
  bool remove(const Bytes& id) { return tell(DeleteFile{.id = id}); }
  ListFiles::Page files(View purpose = {}, View after = {}, std::uint32_t limit_count = 100,
                        ports::Order order = ports::Order::descending) {
    return tell(ListFiles{.purpose = Bytes(purpose),
                          .after = Bytes(after),
                          .order = order,
                          .limit_count = limit_count});
  }

  ReserveBatch::Reply reserve_batch(const Bytes& id, const Bytes& file) {
    return tell(ReserveBatch{.id = id, .file_id = file});
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
    return tell(ListBatches{.after = Bytes(after), .limit_count = limit_count});
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
  // does.
  void check_agenda() {
    std::size_t entries = 0;
    for (const auto& [key, row] : rows.scan("file/", "file0", 1'000'000, ports::Order::ascending)) {
      const auto file = wire::decode<FileRow>(row);
      REQUIRE(file);
      if (file->due_at == 0) continue;
      ++entries;
      CHECK(rows.get("due/" + text::hex(static_cast<std::uint64_t>(file->due_at), 16) + "/f/" +
                     file->view.id));
    }
    CHECK(rows.scan("due/", "due0", 1'000'000, ports::Order::ascending).size() >= entries);
    for (const auto& [key, row] : rows.scan("due/", "due0", 1'000'000, ports::Order::ascending)) {
      if (key[21] == 'b') ++entries;
    }
    CHECK(rows.scan("due/", "due0", 1'000'000, ports::Order::ascending).size() == entries);
  }

  std::vector<Letter> posted_;
};

}  // namespace edgebatch::actors::tenant
