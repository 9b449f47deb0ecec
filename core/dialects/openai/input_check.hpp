// The batch's endpoint has to be that of every line, and its model has to be its job's, and served.
#pragma once

#include "core/dialects/input_check.hpp"

namespace edgebatch::dialects::openai {

std::unique_ptr<InputCheck> input_check(View request, std::function<bool(View model)> serves);

}  // namespace edgebatch::dialects::openai
