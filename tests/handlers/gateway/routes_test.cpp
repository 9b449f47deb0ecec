#include "handlers/gateway/routes.hpp"

#include <catch_amalgamated.hpp>

#include "handlers/gateway/endpoints.hpp"

namespace edgebatch::gateway {
namespace {

std::variant<Match, NoSuchPath, WrongMethod> find(View method, View target) {
  const auto segments = http::parse_target(target).segments;
  return find_route(http::parse_method(method), spoken(segments, {}), segments);
}

struct Row {
  View method, path;
  Endpoint endpoint;
  std::vector<Bytes> parameters;
};

const std::vector<Row> openai_routes{
    {"GET", "/models", list_models, {}},
    {"POST", "/files", create_file, {}},
    {"GET", "/files", list_files, {}},
    {"GET", "/files/file-1", retrieve_file, {"file-1"}},
    {"DELETE", "/files/file-1", delete_file, {"file-1"}},
    {"GET", "/files/file-1/content", file_content, {"file-1"}},
    {"POST", "/batches", create_batch, {}},
    {"GET", "/batches", list_batches, {}},
    {"GET", "/batches/batch_1", retrieve_batch, {"batch_1"}},
    {"POST", "/batches/batch_1/cancel", cancel_batch, {"batch_1"}},
    {"GET", "/batches/batch_1/results", batch_results, {"batch_1"}},
};

const std::vector<Row> datagrid_routes{
    {"GET", "/files/file_1", retrieve_file, {"file_1"}},
    {"PATCH", "/files/file_1", update_file, {"file_1"}},
    {"DELETE", "/files/file_1", delete_file, {"file_1"}},
    {"GET", "/files/file_1/content", file_content, {"file_1"}},
    {"POST", "/batch-predictions", create_batch_prediction, {}},
    {"GET", "/batch-predictions", list_batches, {}},
    {"GET", "/batch-predictions/bpred_1", retrieve_batch, {"bpred_1"}},
    {"POST", "/batch-predictions/bpred_1/cancel", cancel_batch, {"bpred_1"}},
    {"GET", "/batch-predictions/bpred_1/results", batch_results, {"bpred_1"}},
};

void check_routes(View mount, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    for (const View end : {"", "/", "?a=/b", "/?x"}) {
      const Bytes target = Bytes(mount) + Bytes(row.path) + Bytes(end);
      CAPTURE(row.method, target);
      const auto found = find(row.method, target);
      const auto* match = std::get_if<Match>(&found);
      REQUIRE(match != nullptr);
      CHECK(match->route->endpoint == row.endpoint);
      CHECK(match->parameters == row.parameters);
      CHECK(match->route->access == Access::key);
      const bool holds_much =
          row.endpoint == create_file || row.endpoint == create_batch_prediction;
      CHECK((match->route->instance == Instance::own) == holds_much);
    }
  }
}

TEST_CASE("routes: each address on each mount → its endpoint, behind a key") {
  for (const View mount : {"/v1", "/openai/v1", "/impala/v1"}) check_routes(mount, openai_routes);
  for (const View mount : {"/v1", "/datagrid/v1"}) check_routes(mount, datagrid_routes);
  check_routes("/datagrid/v1",
               {{"POST", "/files", create_file, {}}, {"GET", "/files", list_files, {}}});
}

TEST_CASE("routes: an address of another vendor's on a vendor's own mount → nothing there") {
  for (const View target :
       {"/openai/v1/batch-predictions", "/impala/v1/batch-predictions/bpred_1",
        "/datagrid/v1/batches", "/datagrid/v1/models", "/datagrid/v1/batches/batch_1/results"}) {
    CAPTURE(target);
    CHECK(std::holds_alternative<NoSuchPath>(find("GET", target)));
  }
}

TEST_CASE("routes: health → at the root only, open to everybody") {
  const auto found = find("GET", "/healthz");
  const auto* match = std::get_if<Match>(&found);
  REQUIRE(match != nullptr);
  CHECK(match->route->endpoint == health);
  CHECK(match->route->access == Access::open);
  CHECK(std::holds_alternative<NoSuchPath>(find("GET", "/v1/healthz")));
}

TEST_CASE("routes: a slash that is escaped → part of the id, never a separator") {
  const auto found = find("GET", "/v1/files/a%2Fcontent");
  const auto* match = std::get_if<Match>(&found);
  REQUIRE(match != nullptr);
  CHECK(match->route->endpoint == retrieve_file);
  CHECK(match->parameters == std::vector<Bytes>{"a/content"});

  const auto content = find("GET", "/v1/files/%2F/content");
  REQUIRE(std::holds_alternative<Match>(content));
  CHECK(std::get<Match>(content).parameters == std::vector<Bytes>{"/"});
}

TEST_CASE("routes: an id that is empty, dots or escaped dots → no way out of its place") {
  CHECK(std::holds_alternative<NoSuchPath>(find("GET", "/v1/files//content")));
  for (const View id : {"..", "%2e%2e", "{}"}) {
    const auto found = find("GET", "/v1/batches/" + Bytes(id));
    REQUIRE(std::holds_alternative<Match>(found));
    CHECK(std::get<Match>(found).route->endpoint == retrieve_batch);
  }
}

TEST_CASE("routes: other mounts, more or fewer segments → nothing there") {
  for (const View target :
       {"/", "", "/v1", "/openai", "/openai/v1", "/v1/openai/files", "/V1/files", "/v1/Files",
        "/files", "/v2/files", "/v1/files/a/b", "/v1/batches/a/cancel/now", "/v1/v1/files"}) {
    CAPTURE(target);
    CHECK(std::holds_alternative<NoSuchPath>(find("GET", target)));
  }
}

TEST_CASE("routes: another method → those that the address takes, in the order of the table") {
  const auto allowed = [](View method, View target) {
    const auto found = find(method, target);
    REQUIRE(std::holds_alternative<WrongMethod>(found));
    return std::get<WrongMethod>(found).allowed;
  };
  CHECK(allowed("HEAD", "/healthz") == "GET");
  CHECK(allowed("DELETE", "/v1/files") == "POST, GET");
  CHECK(allowed("POST", "/openai/v1/files/x") == "GET, DELETE");
  CHECK(allowed("OPTIONS", "/v1/batches/x/cancel") == "POST");
  CHECK(allowed("get", "/v1/models") == "GET");
  CHECK(allowed("PATCH", "/v1/files/file-1") == "GET, DELETE");
  CHECK(allowed("POST", "/v1/files/file_1") == "GET, PATCH, DELETE");
  CHECK(allowed("DELETE", "/datagrid/v1/batch-predictions") == "POST, GET");
}

}  // namespace
}  // namespace edgebatch::gateway
