#include <algorithm>
#include <cstdint>
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
  check(line, expected_, found_);
  if (line.fault == Fault::none) check_among_others(line);
  if (found_.empty()) accept(line, line_end_bytes);
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
  if (model_line_ != 0 && found_.empty() && line.model.text != verdict_.model)
    name_first(model_line_, error_at(line, line.model.column, ErrorCode::model_mismatch,
                                     "body.model", problem::excerpt(verdict_.model)));
}

void Inspector::name_first(std::uint64_t first_line, LineError error) {
  error.first_line = first_line;
  found_.push_back(std::move(error));
}

void Inspector::count(const Line& line) {
  const auto add = [](std::vector<Counted>& kinds, const validation::Member& member) {
    if (member.kind != json::Kind::string) return;
    const auto found = std::ranges::find(kinds, member.text, &Counted::value);
    if (found != kinds.end()) {
      ++found->items;
    } else if (kinds.size() < validation::kinds_count_max) {
      kinds.push_back({member.text, 1});
    }
  };
  add(verdict_.urls, line.url);
  add(verdict_.models, line.model);
  std::uint64_t bytes = 0;
  for (const auto* input : {&line.messages, &line.input, &line.prompt})
    bytes += input->extent.end - input->extent.begin;
  verdict_.input_tokens += validation::input_tokens_estimate(bytes);
}

void Inspector::accept(const Line& line, std::uint64_t line_end_bytes) {
  if (model_line_ == 0) {
    model_line_ = line.number;
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
