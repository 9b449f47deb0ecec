#include "core/dialects/line_format.hpp"

#include <cstddef>

#include "core/dialects/dialect.hpp"
#include "core/dialects/openai/line.hpp"
#include "core/json/grammar.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

const LineFormat& line_format(Dialect dialect) {
  switch (dialect) {
    case Dialect::openai: break;
  }
  return openai::line_format();
}

Bytes with_model(View body, View model) {
  const auto value = json::find_member(body, "model");
  if (!value) return Bytes(body);
  const auto begin = static_cast<std::size_t>(value->data() - body.data());
  Bytes out(body.substr(0, begin));
  json::append_string(out, model);
  out.append(body.substr(begin + value->size()));
  return out;
}

}  // namespace edgebatch::dialects
