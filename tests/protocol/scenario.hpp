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
#include "tests/protocol/provider.hpp"
#include "tests/protocol/story.hpp"
#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

struct BatchStory {
  Story common;
  bool good_input = true;
  std::uint32_t items_a_span = 2;
};

class Scenario {
 public:
  Scenario(const BatchStory& story, Trouble trouble);

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

  const BatchStory& story_;
  bool trouble_;  // Something goes wrong.
  Provider provider_{story_.common.provider};
  World world_;
  Invariants invariants_{world_, provider_, story_.common.items_count,
                         !trouble_ && !story_.common.provider.poison};
  Bytes wrong_;
  Bytes file_id_;
  Bytes batch_id_;
  bool cancelled_ = false;
  std::size_t attempts_ = 0;  // Requests sent.
  bool twins_ = false;  // An unanswered create may have left a batch of the same items behind.
  bool over_ = false;   // Nothing may be asked for any more.
};

}  // namespace edgebatch::protocol
