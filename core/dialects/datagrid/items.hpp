// `items` of a create body: what each of them has to be, and that no two have the same custom_id.
#pragma once

#include <vector>

#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/datagrid/violations.hpp"
#include "core/json/value.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::dialects::datagrid {

/// In their order. Of use only if there was no violation.
std::vector<ItemLine> read_items(const json::Value& body, text::SipKey secret, Violations& wrong);

}  // namespace edgebatch::dialects::datagrid
