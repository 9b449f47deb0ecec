#include "core/dialects/line_format.hpp"

#include <memory>

#include "core/dialects/datagrid/line.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/openai/line.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::dialects {

std::unique_ptr<const LineFormat> line_format(Dialect dialect, View request, View brief,
                                              const text::SipKey& secret) {
  switch (dialect) {
    case Dialect::datagrid: return datagrid::line_format(request, brief, secret);
    case Dialect::openai: break;
  }
  return openai::line_format();
}

bool has_brief(Dialect dialect) { return dialect == Dialect::datagrid; }

}  // namespace edgebatch::dialects
