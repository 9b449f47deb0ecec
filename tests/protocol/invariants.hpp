// What holds of a batch whenever anyone looks, whatever its dialect.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/record.hpp"

#include "tests/protocol/provider.hpp"
#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

class Invariants {
 public:
  /// `quiet`: nobody dies and nothing gets lost.
  Invariants(World& world, const Provider& provider, std::uint32_t items, bool quiet)
      : world_(world), provider_(provider), items_(items), quiet_(quiet) {}

  /// Called after every event.
  void check(View batch_id);
  /// Called before the provider is asked for an item.
  void check_asked(View batch_id, std::uint32_t item);

  /// Whether it was in a terminal state when it was last checked.
  bool ended() const;
  std::optional<actors::batch::Record> record(View batch_id);
  std::vector<ledger::Span> spans(View batch_id);
  /// Whether the item's line is stored.
  bool is_done(View batch_id, std::uint32_t item);

  /// The first thing that was wrong; empty: nothing.
  const Bytes& wrong() const { return wrong_; }

 private:
  void check_record(View batch_id);
  void check_ledger(View batch_id);
  void check_stored();
  void note(Bytes what) {
    if (wrong_.empty()) wrong_ = std::move(what);
  }

  World& world_;
  const Provider& provider_;
  std::uint32_t items_;
  bool quiet_;
  Bytes wrong_;
  std::optional<actors::batch::Record> last_record_;
  std::vector<ledger::Span> last_spans_;
  ledger::Attempt last_attempt_ = 0;
  std::size_t last_turns_ = 0;
};

}  // namespace edgebatch::protocol
