#include "handlers/config.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/json/value.hpp"
#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/time.hpp"

namespace edgebatch {

namespace {

View find(const Variables& variables, View name) {
  for (const auto& [key, value] : variables)
    if (key == name) return text::trimmed(value);
  return {};
}

bool is_http_url(View url) { return url.starts_with("http://") || url.starts_with("https://"); }

Bytes without_slash(View url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return Bytes(url);
}

/// `["a","b"]` or `{"a":"what the upstream calls it"}`.
bool read_models(const json::Value& models, Upstream& upstream) {
  if (models.kind() == json::Kind::object) {
    for (const auto& [name, own] : models.members()) {
      const auto own_name = own.string();
      if (!own_name) return false;
      upstream.models.emplace_back(name, *own_name);
    }
    return true;
  }
  if (models.kind() != json::Kind::array) return false;
  for (const json::Value& model : models.elements()) {
    const auto name = model.string();
    if (!name) return false;
    upstream.models.emplace_back(*name, *name);
  }
  return true;
}

/// One entry of UPSTREAMS. The sentence says what is wrong with it; empty: nothing.
View read_upstream(const json::Value& entry, Upstream& upstream) {
  const auto url_member = entry.member("url");
  const auto url = url_member ? url_member->string() : std::nullopt;
  if (!url || !is_http_url(*url))
    return "UPSTREAMS: each entry needs a `url` that begins with http:// or https://.";
  upstream.url = without_slash(*url);
  if (const auto key_member = entry.member("key")) {
    const auto key = key_member->string();
    if (!key) return "UPSTREAMS: `key` has to be a string.";
    upstream.key = *key;
  }
  if (const auto concurrency = entry.member("concurrency")) {
    const auto value = concurrency->integer();
    if (!value || *value < 1 || *value > concurrency_max)
      return "UPSTREAMS: `concurrency` has to be an integer from 1 to 1024.";
    upstream.concurrency = static_cast<std::uint32_t>(*value);
  }
  if (const auto models = entry.member("models"); models && !read_models(*models, upstream))
    return "UPSTREAMS: `models` has to be a list of names, or an object from a name to the "
           "upstream's "
           "own name.";
  return {};
}

View read_upstreams(View text, std::vector<Upstream>& upstreams) {
  const auto list = json::Value::parse(text);
  if (!list || list->kind() != json::Kind::array || list->elements().empty())
    return "UPSTREAMS has to be a JSON list like "
           "[{\"models\":[\"a\"],\"url\":\"https://…/v1\",\"key\":\"…\",\"concurrency\":16}].";
  for (const json::Value& entry : list->elements())
    if (const View wrong = read_upstream(entry, upstreams.emplace_back()); !wrong.empty())
      return wrong;
  return {};
}

View read_windows(View text, std::vector<Window>& windows) {
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const View name = text::trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    const auto length = text::parse_duration(name);
    if (!length) return "EDGEBATCH_WINDOWS has to be a list of durations like 30s,1h,24h.";
    if (name != "24h") windows.push_back({.name = Bytes(name), .length_ms = *length});
  }
  return {};
}

View read_rate_limit(View text, std::uint32_t& limit) {
  if (text.empty() || text == "off") return {};
  const auto value = text::parse_decimal(text);
  if (!value || *value < 1 || *value > rate_limit_max)
    return "RATE_LIMIT has to be `off`, or an integer from 1 to 100000: requests in a minute.";
  limit = static_cast<std::uint32_t>(*value);
  return {};
}

}  // namespace

std::optional<Bytes> Upstream::own_name(View model) const {
  if (models.empty()) return Bytes(model);
  for (const auto& [name, own] : models)
    if (name == model) return own;
  return std::nullopt;
}

const Upstream* Config::serving(View model) const {
  for (const Upstream& upstream : upstreams)
    if (upstream.own_name(model)) return &upstream;
  return nullptr;
}

bool Config::accepts(View model) const {
  const bool listed =
      datagrid_models.empty() || std::ranges::find(datagrid_models, model) != datagrid_models.end();
  return listed && serving(model) != nullptr;
}

std::vector<Bytes> Config::window_names() const {
  std::vector<Bytes> names;
  names.reserve(windows.size());
  for (const Window& window : windows) names.push_back(window.name);
  return names;
}

std::optional<Ms> Config::window_ms(View name) const {
  for (const Window& window : windows)
    if (window.name == name) return window.length_ms;
  return std::nullopt;
}

Config read_config(const Variables& variables) {
  Config config;
  config.windows.push_back({.name = "24h", .length_ms = text::day_ms});
  config.error = read_windows(find(variables, "EDGEBATCH_WINDOWS"), config.windows);

  const View list = find(variables, "UPSTREAMS");
  const View url = find(variables, "UPSTREAM_URL");
  if (!list.empty()) {
    if (const View wrong = read_upstreams(list, config.upstreams); !wrong.empty())
      config.error = wrong;
  } else {
    Upstream upstream;
    upstream.url = without_slash(url);
    upstream.key = find(variables, "UPSTREAM_KEY");
    if (!url.empty() && !is_http_url(url))
      config.error = "UPSTREAM_URL has to begin with http:// or https://.";
    config.upstreams.push_back(std::move(upstream));
  }

  if (const View connections = find(variables, "CONNECTIONS_MAX"); !connections.empty()) {
    const auto value = text::parse_decimal(connections);
    if (!value || *value < 1 || *value > concurrency_max) {
      config.error = "CONNECTIONS_MAX has to be an integer from 1 to 1024.";
    } else {
      config.connections_max = static_cast<std::uint32_t>(*value);
    }
  }
  if (const View wrong = read_rate_limit(find(variables, "RATE_LIMIT"), config.rate_limit);
      !wrong.empty())
    config.error = wrong;
  return config;
}

}  // namespace edgebatch
