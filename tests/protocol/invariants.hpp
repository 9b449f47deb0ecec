// What holds of a batch whenever anyone looks, whatever its dialect.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/record.hpp"

#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

class Invariants {
 public:
  Invariants(World& world, std::uint32_t items) : world_(world), items_(items) {}

  /// Called after every event.
  void check(View batch_id);

  std::optional<actors::batch::Record> record(View batch_id);
  std::vector<ledger::Span> spans(View batch_id);
  /// Whether the item's line is stored.
  bool is_done(View batch_id, std::uint32_t item);

  /// The first thing that was wrong; empty: nothing.
  const Bytes& wrong() const { return wrong_; }

 private:
  void check_record(View batch_id);
  void check_ledger(View batch_id);
  void note(Bytes what) {
    if (wrong_.empty()) wrong_ = std::move(what);
  }

  World& world_;
  std::uint32_t items_;
  Bytes wrong_;
  std::optional<actors::batch::Record> last_record_;
  std::vector<ledger::Span> last_spans_;
  ledger::Attempt last_attempt_ = 0;
};

}  // namespace edgebatch::protocol
