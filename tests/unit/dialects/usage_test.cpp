#include "core/dialects/usage.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::dialects::tokens_count_max;
using edgebatch::dialects::usage_bytes_max;
using edgebatch::ledger::Usage;

Usage usage_of(View body) {
  return edgebatch::dialects::usage_of(edgebatch::support::Exact(body).view());
}

Usage of(View usage) { return usage_of(R"({"id":"x","usage":)" + Bytes(usage) + "}"); }

}  // namespace

TEST_CASE("usage: of chat completions, responses and embeddings → the same five numbers") {
  CHECK(of(R"({"prompt_tokens":10,"completion_tokens":20,"total_tokens":30,)"
           R"("prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},)"
           R"("completion_tokens_details":{"reasoning_tokens":5}})") == Usage{10, 4, 20, 5, 30});
  CHECK(of(R"({"input_tokens":10,"input_tokens_details":{"cached_tokens":4},)"
           R"("output_tokens":20,"output_tokens_details":{"reasoning_tokens":5},)"
           R"("total_tokens":30})") == Usage{10, 4, 20, 5, 30});
  CHECK(of(R"({"prompt_tokens":8,"total_tokens":8})") == Usage{8, 0, 0, 0, 8});
}

TEST_CASE("usage: parts that are absent or null → 0, a total is the sum") {
  CHECK(of(R"({"prompt_tokens":3,"completion_tokens":4,"prompt_tokens_details":null})") ==
        Usage{3, 0, 4, 0, 7});
  CHECK(of(R"({"input_tokens":null,"prompt_tokens":3})") == Usage{3, 0, 0, 0, 3});
  CHECK(of("{}") == Usage{});
}

TEST_CASE("usage: absurd values → 0") {
  CHECK(of(R"({"input_tokens":-1,"output_tokens":"5","total_tokens":1.5})") == Usage{});
  CHECK(of(R"({"input_tokens_details":[1],"output_tokens_details":7})") == Usage{});
  CHECK(of(R"({"total_tokens":1e999})") == Usage{});
  const auto total = [](std::uint64_t tokens) {
    return of(R"({"total_tokens":)" + std::to_string(tokens) + "}").total;
  };
  CHECK(total(tokens_count_max - 1) == tokens_count_max - 1);
  CHECK(total(tokens_count_max) == tokens_count_max);
  CHECK(total(tokens_count_max + 1) == 0);
}

TEST_CASE("usage: hostile shapes → each number is judged by itself") {
  CHECK(of(R"({"total_tokens":1,"total_tokens":2})").total == 2);  // The last one counts.
  CHECK(of(R"({"total_tokens":1,"total\u005ftokens":2})").total == 2);
  CHECK(of(R"({"total_tokens":1,"total_tokens":"2"})").total == 0);
  CHECK(of(R"({"prompt_tokens_details":{"cached_tokens":1},"prompt_tokens_details":{}})")
            .input_cached == 0);
  CHECK(of(R"({ "total_tokens" : 7 , "x" : 1 })").total == 7);
  CHECK(of("{\"total_tokens\":7\n}").total == 7);
  for (const View number : {"1.0", "1e2", "-0", "-7", "\"7\"", "[7]", "{\"total_tokens\":7}",
                            "true", "18446744073709551615", "18446744073709551616",
                            "99999999999999999999999999999999999999", "1e-999", "1e999"})
    CHECK(of(R"({"prompt_tokens":3,"total_tokens":)" + Bytes(number) + "}") ==
          Usage{3, 0, 0, 0, 3});
  CHECK(of(R"({"x":{"total_tokens":7},"y":[{"prompt_tokens":7}]})") == Usage{});
  CHECK(of(R"({"input_tokens":"3","prompt_tokens":3})").input == 0);  // What is there counts.
  CHECK(of(R"({"prompt_tokens_details":{"x":{"cached_tokens":7}}})").input_cached == 0);
}

TEST_CASE("usage: no usage object, or not JSON at all → nothing") {
  for (const View body :
       {R"({"id":"x"})", R"({"usage":null})", R"({"usage":[1]})", "[]", "",
        R"({"x":{"usage":{"total_tokens":1}}})", R"({"usage":{"total_tokens":1})"})
    CHECK(usage_of(body) == Usage{});
}

TEST_CASE("usage: an object at, below and above the size that is looked at") {
  const auto total = [](std::size_t bytes) {
    const Bytes begin = R"({"total_tokens":1,"x":")";
    return of(begin + Bytes(bytes - begin.size() - 2, 'x') + "\"}").total;
  };
  CHECK(total(usage_bytes_max - 1) == 1);
  CHECK(total(usage_bytes_max) == 1);
  CHECK(total(usage_bytes_max + 1) == 0);
}
