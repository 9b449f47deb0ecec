// The lines of output and error files.
#pragma once

#include <memory>

#include "core/dialects/line_format.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::openai {

enum Stream : unsigned { output_stream = 0, error_stream = 1 };

/// 2xx answers go to the output stream; everything else to the error stream (contracts.md §4.6).
std::unique_ptr<const LineFormat> line_format();

/// `body` (a JSON object) with the value of its top-level member `model` replaced by the string
/// `model`; all other bytes stay. `body` itself if it has no such member.
Bytes with_model(View body, View model);

}  // namespace edgebatch::dialects::openai
