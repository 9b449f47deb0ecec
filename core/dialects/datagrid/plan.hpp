// What is checked once a batch has been made: that each item's file is there, that it is of a kind
// and a size that can be sent, that a page is only asked for of what has pages.
#pragma once

#include <functional>

#include "core/dialects/item_plan.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

/// `lines`: as `create.hpp` made them. Of each item the first that is wrong, in the order above; a
/// refused one has its line too, with why. Errors count items from 1 on and name their custom_ids.
ItemPlan plan_items(View lines, const std::function<const ItemFile*(View file_id)>& find);

}  // namespace edgebatch::dialects::datagrid
