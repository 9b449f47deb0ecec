// The vendors whose formats are spoken here.
#pragma once

#include <cstdint>

namespace edgebatch::dialects {

enum class Dialect : std::uint8_t { openai, datagrid };  // Stored: append only.

/// The form in which an address refuses. A vendor may have several.
enum class Voice : std::uint8_t {
  openai,
  impala,          // OpenAI's, with the reasons of a 422 as Impala's framework lists them.
  datagrid,        // Problem details (RFC 9457): batch predictions.
  datagrid_files,  // The vendor's older form: files.
};

}  // namespace edgebatch::dialects
