// An item as a request of chat completions.
#pragma once

#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/line_format.hpp"
#include "core/http/composed.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

/// `model`: as the upstream calls it. `item.file` has to be there.
http::Composed chat_request(const ItemLine& item, const Brief& brief, View model,
                            Delivery delivery);

}  // namespace edgebatch::dialects::datagrid
