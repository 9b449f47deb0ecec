// The lines of output and error files.
#pragma once

#include "core/dialects/line_format.hpp"

namespace edgebatch::dialects::openai {

enum Stream : unsigned { output_stream = 0, error_stream = 1 };

/// 2xx answers go to the output stream; everything else to the error stream (contracts.md §4.6).
const LineFormat& line_format();

}  // namespace edgebatch::dialects::openai
