#include <cstdint>
#include <optional>
#include <utility>

#include "core/dialects/openai/input.hpp"
#include "core/problem/excerpt.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/siphash.hpp"
#include "core/validation/index.hpp"
#include "core/validation/line.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::openai {

using validation::ErrorCode;
using validation::Fault;
using validation::Inspection;
using validation::Line;
using validation::LineError;

Inspector::Inspector(text::SipKey secret, Expected expected, validation::IndexBuilder index)
    : ids_(secret), index_(std::move(index)), expected_(std::move(expected)) {}

void Inspector::feed(View piece) {
  scanner_.feed(piece, [this](const Line& line) { see(line, 1); });
}

Inspection Inspector::finish() {
  scanner_.finish([this](const Line& line) { see(line, 0); });
  if (verdict_.items == 0) {
    verdict_.starts_as_json = false;
    refuse({0, ErrorCode::no_items, {}, {}});
  }
  if (too_many_) verdict_.errors[*too_many_].detail = text::decimal(verdict_.items);

  Inspection inspection;
  if (verdict_.valid()) inspection.index = index_.entries();
  inspection.verdict = std::move(verdict_);
  return inspection;
}

// `line_end_bytes`: of the line feed behind it.
void Inspector::see(const Line& line, std::uint64_t line_end_bytes) {
  ++verdict_.items;
  if (!line.utf8) verdict_.utf8 = false;
  if (verdict_.items == 1)
    verdict_.starts_as_json = line.fault != Fault::not_json && line.fault != Fault::not_utf8;

  if (verdict_.items > input_items_max + 1) return;
  if (verdict_.items > input_items_max) {
    if (verdict_.errors.size() < validation::errors_count_max) too_many_ = verdict_.errors.size();
    return refuse({line.number, ErrorCode::too_many_items, {}, {}});
  }
  if (auto error = judge(line)) {
    refuse(std::move(*error));
  } else {
    accept(line, line_end_bytes);
  }
}

std::optional<LineError> Inspector::judge(const Line& line) {
  auto error = check(line, expected_);
  const bool has_id = line.fault == Fault::none && !(error && error->param == "custom_id");
  if (!has_id) return error;

  // Even a line with other errors has used its custom_id.
  const auto number =
      static_cast<std::uint32_t>(line.number);  // Of so many lines, numbers are small.
  if (const auto first = ids_.insert(line.custom_id.text, number))
    return LineError{line.number, ErrorCode::duplicate_custom_id, "custom_id",
                     text::decimal(*first)};
  if (error) return error;

  if (accepted_any_ && line.model.text != verdict_.model)
    return LineError{line.number, ErrorCode::model_mismatch, "body.model",
                     problem::excerpt(verdict_.model)};
  return std::nullopt;
}

void Inspector::accept(const Line& line, std::uint64_t line_end_bytes) {
  if (!accepted_any_) {
    accepted_any_ = true;
    verdict_.url = line.url.text;
    verdict_.model = line.model.text;
  }
  if (line.url.text != verdict_.url) verdict_.one_url = false;
  // An input with errors is never run.
  if (verdict_.valid()) index_.add(line.offset, line.offset + line.length + line_end_bytes);
}

void Inspector::refuse(LineError error) {
  ++verdict_.errors_count;
  if (verdict_.errors.size() < validation::errors_count_max)
    verdict_.errors.push_back(std::move(error));
}

}  // namespace edgebatch::dialects::openai
