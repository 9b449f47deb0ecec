// A model provider and its moods, whatever the dialect of the batch that it is asked for. Items are
// known by their index; some of them have a fate of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "core/text/bytes.hpp"

#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

constexpr std::uint32_t slow_item = 0;     // Where a story has it so, this one takes its time …
constexpr std::uint32_t refused_item = 1;  // … this one is answered with 400, always …
constexpr std::uint32_t flaky_item = 2;    // … this one with 500 at first …
constexpr std::uint32_t patient_item = 3;  // … this one has to wait, where a story has it so …
constexpr std::uint32_t broken_item = 4;  // … this one's answer breaks off in the middle at first …
constexpr std::uint32_t poisoned_item = 5;  // … and this one kills, where a story has it so.

/// What a story has of it.
struct Manners {
  std::uint32_t lanes = 4;  // Requests that it takes side by side.
  Ms latency_ms = 20;
  Ms slow_ms = 0;                    // That one of the items takes; 0: as long as the others.
  Ms retry_after_ms = 0;             // That it asks for, once, for one of the items.
  std::uint32_t refusals_count = 0;  // Requests that it refuses before it knows our key.
  bool poison = false;               // One of the items kills whoever asks for it.
  bool streams = false;              // It answers piece by piece.
};

class Provider {
 public:
  explicit Provider(const Manners& manners) : manners_(manners) {}

  /// The operator's variable.
  Bytes upstreams() const;

  /// What it does when it is asked for an item whose model says `content`; `of_use`: which its
  /// client takes.
  Reaction react(std::uint32_t item, View content, Ms now, bool of_use = true);

  /// Whether it has answered for good, as far as it knows, for at least so long.
  bool has_answered(std::uint32_t item, Ms now, Ms ago_ms = 0) const;
  /// What all its good answers for an item may have come to.
  const std::vector<Bytes>& answers(std::uint32_t item) { return answers_[item]; }

  std::size_t asked() const { return asked_; }

 private:
  Reaction answer(std::uint32_t item, View content);
  Reaction answer_well(std::uint32_t item, View content);
  Reaction break_off(View content) const;

  const Manners& manners_;
  std::size_t asked_ = 0;
  std::map<std::uint32_t, std::size_t> tries_;
  std::map<std::uint32_t, Ms> answered_at_;
  std::map<std::uint32_t, std::vector<Bytes>> answers_;
};

}  // namespace edgebatch::protocol
