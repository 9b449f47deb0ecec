#include "core/ledger/span.hpp"

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace edgebatch::ledger {

Counts& Counts::operator+=(const Counts& other) {
  succeeded += other.succeeded;
  errored += other.errored;
  canceled += other.canceled;
  expired += other.expired;
  return *this;
}

Usage& Usage::operator+=(const Usage& other) {
  input += other.input;
  input_cached += other.input_cached;
  output += other.output;
  output_reasoning += other.output_reasoning;
  total += other.total;
  return *this;
}

std::uint64_t Shard::bytes() const {
  return std::accumulate(lengths.begin(), lengths.end(), std::uint64_t{0});
}

namespace {

/// Whether the sections of two pieces, one behind the other, are also the sections of one.
bool is_one_piece(const Lengths& piece, const Lengths& behind) {
  std::size_t last = streams_count_max;
  while (last > 0 && piece[last - 1] == 0) --last;
  for (std::size_t stream = 0; stream + 1 < last; ++stream)
    if (behind[stream] != 0) return false;
  return true;
}

void add(Lengths& lengths, const Lengths& more) {
  for (std::size_t stream = 0; stream < streams_count_max; ++stream)
    lengths[stream] += more[stream];
}

}  // namespace

void Shard::append(const Shard& other) {
  const std::vector<Lengths> whole{other.lengths};
  for (const Lengths& piece : other.pieces.empty() ? whole : other.pieces) {
    if (!pieces.empty() && is_one_piece(pieces.back(), piece)) {
      add(pieces.back(), piece);
    } else {
      pieces.push_back(piece);
    }
  }
  add(lengths, other.lengths);
  for (std::size_t stream = 0; stream < streams_count_max; ++stream)
    lines[stream] += other.lines[stream];
  counts += other.counts;
  usage += other.usage;
}

}  // namespace edgebatch::ledger
