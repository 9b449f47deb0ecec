#include "bindings/wasi/report.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bindings/wasi/cells.hpp"
#include "bindings/wasi/excerpt.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/dialects/openai/line_error.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::wasi {

namespace {

using validation::Counted;
using validation::ErrorCode;
using validation::LineError;
using validation::Verdict;

constexpr View indent = "  ";

// `12,345`.
Bytes grouped(std::uint64_t value) {
  Bytes text = text::decimal(value);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

Bytes place_text(View file, const LineError& error) {
  Bytes place = harmless(file);
  if (error.line == 0) return place;
  place.append(":").append(text::decimal(error.line));
  return place.append(":").append(text::decimal(error.column));
}

View first_is(ErrorCode code) {
  return code == ErrorCode::model_mismatch ? "the first valid line" : "first used here";
}

Bytes kinds_text(View name, const std::vector<Counted>& kinds) {
  if (kinds.empty()) return {};
  Bytes text = Bytes(indent).append(name);
  for (const Counted& kind : kinds) {
    text.append(&kind == &kinds.front() ? ": " : ", ").append(harmless(kind.value));
    text.append(" (").append(grouped(kind.items)).append(")");
  }
  if (kinds.size() == validation::kinds_count_max) text.append(", and no others are counted");
  return text.append("\n");
}

}  // namespace

Bytes counted(std::uint64_t count, View one, View more) {
  return grouped(count).append(" ").append(count == 1 ? one : more);
}

Bytes error_text(View file, const LineError& error, const Excerpt& excerpt) {
  using dialects::openai::hint;
  using dialects::openai::message;
  using dialects::openai::shown_code;

  Bytes text = place_text(file, error).append(": error: ").append(harmless(message(error)));
  text.append(" [").append(shown_code(error)).append("]\n");
  if (!excerpt.mark.empty())
    text.append(indent)
        .append(excerpt.text)
        .append("\n")
        .append(indent)
        .append(excerpt.mark)
        .append("\n");
  if (const Bytes help = hint(error); !help.empty())
    text.append(indent).append("hint: ").append(harmless(help)).append("\n");
  if (error.first_line != 0)
    text.append(harmless(file))
        .append(":")
        .append(text::decimal(error.first_line))
        .append(": note: ")
        .append(first_is(error.code))
        .append("\n");
  return text;
}

Bytes summary_text(View file, const Verdict& verdict) {
  const Bytes name = harmless(file);
  Bytes text;
  if (verdict.errors_count > verdict.errors.size())
    text.append(name)
        .append(": ")
        .append(counted(verdict.errors_count - verdict.errors.size(), "more error", "more errors"))
        .append(" not listed\n");
  if (verdict.bytes > dialects::openai::input_bytes_max)
    text.append(name)
        .append(": warning: a batch takes no file of more than ")
        .append(grouped(dialects::openai::input_bytes_max))
        .append(" bytes\n");
  text.append(name).append(": ");
  text.append(verdict.valid() ? "valid" : counted(verdict.errors_count, "error", "errors"));
  text.append("; ").append(counted(verdict.items, "item", "items"));
  text.append(" in ").append(counted(verdict.lines, "line", "lines"));
  text.append(", ").append(counted(verdict.bytes, "byte", "bytes"));
  text.append(", about ").append(counted(verdict.input_tokens, "input token", "input tokens"));
  text.append("\n");
  text.append(kinds_text("models", verdict.models)).append(kinds_text("urls", verdict.urls));
  return text;
}

}  // namespace edgebatch::wasi
