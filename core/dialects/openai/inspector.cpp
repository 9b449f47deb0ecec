#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/dialects/openai/input.hpp"
#include "core/json/value.hpp"
#include "core/problem/excerpt.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/siphash.hpp"
#include "core/validation/index.hpp"
#include "core/validation/line.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::openai {

using validation::Counted;
using validation::ErrorCode;
using validation::Fault;
using validation::Inspection;
using validation::Line;
using validation::LineError;

namespace {

// Which of those counted it is; nothing if it is no text, or one too many.
std::optional<std::size_t> counter_of(const validation::Member& member,
                                      std::vector<Counted>& counted) {
  if (member.kind != json::Kind::string) return std::nullopt;
  const auto found = std::ranges::find(counted, member.text, &Counted::value);
  const auto place = static_cast<std::size_t>(found - counted.begin());
  if (found == counted.end()) {
    if (counted.size() == validation::kinds_count_max) return std::nullopt;
    counted.push_back({member.text, 0});
  }
  return place;
}

}  // namespace

Inspector::Inspector(text::SipKey secret, Expected expected, validation::IndexBuilder index)
    : ids_(secret), index_(std::move(index)), expected_(std::move(expected)) {}

void Inspector::feed(View piece) {
  verdict_.bytes += piece.size();
  scanner_.feed(piece, [this](const Line& line) { see(line, 1); });
  verdict_.lines = scanner_.lines();
}

Inspection Inspector::finish() {
  scanner_.finish([this](const Line& line) { see(line, 0); });
  verdict_.lines = scanner_.lines();
  if (verdict_.items == 0) {
    verdict_.starts_as_json = false;
    refuse({.line = 0, .code = ErrorCode::no_items});
  }
  if (too_many_) verdict_.errors[*too_many_].detail = text::decimal(verdict_.items);

  Inspection inspection;
  if (verdict_.valid()) inspection.index = index_.entries();
  inspection.verdict = std::move(verdict_);
  return inspection;
}

// `line_end_bytes`: of the line feed behind it.
void Inspector::see(const Line& line, std::uint64_t line_end_bytes) {
  if (!line.utf8) verdict_.utf8 = false;
  if (line.number == 1)
    verdict_.starts_as_json = line.fault != Fault::not_json && line.fault != Fault::not_utf8 &&
                              line.fault != Fault::blank;
  if (line.fault != Fault::blank) {
    ++verdict_.items;
    if (verdict_.items > input_items_max) return refuse_too_many(line);
    count(line);
  }

  found_.clear();
  is_like_good_ = line.like_last && last_is_good_;
  if (is_like_good_) {
    check_like_last(line, expected_, found_);
  } else {
    check(line, expected_, found_);
  }
  if (line.fault == Fault::none) check_among_others(line);
  last_is_good_ = found_.empty();
  if (last_is_good_) accept(line, line_end_bytes);
  for (LineError& error : found_) refuse(std::move(error));
}

void Inspector::refuse_too_many(const Line& line) {
  if (verdict_.items > input_items_max + 1) return;
  if (verdict_.errors.size() < validation::errors_count_max) too_many_ = verdict_.errors.size();
  refuse(error_at(line, {1, 1}, ErrorCode::too_many_items, "", {}));
}

// A line with other errors has used its custom_id, too.
void Inspector::check_among_others(const Line& line) {
  const auto& id = line.custom_id;
  const bool has_id = id.kind == json::Kind::string && !id.text.empty() && !id.too_long &&
                      id.text.size() <= custom_id_bytes_max;
  if (has_id) {
    // Of so many lines, numbers are small.
    const auto number = static_cast<std::uint32_t>(line.number);
    if (const auto first = ids_.insert(id.text, number))
      name_first(*first, error_at(line, id.column, ErrorCode::duplicate_custom_id, "custom_id",
                                  text::decimal(*first)));
  }
  if (is_like_good_) return;
  if (model_line_ != 0 && found_.empty() && line.model.text != verdict_.model)
    name_first(model_line_, error_at(line, line.model.column, ErrorCode::model_mismatch,
                                     "body.model", problem::excerpt(verdict_.model)));
}

void Inspector::name_first(std::uint64_t first_line, LineError error) {
  error.first_line = first_line;
  found_.push_back(std::move(error));
}

void Inspector::count(const Line& line) {
  if (!line.like_last) {
    url_ = counter_of(line.url, verdict_.urls);
    model_ = counter_of(line.model, verdict_.models);
  }
  if (url_) ++verdict_.urls[*url_].items;
  if (model_) ++verdict_.models[*model_].items;
  std::uint64_t bytes = 0;
  for (const auto* input : {&line.messages, &line.input, &line.prompt})
    bytes += input->extent.end - input->extent.begin;
  verdict_.input_tokens += validation::input_tokens_estimate(bytes);
}

void Inspector::accept(const Line& line, std::uint64_t line_end_bytes) {
  if (!is_like_good_) remember(line);
  // An input with errors is never run.
  if (verdict_.valid()) index_.add(line.offset, line.offset + line.length + line_end_bytes);
}

// What the next valid lines are compared with.
void Inspector::remember(const Line& line) {
  if (model_line_ == 0) {
    model_line_ = line.number;
    verdict_.url = line.url.text;
    verdict_.model = line.model.text;
  }
  if (line.url.text != verdict_.url) verdict_.one_url = false;
}

void Inspector::refuse(LineError error) {
  ++verdict_.errors_count;
  if (verdict_.errors.size() < validation::errors_count_max)
    verdict_.errors.push_back(std::move(error));
}

}  // namespace edgebatch::dialects::openai
