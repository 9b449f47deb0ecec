#include "core/dialects/openai/models.hpp"

#include <optional>
#include <vector>

#include "core/json/value.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::openai {

Bytes model_list_json(const std::vector<Bytes>& names) {
  json::Writer out;
  out.begin_object().member("object", "list").key("data").begin_array();
  for (const Bytes& name : names) {
    out.begin_object().member("id", name).member("object", "model");
    out.integer_member("created", 0).member("owned_by", "edgebatch").end_object();
  }
  out.end_array().end_object();
  return out.take();
}

std::optional<std::vector<Bytes>> model_names(View list_json) {
  const auto list = json::Value::parse(list_json);
  const auto data = list ? list->member("data") : std::nullopt;
  if (!data || data->kind() != json::Kind::array) return std::nullopt;
  std::vector<Bytes> names;
  for (const json::Value& model : data->elements()) {
    const auto id = model.member("id");
    if (const auto name = id ? id->string() : std::nullopt) names.emplace_back(*name);
  }
  return names;
}

}  // namespace edgebatch::dialects::openai
