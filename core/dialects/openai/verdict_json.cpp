#include "core/dialects/openai/verdict_json.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include "core/dialects/openai/line_error.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::openai {

namespace {

using json::Writer;
using validation::Counted;
using validation::LineError;

std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

std::optional<std::int64_t> number_if(bool is, std::uint64_t value) {
  return is ? std::optional(number(value)) : std::nullopt;
}

void append_kinds(Writer& out, View list, View name, const std::vector<Counted>& kinds) {
  out.key(list).begin_array();
  for (const Counted& kind : kinds)
    out.begin_object().member(name, kind.value).integer_member("items", kind.items).end_object();
  out.end_array();
}

void append_error(Writer& out, const LineError& error) {
  const bool in_line = error.line != 0;
  out.begin_object()
      .member("code", shown_code(error))
      .member("message", message(error))
      .member("hint", hint(error))
      .integer_member("line", number_if(in_line, error.line))
      .integer_member("column", number_if(in_line, error.column))
      .integer_member("byte_column", number_if(in_line, error.byte_column))
      .integer_member("offset", number_if(in_line, error.offset))
      .member("pointer", error.pointer)
      .integer_member("first_line", number_if(error.first_line != 0, error.first_line))
      .end_object();
}

}  // namespace

Bytes verdict_json(const validation::Verdict& verdict) {
  Writer out;
  out.begin_object()
      .member("object", "batch.input.verdict")
      .key("valid")
      .boolean(verdict.valid())
      .integer_member("bytes", number(verdict.bytes))
      .integer_member("lines", number(verdict.lines))
      .integer_member("items", verdict.items);
  append_kinds(out, "urls", "url", verdict.urls);
  append_kinds(out, "models", "model", verdict.models);
  out.integer_member("estimated_input_tokens", number(verdict.input_tokens))
      .integer_member("errors_count", number(verdict.errors_count));
  out.key("errors").begin_array();
  for (const LineError& error : verdict.errors) append_error(out, error);
  return out.end_array().end_object().take();
}

}  // namespace edgebatch::dialects::openai
