// A batch's input file in this dialect: one request a line, `{"custom_id", "method", "url", "body"}`. It is
// inspected once, while it streams in; and again, with what only a batch knows, if the first verdict leaves a
// doubt (another endpoint than the lines', a model that nobody serves).
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/text/siphash.hpp"
#include "core/validation/index.hpp"
#include "core/validation/line_scanner.hpp"
#include "core/validation/unique_ids.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::openai {

constexpr std::uint64_t input_bytes_max = 200 * 1000 * 1000;  // The vendor's limit for a batch's input.
constexpr std::uint32_t input_items_max = 50'000;             // The vendor's limit too.
constexpr std::size_t custom_id_bytes_max = 512;              // Ours; the vendor names none.

/// The endpoints whose lines are taken: `/v1/chat/completions`, `/v1/responses`, `/v1/embeddings`,
/// `/v1/completions`, `/v1/moderations` … (contracts.md §4.2).
const std::vector<View>& endpoints();
bool is_endpoint(View url);

/// What a batch expects beyond the rules for all lines. Empty members expect nothing.
struct Expected {
  Bytes endpoint;
  std::function<bool(View model)> serves;
};

/// What is wrong with one line: nothing, or its first error in the order custom_id, method, url, body.
std::optional<validation::LineError> check(const validation::Line& line, const Expected& expected);

class Inspector {
 public:
  explicit Inspector(text::SipKey secret, Expected expected = {},
                     validation::IndexBuilder index = validation::IndexBuilder());

  void feed(View piece);
  /// Once, at the end.
  validation::Inspection finish();
};

}  // namespace edgebatch::dialects::openai
