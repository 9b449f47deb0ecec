#include "core/dialects/result_file.hpp"

#include <optional>

#include "core/dialects/dialect.hpp"
#include "core/dialects/openai/file.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

std::optional<ResultFile> result_file(Dialect dialect, unsigned stream, View batch_id) {
  switch (dialect) {
    case Dialect::openai: return openai::result_file(stream, batch_id);
    case Dialect::datagrid: break;
  }
  return std::nullopt;
}

}  // namespace edgebatch::dialects
