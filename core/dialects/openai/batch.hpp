// The batch object, and lists of them.
#pragma once

#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::openai {

/// The JSON text of one batch: every member present, null where it has no value (contracts.md §4.3,
/// §4.4). `view.errors` are shown as they are given: who wants all of them puts them there first.
Bytes batch_json(const BatchView& view);

/// `{"object":"list","data":[…],"first_id","last_id","has_more"}`.
Bytes batch_list_json(const std::vector<BatchView>& views, bool has_more);

}  // namespace edgebatch::dialects::openai
