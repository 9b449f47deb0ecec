// One batch of three spans in a `World`, from its upload to its last line, with every invariant
// checked after every event.
#pragma once

#include <array>
#include <map>
#include <set>
#include <vector>

#include "core/json/value.hpp"
#include "handlers/actors/batch/record.hpp"

#include "tests/protocol/invariants.hpp"
#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

/// How a batch is meant to go.
struct Story {
  const char* name = "";
  Bytes window = "24h";
  Ms latency_ms = 20;
  bool good_input = true;
  std::uint32_t items_count = 6;
  std::uint32_t items_a_span = 2;
  Ms retry_after_ms = 0;                // That the provider asks for, once, for one of the items.
  std::uint32_t refusals_count = 0;     // Requests that it refuses before it knows our key.
  bool poison = false;                  // One of the items kills whoever asks for it.
  std::optional<Ms> cancel_after_ms{};  // From creation on.
  std::vector<lifecycle::State> endings{};  // Any of these is right.
};

class Scenario {
 public:
  Scenario(const Story& story, Trouble trouble);

  /// Plays the story to its end. Empty, or what is wrong.
  Bytes play();
  std::size_t effects() const { return world_.effects(); }

 private:
  void upload();
  bool create();
  void cancel();
  std::optional<http::Response> ask(View method, View target, View body = {});
  void watch();
  void check_results();
  Reaction react(View body);

  Bytes result_file(const Bytes& id);
  void wrong(Bytes what) {
    if (wrong_.empty()) wrong_ = std::move(what);
  }

  const Story& story_;
  bool trouble_;  // Something goes wrong.
  World world_;
  Invariants invariants_{world_, story_.items_count};
  Bytes wrong_;
  Bytes file_id_;
  Bytes batch_id_;
  bool cancelled_ = false;
  std::size_t attempts_ = 0;  // Requests sent.
  bool twins_ = false;  // An unanswered create may have left a batch of the same items behind.

  std::map<Bytes, std::vector<Bytes>> answers_;  // What the provider said, by item.
  std::size_t asked_ = 0;
};

}  // namespace edgebatch::protocol
