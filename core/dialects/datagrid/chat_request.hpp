// An item as a request of chat completions.
#pragma once

#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/datagrid/follow_up.hpp"
#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/line_format.hpp"
#include "core/http/composed.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

struct Asking {
  View model;  // As the upstream calls it.
  Delivery delivery = Delivery::whole;
  bool strict = false;                  // See `strict_mode.hpp`.
  const FollowUp* follow_up = nullptr;  // Null: it wasn't asked for before.
};

/// `item.file` has to be there.
http::Composed chat_request(const ItemLine& item, const Brief& brief, const Asking& asking);

}  // namespace edgebatch::dialects::datagrid
