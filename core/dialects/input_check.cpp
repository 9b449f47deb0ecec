#include "core/dialects/input_check.hpp"

#include <functional>
#include <memory>
#include <utility>

#include "core/dialects/dialect.hpp"
#include "core/dialects/openai/input_check.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

std::unique_ptr<InputCheck> input_check(Dialect dialect, View request,
                                        std::function<bool(View model)> serves) {
  switch (dialect) {
    case Dialect::openai: return openai::input_check(request, std::move(serves));
    case Dialect::datagrid: break;
  }
  return nullptr;
}

}  // namespace edgebatch::dialects
