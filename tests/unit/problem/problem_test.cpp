#include "core/problem/problem.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <set>

#include "core/problem/parameter.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::Problem;
using edgebatch::ProblemCode;
using edgebatch::problems_count;
namespace problem = edgebatch::problem;

ProblemCode code_at(std::size_t index) { return static_cast<ProblemCode>(index); }

}  // namespace

TEST_CASE("problem: every code → its own row, in words of its own") {
  std::set<Bytes> messages;
  for (std::size_t i = 0; i < problems_count; ++i) {
    CHECK(problem::row(code_at(i)).code == code_at(i));
    messages.insert(Bytes(problem::row(code_at(i)).message));
  }
  CHECK(messages.size() == problems_count);
}

TEST_CASE("problem: statuses → as HTTP has them") {
  using enum ProblemCode;
  const auto status = [](ProblemCode code) { return problem::row(code).status; };
  CHECK(status(key_missing) == 401);
  CHECK(status(key_unknown) == 401);
  CHECK(status(route_not_found) == 404);
  CHECK(status(method_not_allowed) == 405);
  CHECK(status(body_not_json) == 400);
  CHECK(status(parameter_value) == 400);
  CHECK(status(body_too_large) == 413);
  CHECK(status(file_too_large) == 413);
  CHECK(status(batch_not_found) == 404);
  CHECK(status(file_not_found) == 404);
  CHECK(status(batch_not_cancellable) == 409);
  CHECK(status(busy) == 503);
  CHECK(status(unanswered) == 503);
  CHECK(status(upstream_unreachable) == 502);
  CHECK(status(internal) == 500);
}

TEST_CASE("problem: retrying → helps where the trouble passes by itself") {
  std::set<ProblemCode> helped;
  for (std::size_t i = 0; i < problems_count; ++i)
    if (problem::row(code_at(i)).retry_helps) helped.insert(code_at(i));
  using enum ProblemCode;
  CHECK(helped ==
        std::set{upload_interrupted, busy, unanswered, upstream_unreachable, rate_limited});
}

TEST_CASE("problem: a number that no problem has → a fault of ours") {
  CHECK(problem::row(code_at(problems_count)).code == ProblemCode::internal);
  CHECK(problem::row(code_at(255)).code == ProblemCode::internal);
}

TEST_CASE("problem: marks in a text → filled in once, wherever they stand") {
  const Problem found{ProblemCode::internal, "{detail}", "<{param}>"};
  CHECK(problem::filled_in("{param}{detail} a {param", found) == "{detail}<{param}> a {param");
  CHECK(problem::filled_in("", found).empty());
  CHECK(problem::filled_in("no marks", found) == "no marks");
}

TEST_CASE("problem: of a parameter → says what came and what would be right") {
  const auto said = [](const Problem& found) {
    return problem::filled_in(problem::row(found.code).message, found);
  };
  CHECK(said(problem::missing("endpoint")) == "Missing required parameter: 'endpoint'.");
  CHECK(said(problem::wrong_type("metadata.tags", "a string", "an array")) ==
        "Invalid type for 'metadata.tags': expected a string, but got an array instead.");
  CHECK(said(problem::unsupported_value("order", "up", {"asc", "desc"})) ==
        "Invalid value: 'up'. Supported values are: 'asc' and 'desc'.");
  CHECK(said(problem::bad_value("limit", "It is too low.")) == "It is too low.");
  CHECK(problem::bad_value("limit", "It is too low.").param == "limit");
}

TEST_CASE("problem: of a very long parameter and value → both are cut") {
  const Problem found = problem::unsupported_value(Bytes(5000, 'p'), Bytes(5000, 'v'), {"a"});
  CHECK(found.param.size() < 120);
  CHECK(found.detail.size() < 200);
}

TEST_CASE("problem: on the wire → the same again") {
  const Problem found{ProblemCode::file_not_found, "id", "file-1"};
  CHECK(edgebatch::wire::decode<Problem>(edgebatch::wire::encode(found)) == found);
}
