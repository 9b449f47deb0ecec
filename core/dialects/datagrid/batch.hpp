// The batch prediction object, and lists of them (contracts.md §2.4, §2.8).
#pragma once

#include <optional>
#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

constexpr View batch_id_prefix = "bpred_";

/// Every member present, null where it has no value. `mount`: the front of `results_url`.
Bytes batch_json(const BatchView& view, View mount);

/// `{"object":"list","data":[…],"next_cursor","has_more"}`; the cursor is the last id, and there is
/// one only if there is more.
Bytes batch_list_json(const std::vector<BatchView>& views, bool has_more, View mount);

/// One of the eight states that clients see; nothing for anything else.
std::optional<lifecycle::State> parse_status(View text);

}  // namespace edgebatch::dialects::datagrid
