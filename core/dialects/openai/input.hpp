// A batch's input file in this dialect: one request a line, `{"custom_id", "method", "url",
// "body"}`. It is inspected once, while it streams in; and again, with what only a batch knows, if
// the first verdict leaves a doubt (another endpoint than the lines', another model than its job's,
// a model that nobody serves).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

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

/// Appends all that is wrong with one line, in the order custom_id, method, url, body and its
/// model, input and stream. A member that is null counts as missing. Of a line with a fault only
/// that is known; input and stream are only looked at where the url is right, and so says what they
/// have to be.
void check(const validation::Line& line, const Expected& expected,
           std::vector<validation::LineError>& errors);

/// The same of a line that is like the one before it (`Line::like_last`), if that had no errors.
void check_like_last(const validation::Line& line, const Expected& expected,
                     std::vector<validation::LineError>& errors);

/// An error of a line, at a place in it; `param` names a member that edgebatch reads, or none.
validation::LineError error_at(const validation::Line& line, validation::Column place,
                               validation::ErrorCode code, View param, Bytes detail);

/// Takes an input piece by piece. A line is an item. What no line can know alone is found here:
/// custom_ids that come twice, other models than the first valid line's, too many lines (beyond the
/// limit they are only counted), none at all.
class Inspector {
 public:
  /// `secret` is random, so that nobody can make custom_ids collide.
  explicit Inspector(text::SipKey secret, Expected expected = {},
                     validation::IndexBuilder index = validation::IndexBuilder());

  void feed(View piece);
  /// What is known so far: errors are final, but for how many items are too many.
  const validation::Verdict& so_far() const { return verdict_; }
  /// Once, at the end.
  validation::Inspection finish();

 private:
  void see(const validation::Line& line, std::uint64_t line_end_bytes);
  void check_among_others(const validation::Line& line);
  void name_first(std::uint64_t first_line, validation::LineError error);
  void refuse_too_many(const validation::Line& line);
  void count(const validation::Line& line);
  void remember(const validation::Line& line);
  void accept(const validation::Line& line, std::uint64_t line_end_bytes);
  void refuse(validation::LineError error);

  validation::LineScanner scanner_;
  validation::UniqueIds ids_;
  validation::IndexBuilder index_;
  Expected expected_;
  validation::Verdict verdict_;
  std::vector<validation::LineError> found_;  // In the line at hand.
  bool last_is_good_ = false;                 // The line before had no errors, …
  bool is_like_good_ = false;                 // … and the one at hand is like it.
  std::optional<std::size_t> url_;            // Which of the verdict's urls and models it has, if
  std::optional<std::size_t> model_;          // they are counted.
  std::uint64_t model_line_ = 0;              // The first line without errors; 0: none yet.
  std::optional<std::size_t> too_many_;       // Which error says so: the number comes at the end.
};

}  // namespace edgebatch::dialects::openai
