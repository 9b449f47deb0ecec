#include "core/dialects/item_plan.hpp"

#include <functional>

#include "core/dialects/datagrid/plan.hpp"
#include "core/dialects/dialect.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

bool items_name_files(Dialect dialect) { return dialect == Dialect::datagrid; }

ItemPlan plan_items(Dialect dialect, View lines,
                    const std::function<const ItemFile*(View file_id)>& find) {
  if (!items_name_files(dialect)) return {};
  return datagrid::plan_items(lines, find);
}

}  // namespace edgebatch::dialects
