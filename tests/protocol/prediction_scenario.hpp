// One batch prediction whose items have a file each, in a `World`: from its creation to the last
// byte that is left of it, with every invariant checked after every event.
#pragma once

#include <cstdint>

#include "core/http/message.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"

#include "tests/protocol/invariants.hpp"
#include "tests/protocol/provider.hpp"
#include "tests/protocol/story.hpp"
#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

struct PredictionStory {
  Story common;
  bool has_key = true;         // Else the client says that it asks again.
  bool files_there = true;     // Else one of them is missing.
  bool files_deleted = false;  // As soon as the batch is made.
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
  bool is_due(std::uint32_t item, const json::Value& line);
  void check_remains();

  http::Response ask(View method, View target, View body = {});
  Reaction react(View body);
  bool exists(View prefix) const;
  void wrong(Bytes what) {
    if (wrong_.empty()) wrong_ = std::move(what);
  }

  const PredictionStory& story_;
  bool trouble_;  // Something goes wrong.
  Provider provider_{story_.common.provider};
  World world_;
  Invariants invariants_{world_, provider_, story_.common.items_count,
                         !trouble_ && !story_.common.provider.poison};
  Bytes wrong_;
  Bytes batch_id_;
  bool cancelled_ = false;
  bool over_ = false;  // Nothing may be asked for any more.
};

}  // namespace edgebatch::protocol
