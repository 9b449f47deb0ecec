// Spans: runs of consecutive items in one state, each with the bytes of the input its lines lie in.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::ledger {

/// A runner's right to spans; never used twice in a batch. 0: none.
using Attempt = std::uint32_t;

constexpr unsigned streams_count_max = 2;  // Result streams of a dialect: OpenAI has two.

/// How many items of a span ended how.
struct Counts {
  std::uint32_t succeeded = 0;
  std::uint32_t errored = 0;
  std::uint32_t canceled = 0;
  std::uint32_t expired = 0;

  std::uint32_t total() const { return succeeded + errored + canceled + expired; }
  Counts& operator+=(const Counts& other);
  bool operator==(const Counts&) const = default;
  static constexpr auto fields =
      std::tuple(&Counts::succeeded, &Counts::errored, &Counts::canceled, &Counts::expired);
};

/// Tokens, as the upstream counted them.
struct Usage {
  std::uint64_t input = 0;
  std::uint64_t input_cached = 0;
  std::uint64_t output = 0;
  std::uint64_t output_reasoning = 0;
  std::uint64_t total = 0;

  Usage& operator+=(const Usage& other);
  bool operator==(const Usage&) const = default;
  static constexpr auto fields = std::tuple(&Usage::input, &Usage::input_cached, &Usage::output,
                                            &Usage::output_reasoning, &Usage::total);
};

/// Bytes of each result stream's lines.
using Lengths = std::array<std::uint64_t, streams_count_max>;

/// A stored object with the result lines of one done span: one section a result stream, one behind
/// another. Merged from several, it has their sections, shard by shard.
struct Shard {
  Attempt attempt = 0;
  std::uint32_t number = 0;  // Of this attempt: its object's name is `<attempt>.<number>`.
  Lengths lengths{};         // Of all its sections.
  std::array<std::uint32_t, streams_count_max> lines{};  // Lines of each section.
  Counts counts;
  Usage usage;
  std::vector<Lengths> pieces;  // Of a merged one: its sections' bytes, in turn.

  std::uint64_t bytes() const;
  /// Takes over all of a shard that lies behind this one's lines.
  void append(const Shard& other);

  bool operator==(const Shard&) const = default;
  static constexpr auto fields =
      std::tuple(&Shard::attempt, &Shard::number, &Shard::lengths, &Shard::lines, &Shard::counts,
                 &Shard::usage, &Shard::pieces);
};

enum class SpanState : std::uint8_t { todo, leased, done };

struct Span {
  std::uint32_t first = 0;  // Index of its first item.
  std::uint32_t count = 0;  // Items; never 0.
  std::uint64_t byte_begin = 0;
  std::uint64_t byte_end = 0;
  SpanState state = SpanState::todo;
  std::uint32_t lapses = 0;  // How often its lease ran out, or its runner died.
  std::uint32_t tries = 0;   // How often its items were asked for before they had to wait.

  // Of a todo span:
  Ms not_before = 0;  // It has to wait until then; draining doesn't.

  // Of a leased span:
  Attempt attempt = 0;
  std::uint32_t runner = 0;
  Ms lease_until = 0;

  // Of a done span:
  Shard shard;

  std::uint32_t end() const { return first + count; }
  bool operator==(const Span&) const = default;
  static constexpr auto fields =
      std::tuple(&Span::first, &Span::count, &Span::byte_begin, &Span::byte_end, &Span::state,
                 &Span::lapses, &Span::tries, &Span::not_before, &Span::attempt, &Span::runner,
                 &Span::lease_until, &Span::shard);
};

}  // namespace edgebatch::ledger
