// Lists of models.
#pragma once

#include <optional>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::dialects::openai {

Bytes model_list_json(const std::vector<Bytes>& names);

/// The names on somebody's list; nothing if it isn't one.
std::optional<std::vector<Bytes>> model_names(View list_json);

}  // namespace edgebatch::dialects::openai
