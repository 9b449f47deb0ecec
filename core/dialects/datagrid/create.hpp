// `POST /batch-predictions`: its body, validated (contracts.md §2.3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::datagrid {

constexpr std::size_t create_bytes_max = 8 * 1024 * 1024;  // Ours: 5,000 items fit several times.
constexpr std::uint64_t create_values_max = 100'000;  // Ours: a tree of more would fill the memory.
constexpr std::size_t items_count_max = 5'000;
constexpr std::size_t custom_id_bytes_max = 512;             // Ours; the vendor names none.
constexpr std::size_t file_id_bytes_max = 256;               // Ours.
constexpr std::size_t prompt_bytes_max = 1024 * 1024;        // Ours, of UTF-8.
constexpr std::size_t output_schema_bytes_max = 256 * 1024;  // Ours, as compact JSON.
constexpr std::int64_t page_max = 100'000;                   // Ours.
constexpr std::size_t metadata_count_max = 16;
constexpr std::size_t metadata_key_chars_max = 64;     // Code points.
constexpr std::size_t metadata_value_chars_max = 512;  // Code points.

/// What a client asked for, but for what lies beside the items; kept with the batch as it is.
struct CreateBatch {
  Bytes model;
  Bytes completion_window;  // As shown: `24h`.
  // Nothing: null was given, or none.
  std::optional<std::vector<std::pair<Bytes, Bytes>>> metadata;

  static constexpr auto fields =
      std::tuple(&CreateBatch::model, &CreateBatch::completion_window, &CreateBatch::metadata);
};

/// What all items have in common: an object beside them.
struct Brief {
  Bytes prompt;
  Bytes output_schema;  // As compact JSON, its members in the client's order.

  static constexpr auto fields = std::tuple(&Brief::prompt, &Brief::output_schema);
};

struct Creation {
  CreateBatch create;
  Brief brief;
  Bytes lines;                        // The items, as `item_line.hpp` writes them, one a line.
  validation::Inspection inspection;  // Of these lines: always valid, with their index.
  std::vector<Bytes> file_ids;        // Each once, sorted.
  Bytes canonical;                    // The body in its canonical form: equal requests are equal.
};

/// What the operator allows.
struct Allowed {
  std::vector<Bytes> windows{"24h"};        // The first is what is meant where none is given.
  std::function<bool(View model)> accepts;  // Whether a model may be asked for.
};

/// All that is wrong with it is said at once: `request_invalid` with its violations, in the order
/// of contracts.md §2.3, and as detail the first of them; or one of `body_not_json`,
/// `body_not_object`. `secret` is random, so that nobody can make custom_ids collide. Unknown
/// members are ignored.
Or<Creation> parse_create(View text, const Allowed& allowed, text::SipKey secret);

}  // namespace edgebatch::dialects::datagrid
