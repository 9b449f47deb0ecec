#include "bindings/wasi/file_check.hpp"

#include <utility>
#include <vector>

#include "bindings/wasi/arguments.hpp"
#include "bindings/wasi/excerpt.hpp"
#include "bindings/wasi/report.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/dialects/openai/verdict_json.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::wasi {

using validation::ErrorCode;
using validation::LineError;

namespace {

dialects::openai::Expected on_every_line(Bytes endpoint) {
  dialects::openai::Expected expected;
  expected.endpoint = std::move(endpoint);
  return expected;
}

}  // namespace

FileCheck::FileCheck(Bytes name, Bytes endpoint, Format format, text::SipKey secret)
    : name_(std::move(name)),
      format_(format),
      inspector_(secret, on_every_line(std::move(endpoint))) {}

Bytes FileCheck::feed(View piece) {
  inspector_.feed(piece);
  if (format_ == Format::json) return {};
  recent_.append(piece);
  return errors_from(inspector_.so_far().errors);
}

Bytes FileCheck::finish() {
  const validation::Verdict verdict = inspector_.finish().verdict;
  valid_ = verdict.valid();
  if (format_ == Format::json) return dialects::openai::verdict_json(verdict) + "\n";
  Bytes text;
  if (held_) text = error_text(name_, verdict.errors[printed_++], held_excerpt_);
  held_ = false;
  return text.append(errors_from(verdict.errors)).append(summary_text(name_, verdict));
}

// What is new among them.
Bytes FileCheck::errors_from(const std::vector<LineError>& errors) {
  Bytes text;
  for (; !held_ && printed_ < errors.size(); ++printed_) {
    const LineError& error = errors[printed_];
    Excerpt shown;
    if (error.line != 0)
      shown = excerpt(recent_, error.offset + 1 - error.byte_column, error.offset);
    // How many items there are is known at the end; the lines behind have no errors of their own.
    if (error.code == ErrorCode::too_many_items && error.detail.empty()) {
      held_ = true;
      held_excerpt_ = std::move(shown);
      break;
    }
    text += error_text(name_, error, shown);
  }
  return text;
}

}  // namespace edgebatch::wasi
