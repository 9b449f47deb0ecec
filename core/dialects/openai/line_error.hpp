// What is said of an error of an input.
#pragma once

#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::openai {

View shown_code(const validation::LineError& error);
/// A sentence or two: what is wrong.
Bytes message(const validation::LineError& error);
/// What would be right, and how to get there. Empty for errors that no line has.
Bytes hint(const validation::LineError& error);

/// The element of a batch's `errors.data`: `{"code","line","message","param"}`.
void append_line_error(json::Writer& out, const validation::LineError& error);

}  // namespace edgebatch::dialects::openai
