// The provider for whom none is set: it asks no model, echoes the end of what was asked, and says
// in every answer that it is an echo.
#pragma once

#include "core/dialects/line_format.hpp"

namespace edgebatch::dialects::openai {

Answer sandbox_answer(const Item& item);

}  // namespace edgebatch::dialects::openai
