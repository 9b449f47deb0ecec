// How a batch comes to be, whatever its dialect: its id is reserved, inline items are stored, it is
// started, its row carried to the index. Each step may be repeated, and its answer lost.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/dialects/dialect.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/gateway/call.hpp"

namespace edgebatch::gateway {

constexpr std::size_t idempotency_key_bytes_max = 255;

/// Items that came with the request.
struct InlineItems {
  Bytes lines;
  Bytes inspection;          // Encoded.
  Bytes brief;               // Encoded: what they have in common.
  std::vector<Bytes> files;  // Those that they name: each once, sorted.
};

struct NewBatch {
  actors::batch::Start start;        // All but the input.
  Bytes canonical;                   // The request, so that equal ones are equal.
  Bytes input_file;                  // Its input …
  std::optional<InlineItems> items;  // … or this.
  std::uint32_t status = 200;        // Of the answer.
};

/// What all batches start with: whose they are, and what is random about them.
actors::batch::Start start_of(const Call& call, Bytes request, text::Entropy& entropy);

Reply start_batch(Call call, NewBatch batch);

}  // namespace edgebatch::gateway
