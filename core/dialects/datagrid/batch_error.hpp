// Why a batch ended without being complete.
#pragma once

#include "core/dialects/batch_view.hpp"
#include "core/json/writer.hpp"

namespace edgebatch::dialects::datagrid {

/// Problem details of a failed, cancelled or expired batch, null of any other. Of a failed one with
/// `errors`, as `view.errors` gives them; who wants all of them puts them there first.
void append_batch_error(json::Writer& out, const BatchView& view);

}  // namespace edgebatch::dialects::datagrid
