// The files that a batch's result streams become, in dialects that have result files.
#pragma once

#include <optional>

#include "core/dialects/dialect.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

struct ResultFile {
  Bytes id_prefix;
  Bytes name;
  Bytes purpose;
};

/// Nothing if this stream of this dialect becomes no file.
std::optional<ResultFile> result_file(Dialect dialect, unsigned stream, View batch_id);

}  // namespace edgebatch::dialects
