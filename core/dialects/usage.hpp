// Tokens, as an upstream's answer states them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

constexpr std::uint64_t tokens_count_max =
    1'000'000'000'000;                              // Of one answer; more is no count at all.
constexpr std::size_t usage_bytes_max = 16 * 1024;  // Of the object that states them.

/// From the top-level `usage` of an answer of chat completions, completions, embeddings
/// (`prompt_tokens` …) or responses (`input_tokens` …). What is absent or absurd is 0; a missing
/// total is the sum.
ledger::Usage usage_of(View answer_body);

}  // namespace edgebatch::dialects
