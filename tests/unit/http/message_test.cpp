#include "core/http/message.hpp"

#include <catch_amalgamated.hpp>
#include <optional>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"

namespace edgebatch::http {

TEST_CASE("find_header: a name in any case → the first value of that name") {
  const std::vector<Header> headers{
      {"Content-Type", "a/b"}, {"X-Many", "1"}, {"x-many", "2"}, {"Empty", ""}};
  CHECK(find_header(headers, "content-type") == "a/b");
  CHECK(find_header(headers, "CONTENT-TYPE") == "a/b");
  CHECK(find_header(headers, "x-MANY") == "1");
  CHECK(find_header(headers, "empty") == "");
}

TEST_CASE("find_header: a name that isn't there → nothing") {
  CHECK(find_header({{"Content-Type", "a/b"}}, "Content") == std::nullopt);
  CHECK(find_header({{"Content-Type", "a/b"}}, "") == std::nullopt);
  CHECK(find_header({}, "a") == std::nullopt);
}

TEST_CASE("parse_method: methods → their names; other case and other words → other") {
  CHECK(parse_method("GET") == Method::get);
  CHECK(parse_method("HEAD") == Method::head);
  CHECK(parse_method("POST") == Method::post);
  CHECK(parse_method("PUT") == Method::put);
  CHECK(parse_method("PATCH") == Method::patch);
  CHECK(parse_method("DELETE") == Method::del);
  CHECK(parse_method("OPTIONS") == Method::options);
  for (const View text : {"", "get", "GET ", "GETS", "TRACE", "del"}) {
    CAPTURE(text);
    CHECK(parse_method(text) == Method::other);
  }
}

TEST_CASE("Request and Response: to the wire and back → the same") {
  const Request request{"GET", "/v1/files?limit=2", {{"Accept", "*/*"}}};
  const auto request_back = wire::decode<Request>(wire::encode(request));
  REQUIRE(request_back);
  CHECK(request_back->method == "GET");
  CHECK(request_back->target == "/v1/files?limit=2");
  CHECK(request_back->headers == request.headers);

  const Response response{
      206, {{"A", "b"}}, std::vector<Section>{{"out/1", 5, 7}, {"out/2", 0, 1}}};
  const auto response_back = wire::decode<Response>(wire::encode(response));
  REQUIRE(response_back);
  CHECK(response_back->status == 206);
  CHECK(response_back->headers == response.headers);
  CHECK(response_back->body == response.body);
}

}  // namespace edgebatch::http
