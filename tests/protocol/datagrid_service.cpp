#include "tests/protocol/datagrid_service.hpp"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "core/http/message.hpp"
#include "core/json/value.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/sha256.hpp"

#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

namespace {

constexpr View boundary = "b";
constexpr Ms patience_ms = 3'600'000;

Variables with_provider(Variables variables) {
  const bool given = std::ranges::any_of(
      variables, [](const auto& variable) { return variable.first == "UPSTREAMS"; });
  if (!given) variables.emplace_back("UPSTREAM_URL", "http://provider/v1");
  return variables;
}

Bytes in_words(const json::Value& value) {
  if (const auto text = value.string()) return Bytes(*text);
  if (const auto number = value.integer()) {
    const bool negative = *number < 0;
    return (negative ? "-" : "") + text::decimal(static_cast<std::uint64_t>(std::abs(*number)));
  }
  return value.is_null() ? "null" : "…";
}

std::optional<json::Value> step(const json::Value& value, View name) {
  if (value.kind() != json::Kind::array) return value.member(name);
  const auto elements = value.elements();
  const auto place = text::parse_decimal(name);
  if (!place || *place >= elements.size()) return std::nullopt;
  return elements[static_cast<std::size_t>(*place)];
}

}  // namespace

Bytes Seen::at(View path) const {
  auto value = json::Value::parse(body);
  while (value && !path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    value = step(*value, path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return value ? in_words(*value) : "-";
}

DatagridService::DatagridService(const Variables& variables)
    : world_(with_provider(variables), {}) {
  world_.keys["key/" + text::sha256_hex("key")] = "acme";
  model_says("{}");
}

void DatagridService::provider_answers(Reaction reaction) {
  world_.provider = [reaction = std::move(reaction)](View) { return reaction; };
}

void DatagridService::model_says(View content) {
  json::Writer out;
  out.begin_object().key("choices").begin_array().begin_object();
  out.key("message").begin_object().member("content", content).end_object();
  out.end_object().end_array().end_object();
  provider_answers({.body = out.take()});
}

Seen DatagridService::ask(View method, View path, View body, std::vector<http::Header> headers) {
  const auto given = [&headers](View name) { return http::find_header(headers, name).has_value(); };
  if (!given("authorization")) headers.emplace_back("authorization", "Bearer key");
  if (!given("content-type")) headers.emplace_back("content-type", "application/json");
  const auto response = world_.send({.method = Bytes(method),
                                     .target = "/datagrid/v1" + Bytes(path),
                                     .headers = std::move(headers)},
                                    body);
  REQUIRE(response);
  return {.status = response->status,
          .headers = response->headers,
          .body = world_.content_of(*response)};
}

Bytes DatagridService::upload(View content, View name) {
  const Bytes line = "--" + Bytes(boundary);
  const Bytes form = line + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" +
                     Bytes(name) + "\"\r\n\r\n" + Bytes(content) + "\r\n" + line + "--\r\n";
  const Seen seen = ask("POST", "/files", form,
                        {{"content-type", "multipart/form-data; boundary=" + Bytes(boundary)}});
  REQUIRE(seen.status == 201);
  return seen.at("id");
}

Bytes DatagridService::create(View body) {
  const Seen seen = ask("POST", "/batch-predictions", body);
  INFO(seen.body);
  REQUIRE(seen.status == 201);
  return seen.at("id");
}

Seen DatagridService::wait_for(View id, View status) {
  Seen seen;
  for (Ms waited = 0; waited < patience_ms; waited += 50) {
    seen = ask("GET", "/batch-predictions/" + Bytes(id));
    if (seen.at("status") == status) return seen;
    let_pass(50);
  }
  FAIL("never " << status << ": " << seen.body);
  return seen;
}

std::vector<Seen> DatagridService::lines(View id) {
  const Seen all = ask("GET", "/batch-predictions/" + Bytes(id) + "/results");
  REQUIRE(all.status == 200);
  std::vector<Seen> lines;
  View rest = all.body;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    REQUIRE(end != View::npos);
    lines.push_back({.status = 0, .headers = {}, .body = Bytes(rest.substr(0, end))});
    rest.remove_prefix(end + 1);
  }
  return lines;
}

void DatagridService::let_pass(Ms duration) {
  world_.run_until([] { return false; }, duration);
}

Bytes create_body(const std::vector<Bytes>& items, View more) {
  Bytes list;
  for (const Bytes& one : items) list += (list.empty() ? "" : ",") + one;
  return R"({"items":[)" + list +
         R"(],"model":"m","prompt":"p","output_schema":{"type":"object"})" + Bytes(more) + "}";
}

Bytes item(View custom_id, View file_id, View more) {
  return R"({"custom_id":")" + Bytes(custom_id) + R"(","file_id":")" + Bytes(file_id) + "\"" +
         Bytes(more) + "}";
}

}  // namespace edgebatch::protocol
