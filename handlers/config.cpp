#include "handlers/config.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/dialects/openai/create.hpp"
#include "core/json/value.hpp"
#include "core/problem/excerpt.hpp"
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

/// The first entry of a list with commas, which is cut off from it.
View take_entry(View& list) {
  const std::size_t comma = std::min(list.find(','), list.size());
  const View entry = text::trimmed(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return entry;
}

bool is_http_url(View url) { return url.starts_with("http://") || url.starts_with("https://"); }

Bytes without_slash(View url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return Bytes(url);
}

std::optional<std::uint32_t> concurrency_of(const json::Value& value) {
  const auto number = value.integer();
  if (!number || *number < 1 || *number > concurrency_max) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::optional<Window> window_of(View name) {
  if (name == dialects::openai::unlimited_window)
    return Window{.name = Bytes(name), .length_ms = std::nullopt};
  const auto length = text::parse_duration(name);
  if (!length) return std::nullopt;
  return Window{.name = Bytes(name), .length_ms = length};
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
    const auto value = concurrency_of(*concurrency);
    if (!value) return "UPSTREAMS: `concurrency` has to be an integer from 1 to 1024.";
    upstream.concurrency = *value;
  }
  if (const auto stream = entry.member("stream")) {
    const auto value = stream->boolean();
    if (!value) return "UPSTREAMS: `stream` has to be true or false.";
    upstream.streams = *value;
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

View read_windows(View list, std::vector<Window>& windows) {
  while (!list.empty()) {
    auto window = window_of(take_entry(list));
    if (!window) return "EDGEBATCH_WINDOWS has to be a list of durations like 30s,1h,24h.";
    if (std::ranges::find(windows, window->name, &Window::name) == windows.end())
      windows.push_back(std::move(*window));
  }
  return {};
}

/// One member of a job. The words say what it has to be; empty: it is.
View read_job_member(View name, const json::Value& value, JobDefinition& job) {
  if (name == "model") {
    job.model = value.string().value_or("");
    return job.model.empty() ? "a name" : "";
  }
  if (name == "window") {
    job.window = window_of(value.string().value_or(""));
    return job.window ? "" : "`unlimited`, or a duration like 30m, 24h or 7d";
  }
  if (name == "concurrency") {
    const auto concurrency = concurrency_of(value);
    job.concurrency = concurrency.value_or(0);
    return concurrency ? "" : "an integer from 1 to 1024";
  }
  return "left out: a job has a `model`, a `window` and a `concurrency`";
}

/// One entry of JOBS. The sentence says what is wrong with it; empty: nothing.
Bytes read_job(const json::Value& entry, JobDefinition& job) {
  if (job.id.empty() || job.id.size() > dialects::openai::job_id_bytes_max)
    return "JOBS: the id of a job has to have 1 to 256 bytes.";
  const Bytes id = "'" + problem::excerpt(job.id) + "'";
  if (entry.kind() != json::Kind::object)
    return "JOBS: " + id + " has to be an object like {\"model\":\"a\"}.";
  for (const auto& [name, value] : entry.members())
    if (const View wanted = read_job_member(name, value, job); !wanted.empty())
      return "JOBS: `" + problem::excerpt(name) + "` of " + id + " has to be " + Bytes(wanted) +
             ".";
  return {};
}

Bytes read_jobs(View text, std::vector<JobDefinition>& jobs) {
  const auto list = json::Value::parse(text);
  const auto entries = list ? list->members() : std::vector<std::pair<Bytes, json::Value>>();
  if (entries.empty())
    return "JOBS has to be a JSON object like "
           "{\"job-1\":{\"model\":\"a\",\"window\":\"unlimited\",\"concurrency\":8}}.";
  for (const auto& [id, entry] : entries) {
    JobDefinition& job = jobs.emplace_back();
    job.id = id;
    if (Bytes wrong = read_job(entry, job); !wrong.empty()) return wrong;
  }
  return {};
}

View read_model_list(View list, std::vector<Bytes>& models) {
  while (!list.empty())
    if (models.emplace_back(take_entry(list)).empty())
      return "DATAGRID_MODELS has to be a list of models like a,b.";
  return {};
}

View read_tenant(View name, Bytes& tenant) {
  tenant = name;
  if (name.size() <= tenant_chars_max && std::ranges::all_of(name, text::is_name_character))
    return {};
  return "ANONYMOUS_TENANT has to have 1 to 64 letters, digits, - and _.";
}

View read_rate_limit(View text, std::uint32_t& limit) {
  if (text.empty() || text == "off") return {};
  const auto value = text::parse_decimal(text);
  if (!value || *value < 1 || *value > rate_limit_max)
    return "RATE_LIMIT has to be `off`, or an integer from 1 to 100000: requests in a minute.";
  limit = static_cast<std::uint32_t>(*value);
  return {};
}

View read_reasks(View text, std::uint32_t& reasks) {
  if (text.empty()) return {};
  const auto value = text::parse_decimal(text);
  if (!value || *value > reasks_max) return "DATAGRID_REASKS has to be an integer from 0 to 3.";
  reasks = static_cast<std::uint32_t>(*value);
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

const JobDefinition* Config::job(View id) const {
  for (const JobDefinition& job : jobs)
    if (job.id == id) return &job;
  return nullptr;
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
  config.windows.push_back(
      {.name = Bytes(dialects::openai::unlimited_window), .length_ms = std::nullopt});
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

  if (const View jobs = find(variables, "JOBS"); !jobs.empty())
    if (Bytes wrong = read_jobs(jobs, config.jobs); !wrong.empty()) config.error = std::move(wrong);
  if (const View wrong = read_tenant(find(variables, "ANONYMOUS_TENANT"), config.anonymous_tenant);
      !wrong.empty())
    config.error = wrong;
  if (const View wrong =
          read_model_list(find(variables, "DATAGRID_MODELS"), config.datagrid_models);
      !wrong.empty())
    config.error = wrong;
  if (const View wrong = read_rate_limit(find(variables, "RATE_LIMIT"), config.rate_limit);
      !wrong.empty())
    config.error = wrong;
  if (const View wrong = read_reasks(find(variables, "DATAGRID_REASKS"), config.reasks);
      !wrong.empty())
    config.error = wrong;
  return config;
}

}  // namespace edgebatch
