// Datagrid's contract, row by row: the fields of a create (§2.3), the transitions of a batch
// (§2.5), the kinds of errors (§2.7). Each row is one case.
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <vector>

#include "core/http/message.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

#include "tests/protocol/datagrid_service.hpp"
#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

namespace {

constexpr View base = "https://api.datagrid.com/errors/";
Bytes type(View name) { return Bytes(base) + Bytes(name); }

// ---- §2.3: what a create takes

/// A body, and what is wrong with it first: `pointer code`; empty: it is taken.
struct CreateRow {
  const char* row;
  Bytes body;
  Bytes wrong;
};

Bytes with(View name, View value) {
  // Each field in turn takes the place of the good one.
  const std::vector<std::pair<View, View>> good = {
      {"items", R"([{"custom_id":"a","file_id":"file_x"}])"},
      {"model", R"("m")"},
      {"prompt", R"("p")"},
      {"output_schema", R"({"type":"object"})"},
      {"completion_window", R"("24h")"},
      {"metadata", "null"},
  };
  Bytes body = "{";
  for (const auto& [field, standard] : good) {
    const View shown = field == name ? value : standard;
    if (shown.empty()) continue;  // Left out.
    body.append(body.size() > 1 ? "," : "").append("\"").append(field).append("\":").append(shown);
  }
  return body + "}";
}

Bytes items_of(std::size_t count) {
  Bytes list = "[";
  for (std::size_t i = 0; i < count; ++i)
    list += (i > 0 ? "," : "") + item(text::decimal(i), "file_x");
  return with("items", list + "]");
}

Bytes one_item(View members) { return with("items", "[{" + Bytes(members) + "}]"); }

Bytes metadata_of(std::size_t entries, std::size_t key_chars, std::size_t value_chars) {
  Bytes object = "{";
  for (std::size_t i = 0; i < entries; ++i) {
    const Bytes number = text::decimal(i);
    object += (i > 0 ? ",\"" : "\"") + number + Bytes(key_chars - number.size(), 'k') + "\":\"" +
              Bytes(value_chars, 'v') + "\"";
  }
  return with("metadata", object + "}");
}

std::vector<CreateRow> create_rows() {
  std::vector<CreateRow> rows = {
      {"items: one", items_of(1), ""},
      {"items: 5000", items_of(5'000), ""},
      {"items: 5001", items_of(5'001), "/items too_big"},
      {"items: none", with("items", "[]"), "/items too_small"},
      {"items: absent", with("items", ""), "/items required"},
      {"items: no array", with("items", "{}"), "/items invalid_type"},
      {"custom_id: absent", one_item(R"("file_id":"f")"), "/items/0/custom_id required"},
      {"custom_id: no string", one_item(R"("custom_id":1,"file_id":"f")"),
       "/items/0/custom_id invalid_type"},
      {"custom_id: twice", with("items", "[" + item("a", "f") + "," + item("a", "f") + "]"),
       "/items/1/custom_id duplicate_custom_id"},
      {"file_id: absent", one_item(R"("custom_id":"a")"), "/items/0/file_id required"},
      {"file_id: no string", one_item(R"("custom_id":"a","file_id":[])"),
       "/items/0/file_id invalid_type"},
      {"page: null", with("items", "[" + item("a", "f", R"(,"page":null)") + "]"), ""},
      {"page: 1", with("items", "[" + item("a", "f", R"(,"page":1)") + "]"), ""},
      {"page: 0", with("items", "[" + item("a", "f", R"(,"page":0)") + "]"),
       "/items/0/page too_small"},
      {"page: no integer", with("items", "[" + item("a", "f", R"(,"page":1.5)") + "]"),
       "/items/0/page invalid_type"},
      {"model: served", with("model", R"("m")"), ""},
      {"model: not served", with("model", R"("other")"), "/model invalid_enum_value"},
      {"model: absent", with("model", ""), "/model required"},
      {"prompt: empty", with("prompt", R"("")"), "/prompt too_small"},
      {"prompt: absent", with("prompt", ""), "/prompt required"},
      {"output_schema: absent", with("output_schema", ""), "/output_schema required"},
      {"output_schema: root is no object", with("output_schema", R"({"type":"array"})"),
       "/output_schema/type invalid_enum_value"},
      {"output_schema: a property may be called so",
       with("output_schema", R"({"type":"object","properties":{"not":{"type":"string"}}})"), ""},
      {"completion_window: 24h", with("completion_window", R"("24h")"), ""},
      {"completion_window: null", with("completion_window", "null"), ""},
      {"completion_window: absent", with("completion_window", ""), ""},
      {"completion_window: another", with("completion_window", R"("1h")"),
       "/completion_window invalid_enum_value"},
      {"metadata: null", with("metadata", "null"), ""},
      {"metadata: 16 entries, keys of 64, values of 512", metadata_of(16, 64, 512), ""},
      {"metadata: 17 entries", metadata_of(17, 8, 8), "/metadata too_big"},
      {"metadata: no object", with("metadata", "[]"), "/metadata invalid_type"},
      {"metadata: no string", with("metadata", R"({"a":1})"), "/metadata/a invalid_type"},
  };
  for (const View keyword :
       {"$defs", "$ref", "allOf", "anyOf", "not", "oneOf", "patternProperties"}) {
    const Bytes inside = R"({"type":"object","properties":{"x":{")" + Bytes(keyword) + R"(":{}}}})";
    rows.push_back({"output_schema: a keyword that is refused anywhere",
                    with("output_schema", inside),
                    "/output_schema/properties/x/" + Bytes(keyword) + " unsupported_keyword"});
  }
  return rows;
}

// ---- §2.5: the life of a batch

/// Which of the moments are set.
Bytes moments(const Seen& batch) {
  Bytes set;
  for (const View name : {"in_progress_at", "finalizing_at", "completed_at", "failed_at",
                          "cancelling_at", "cancelled_at", "expired_at"})
    if (batch.at(name) != "null") set.append(set.empty() ? "" : " ").append(name);
  return set;
}

const Reaction slow{.body = "{}", .latency_ms = 5'000};

}  // namespace

TEST_CASE("datagrid contract §2.3: each row of the create body → taken, or 422 that points at it") {
  DatagridService service({{"UPSTREAMS", R"([{"url":"http://provider/v1","models":["m"]}])"}});
  for (const auto& [row, body, wrong] : create_rows()) {
    INFO(row);
    const Seen seen = service.ask("POST", "/batch-predictions", body);
    INFO(seen.body.substr(0, 1'000));
    CHECK(seen.status == (wrong.empty() ? 201 : 422));
    if (wrong.empty()) continue;
    CHECK(seen.at("type") == type("validation_failed"));
    CHECK(seen.at("errors/0/pointer") + " " + seen.at("errors/0/code") == wrong);
  }
}

TEST_CASE("datagrid contract §2.5: created → validating, with created_at and expires_at") {
  DatagridService service;
  const Seen batch = service.ask("POST", "/batch-predictions", create_body({item("a", "file_x")}));
  CHECK(batch.at("status") == "validating");
  CHECK(batch.at("created_at").size() == 24);
  CHECK(batch.at("expires_at").size() == 24);
  CHECK(moments(batch).empty());
  CHECK(batch.at("error") == "null");
  CHECK(batch.at("results_url") == "null");
}

TEST_CASE("datagrid contract §2.5: validating → in_progress, then completed by way of finalizing") {
  DatagridService service;
  service.provider_answers(slow);
  const Bytes id = service.create(create_body({item("a", service.upload("text"))}));
  CHECK(moments(service.wait_for(id, "in_progress")) == "in_progress_at");
  const Seen ended = service.wait_for(id, "completed");
  CHECK(moments(ended) == "in_progress_at finalizing_at completed_at");
  CHECK(ended.at("error") == "null");
  CHECK(ended.at("results_url") == "/datagrid/v1/batch-predictions/" + id + "/results");
}

TEST_CASE("datagrid contract §2.5: validating → failed, with an error, and lines") {
  DatagridService service;
  const Bytes id = service.create(create_body({item("a", "file_x")}));
  const Seen ended = service.wait_for(id, "failed");
  CHECK(moments(ended) == "failed_at");
  CHECK(ended.at("error/type") == type("validation_failed"));
  CHECK(ended.at("results_url") != "null");
  CHECK(service.lines(id).size() == 1);
}

TEST_CASE("datagrid contract §2.5: cancelled → cancelling, then cancelled; again → unchanged") {
  DatagridService service;
  service.provider_answers(slow);
  const Bytes id = service.create(create_body({item("a", service.upload("text"))}));
  service.wait_for(id, "in_progress");
  const Bytes cancel = "/batch-predictions/" + id + "/cancel";
  const Seen first = service.ask("POST", cancel);
  CHECK(first.status == 200);
  CHECK(first.at("status") == "cancelling");
  CHECK(service.ask("POST", cancel).at("cancelling_at") == first.at("cancelling_at"));
  const Seen ended = service.wait_for(id, "cancelled");
  CHECK(moments(ended) == "in_progress_at cancelling_at cancelled_at");
  CHECK(ended.at("error/type") == type("batch_cancelled"));
  CHECK(service.ask("POST", cancel).body == ended.body);
}

TEST_CASE("datagrid contract §2.5: the window elapses → expired, with an error") {
  DatagridService service({{"EDGEBATCH_WINDOWS", "1s"}});
  service.provider_answers(slow);
  std::vector<Bytes> items;
  for (std::size_t i = 0; i < 40; ++i)
    items.push_back(item(text::decimal(i), service.upload("text")));
  const Bytes id = service.create(create_body(items, R"(,"completion_window":"1s")"));
  const Seen ended = service.wait_for(id, "expired");
  CHECK(moments(ended) == "in_progress_at expired_at");
  CHECK(ended.at("error/type") == type("batch_expired"));
}

TEST_CASE("datagrid contract §2.5: cancel of what has ended → 409, not to be tried again") {
  DatagridService service;
  const Bytes failed = service.create(create_body({item("a", "file_x")}));
  service.wait_for(failed, "failed");
  const Bytes completed = service.create(create_body({item("a", service.upload("text"))}));
  service.wait_for(completed, "completed");
  for (const Bytes& id : {failed, completed}) {
    const Seen seen = service.ask("POST", "/batch-predictions/" + id + "/cancel");
    CHECK(seen.status == 409);
    CHECK(seen.at("type") == type("conflict"));
    CHECK(http::find_header(seen.headers, "x-should-retry") == "false");
  }
}

TEST_CASE("datagrid contract §2.7: no_authentication → 401") {
  DatagridService service;
  const Seen seen =
      service.ask("GET", "/batch-predictions", {}, {{"authorization", "Bearer another"}});
  CHECK(seen.status == 401);
  CHECK(seen.at("type") == type("no_authentication"));
  CHECK(http::find_header(seen.headers, "content-type") == "application/problem+json");
}

TEST_CASE("datagrid contract §2.7: resource_not_found → 404") {
  DatagridService service;
  const Seen seen = service.ask("GET", "/batch-predictions/bpred_none");
  CHECK(seen.status == 404);
  CHECK(seen.at("type") == type("resource_not_found"));
}

TEST_CASE("datagrid contract §2.7: conflict → 409 where a key comes with another body") {
  DatagridService service;
  const std::vector<http::Header> key = {{"idempotency-key", "k"}};
  service.ask("POST", "/batch-predictions", create_body({item("a", "file_x")}), key);
  const Seen seen =
      service.ask("POST", "/batch-predictions", create_body({item("b", "file_x")}), key);
  CHECK(seen.status == 409);
  CHECK(seen.at("type") == type("conflict"));
}

TEST_CASE("datagrid contract §2.7: results_gone → 410 once they were kept for 30 days") {
  DatagridService service;
  const Bytes id = service.create(create_body({item("a", "file_x")}));
  service.wait_for(id, "failed");
  service.let_pass(31 * 86'400'000LL);
  const Seen seen = service.ask("GET", "/batch-predictions/" + id + "/results");
  CHECK(seen.status == 410);
  CHECK(seen.at("type") == type("results_gone"));
  const Seen batch = service.ask("GET", "/batch-predictions/" + id);
  CHECK(batch.at("status") == "failed");
  CHECK(batch.at("results_url") == "null");
}

TEST_CASE("datagrid contract §2.7: file_not_found and batch_validation_failed → lines") {
  DatagridService service;
  const Bytes id =
      service.create(create_body({item("a", "file_x"), item("b", service.upload("text"))}));
  service.wait_for(id, "failed");
  const auto lines = service.lines(id);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].at("error/type") == type("file_not_found"));
  CHECK(lines[1].at("error/type") == type("batch_validation_failed"));
  CHECK(lines[1].at("status") == "errored");
}

TEST_CASE("datagrid contract §2.7: unsupported_file_format → lines of unknown content and pages") {
  DatagridService service;
  const Bytes id =
      service.create(create_body({item("a", service.upload(View("PK\x03\x04\0\0", 6), "a.png")),
                                  item("b", service.upload("text"), R"(,"page":1)")}));
  service.wait_for(id, "failed");
  for (const Seen& line : service.lines(id))
    CHECK(line.at("error/type") == type("unsupported_file_format"));
}

TEST_CASE("datagrid contract §2.7: prediction_failed → the line of an answer that is no object") {
  DatagridService service;
  service.model_says("I think so.");
  const Bytes id = service.create(create_body({item("a", service.upload("text"))}));
  service.wait_for(id, "completed");
  const Seen line = service.lines(id).at(0);
  CHECK(line.at("status") == "errored");
  CHECK(line.at("output") == "null");
  CHECK(line.at("error/type") == type("prediction_failed"));
  CHECK(line.at("error/status") == "422");
}

TEST_CASE("datagrid contract §2.7: batch_item_processing_failed and credit_exceeded → lines") {
  for (const auto& [status, name] :
       {std::pair(400U, "batch_item_processing_failed"), std::pair(402U, "credit_exceeded")}) {
    DatagridService service;
    service.provider_answers({.status = status, .body = R"({"error":{"message":"no"}})"});
    const Bytes id = service.create(create_body({item("a", service.upload("text"))}));
    service.wait_for(id, "completed");
    CHECK(service.lines(id).at(0).at("error/type") == type(name));
  }
}

TEST_CASE("datagrid contract §2.7: batch_cancelled and batch_expired → lines of what never ran") {
  DatagridService service({{"EDGEBATCH_WINDOWS", "1s"}});
  service.provider_answers(slow);
  std::vector<Bytes> items;
  const Bytes file = service.upload("text");
  for (std::size_t i = 0; i < 40; ++i) items.push_back(item(text::decimal(i), file));
  const Bytes expiring = service.create(create_body(items, R"(,"completion_window":"1s")"));
  const Bytes cancelled = service.create(create_body(items));
  service.ask("POST", "/batch-predictions/" + cancelled + "/cancel");
  service.wait_for(expiring, "expired");
  service.wait_for(cancelled, "cancelled");
  CHECK(service.lines(expiring).back().at("status") == "expired");
  CHECK(service.lines(expiring).back().at("error/type") == type("batch_expired"));
  CHECK(service.lines(cancelled).back().at("status") == "canceled");
  CHECK(service.lines(cancelled).back().at("error/type") == type("batch_cancelled"));
}

TEST_CASE("datagrid contract §2.7: too many requests → 429, of files in the older form") {
  DatagridService service({{"RATE_LIMIT", "1"}});
  (void)service.ask("GET", "/batch-predictions");
  const Seen refused = service.ask("GET", "/batch-predictions");
  CHECK(refused.status == 429);
  CHECK(refused.at("type") == type("rate_limit_exceeded"));
  (void)service.ask("GET", "/files");
  const Seen older = service.ask("GET", "/files");
  CHECK(older.status == 429);
  CHECK(older.at("error") == "rate_limit_exceeded");
  CHECK(older.at("status_code") == "429");
}

}  // namespace edgebatch::protocol
