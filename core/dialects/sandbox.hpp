// The provider for whom none is set: it asks no model, echoes the end of what was asked, and says
// in every answer that it is an echo.
#pragma once

#include "core/dialects/line_format.hpp"
#include "core/http/composed.hpp"

namespace edgebatch::dialects {

/// `body`: as it would be sent to an upstream; what is stored elsewhere is not looked at. Where
/// JSON is wanted (`response_format`), the echo is in an object, or in what fits the schema: see
/// `sandbox_instance`.
Answer sandbox_answer(const Item& item, const http::Composed& body);

}  // namespace edgebatch::dialects
