// One batch prediction of six items, each with a file of its own, in a `World`: from its creation
// to the last byte that is left of it, with every invariant checked after every event.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/http/message.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"

#include "tests/protocol/invariants.hpp"
#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

constexpr std::uint32_t predictions_count = 6;

/// How a batch prediction is meant to go.
struct PredictionStory {
  const char* name = "";
  Bytes window = "24h";
  Ms latency_ms = 20;
  bool has_key = true;                      // Else the client says that it asks again.
  bool files_there = true;                  // Else one of them is missing.
  bool files_deleted = false;               // As soon as the batch is made.
  std::optional<Ms> cancel_after_ms{};      // From creation on.
  std::vector<lifecycle::State> endings{};  // Any of these is right.
};

class PredictionScenario {
 public:
  PredictionScenario(const PredictionStory& story, Trouble trouble);

  /// Plays the story to its end. Empty, or what is wrong.
  Bytes play();
  std::size_t effects() const { return world_.effects(); }

 private:
  void upload(std::uint32_t item);
  void create();
  void delete_files();
  void cancel();
  void wait_for_end();
  void check_one_batch();
  void check_lines();
  void check_remains();

  http::Response ask(View method, View target, View body = {});
  Reaction react(View body);
  bool exists(View prefix) const;
  void wrong(Bytes what) {
    if (wrong_.empty()) wrong_ = std::move(what);
  }

  const PredictionStory& story_;
  World world_;
  Invariants invariants_{world_, predictions_count};
  Bytes wrong_;
  Bytes batch_id_;
  bool cancelled_ = false;
  std::size_t asked_ = 0;
  std::map<Bytes, std::uint32_t> tries_;  // By what the file says.
};

}  // namespace edgebatch::protocol
