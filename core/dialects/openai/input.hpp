// A batch's input file in this dialect: one request a line, `{"custom_id", "method", "url",
// "body"}`. It is inspected once, while it streams in; and again, with what only a batch knows, if
// the first verdict leaves a doubt (another endpoint than the lines', another model than its job's,
// a model that nobody serves).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "core/dialects/openai/endpoints.hpp"  // IWYU pragma: export
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"
#include "core/validation/index.hpp"
#include "core/validation/line.hpp"
#include "core/validation/line_scanner.hpp"
#include "core/validation/unique_ids.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::openai {

// The vendor's limits of a batch's input.
constexpr std::uint64_t input_bytes_max = 200 * 1000 * 1000;
constexpr std::uint32_t input_items_max = 50'000;
constexpr std::size_t custom_id_bytes_max = 512;  // Ours; the vendor names none.

/// What a batch expects beyond the rules for all lines. Empty members expect nothing.
struct Expected {
  Bytes endpoint;
  Bytes job_model{};
  std::function<bool(View model)> serves;
};

/// What is wrong with one line: nothing, or its first error in the order custom_id, method, url,
/// body and its model, input and stream. A member that is null counts as missing.
std::optional<validation::LineError> check(const validation::Line& line, const Expected& expected);

/// Takes an input piece by piece. A line is an item; one error a line is reported. What no line can
/// know alone is found here: custom_ids that come twice, other models than the first valid line's,
/// too many lines (beyond the limit they are only counted), none at all.
class Inspector {
 public:
  /// `secret` is random, so that nobody can make custom_ids collide.
  explicit Inspector(text::SipKey secret, Expected expected = {},
                     validation::IndexBuilder index = validation::IndexBuilder());

  void feed(View piece);
  /// What is known before the end, for whoever shows progress.
  const validation::Verdict& so_far() const { return verdict_; }
  /// Once, at the end.
  validation::Inspection finish();

 private:
  void see(const validation::Line& line, std::uint64_t line_end_bytes);
  std::optional<validation::LineError> judge(const validation::Line& line);
  void accept(const validation::Line& line, std::uint64_t line_end_bytes);
  void refuse(validation::LineError error);

  validation::LineScanner scanner_;
  validation::UniqueIds ids_;
  validation::IndexBuilder index_;
  Expected expected_;
  validation::Verdict verdict_;
  bool accepted_any_ = false;
  std::optional<std::size_t> too_many_;  // Which error says so: the number comes at the end.
};

}  // namespace edgebatch::dialects::openai
