#include "handlers/config.hpp"

#include <catch_amalgamated.hpp>

#include "core/text/time.hpp"

namespace edgebatch {
namespace {

Bytes error_of(const Variables& variables) { return read_config(variables).error; }

TEST_CASE("config: nothing is set → the sandbox serves every model, 24 h") {
  const Config config = read_config({});
  CHECK(config.error.empty());
  REQUIRE(config.upstreams.size() == 1);
  CHECK(config.upstreams[0].is_sandbox());
  CHECK(config.upstreams[0].concurrency == concurrency_default);
  CHECK(config.serving("anything") == &config.upstreams[0]);
  CHECK(config.upstreams[0].own_name("anything") == "anything");
  CHECK(config.window_names() == std::vector<Bytes>{"24h"});
  CHECK(config.window_ms("24h") == text::day_ms);
  CHECK_FALSE(config.window_ms("1h"));
  CHECK(config.connections_max == 0);
}

TEST_CASE("config: variables of others → not ours") {
  CHECK(error_of({{"PATH", "/bin"}, {"upstreams", "["}, {"UPSTREAM_URL_OLD", "ftp://"}}).empty());
}

TEST_CASE("config: values are blank → as if they were not set") {
  const Config config = read_config({{"UPSTREAM_URL", " "},
                                     {"UPSTREAM_KEY", ""},
                                     {"UPSTREAMS", "\t"},
                                     {"EDGEBATCH_WINDOWS", " "},
                                     {"CONNECTIONS_MAX", " "}});
  CHECK(config.error.empty());
  REQUIRE(config.upstreams.size() == 1);
  CHECK(config.upstreams[0].is_sandbox());
}

// ---- UPSTREAM_URL, UPSTREAM_KEY

TEST_CASE(
    "config: UPSTREAM_URL and its key → one upstream for every model, without slashes at the end") {
  const Config config =
      read_config({{"UPSTREAM_URL", " https://up.example/v1// "}, {"UPSTREAM_KEY", " sk "}});
  CHECK(config.error.empty());
  REQUIRE(config.upstreams.size() == 1);
  CHECK(config.upstreams[0].url == "https://up.example/v1");
  CHECK(config.upstreams[0].key == "sk");
  CHECK_FALSE(config.upstreams[0].is_sandbox());
  CHECK(config.serving("m") == &config.upstreams[0]);
}

TEST_CASE("config: UPSTREAM_URL without a scheme we speak → an error that names it") {
  for (const View url : {"up.example/v1", "ftp://up", "//up", "HTTP//up"})
    CHECK(error_of({{"UPSTREAM_URL", Bytes(url)}}).find("UPSTREAM_URL") != Bytes::npos);
  CHECK(error_of({{"UPSTREAM_URL", "http://127.0.0.1:1"}}).empty());
}

// ---- UPSTREAMS

Config listed(View json) { return read_config({{"UPSTREAMS", Bytes(json)}}); }

TEST_CASE("config: UPSTREAMS → the first that serves a model gets it, under its own name there") {
  const Config config =
      listed(R"([{"url":"http://a/v1","models":["x","y"],"key":"k","concurrency":3},)"
             R"({"url":"http://b/v1","models":{"y":"yy","z":"zz"}},)"
             R"({"url":"http://c/v1"}])");
  REQUIRE(config.error.empty());
  REQUIRE(config.upstreams.size() == 3);
  CHECK(config.upstreams[0].key == "k");
  CHECK(config.upstreams[0].concurrency == 3);
  CHECK(config.upstreams[1].concurrency == concurrency_default);
  CHECK(config.serving("y") == &config.upstreams[0]);
  CHECK(config.serving("z") == &config.upstreams[1]);
  CHECK(config.upstreams[1].own_name("z") == "zz");
  CHECK_FALSE(config.upstreams[1].own_name("x"));
  CHECK(config.serving("other") == &config.upstreams[2]);
}

TEST_CASE("config: UPSTREAMS that serve named models only → nobody serves another") {
  const Config config = listed(R"([{"url":"http://a","models":["x"]}])");
  CHECK(config.serving("y") == nullptr);
}

TEST_CASE("config: UPSTREAMS stands beside UPSTREAM_URL → the list counts") {
  const Config config =
      read_config({{"UPSTREAM_URL", "ftp://ignored"}, {"UPSTREAMS", R"([{"url":"http://a"}])"}});
  CHECK(config.error.empty());
  REQUIRE(config.upstreams.size() == 1);
  CHECK(config.upstreams[0].url == "http://a");
}

TEST_CASE("config: UPSTREAMS in another shape → an error that names it") {
  for (const View json :
       {"x", "{}", "[]", "[1]", "[{}]", R"([{"url":1}])", R"([{"url":"ftp://a"}])",
        R"([{"url":"http://a","key":1}])", R"([{"url":"http://a","models":"x"}])",
        R"([{"url":"http://a","models":[1]}])", R"([{"url":"http://a","models":{"x":1}}])",
        R"([{"url":"http://a"},{"url":""}])", R"([{"url":"http://a","concurrency":"3"}])"}) {
    CAPTURE(json);
    CHECK(listed(json).error.starts_with("UPSTREAMS"));
  }
}

TEST_CASE("config: concurrency at its bounds → taken; beyond → an error") {
  const auto with = [](View concurrency) {
    return listed(R"([{"url":"http://a","concurrency":)" + Bytes(concurrency) + "}]");
  };
  for (const std::uint32_t good : {1U, 1'023U, concurrency_max}) {
    const Config config = with(std::to_string(good));
    CHECK(config.error.empty());
    REQUIRE(config.upstreams.size() == 1);
    CHECK(config.upstreams[0].concurrency == good);
  }
  for (const View bad : {"0", "-1", "1025", "1.5", "4294967297"})
    CHECK(with(bad).error.find("concurrency") != Bytes::npos);
}

// ---- EDGEBATCH_WINDOWS

TEST_CASE("config: windows → 24h first, then those that were named, once") {
  const Config config = read_config({{"EDGEBATCH_WINDOWS", "5s, 1h,24h ,7d"}});
  CHECK(config.error.empty());
  CHECK(config.window_names() == std::vector<Bytes>{"24h", "5s", "1h", "7d"});
  CHECK(config.window_ms("5s") == 5'000);
  CHECK(config.window_ms("7d") == 7 * text::day_ms);
}

TEST_CASE("config: windows that are no durations → an error that names the variable") {
  for (const View bad : {"0s", "1", "h", ",1h", "1h,,2h", "1 h", "-1h", "1h;2h"}) {
    CAPTURE(bad);
    CHECK(error_of({{"EDGEBATCH_WINDOWS", Bytes(bad)}}).find("EDGEBATCH_WINDOWS") != Bytes::npos);
  }
}

// ---- CONNECTIONS_MAX

TEST_CASE("config: CONNECTIONS_MAX at its bounds → taken; beyond → an error that names it") {
  CHECK(read_config({{"CONNECTIONS_MAX", "1"}}).connections_max == 1);
  CHECK(read_config({{"CONNECTIONS_MAX", "1024"}}).connections_max == 1'024);
  for (const View bad : {"0", "1025", "-1", "many", "1e2"})
    CHECK(error_of({{"CONNECTIONS_MAX", Bytes(bad)}}).find("CONNECTIONS_MAX") != Bytes::npos);
}

// ---- RATE_LIMIT

TEST_CASE("config: RATE_LIMIT is off, blank or not set → no limit") {
  CHECK(read_config({}).rate_limit == 0);
  for (const View none : {"off", " off ", "", " "}) {
    const Config config = read_config({{"RATE_LIMIT", Bytes(none)}});
    CHECK(config.error.empty());
    CHECK(config.rate_limit == 0);
  }
}

TEST_CASE("config: RATE_LIMIT at its bounds → taken; beyond → an error that names it") {
  CHECK(read_config({{"RATE_LIMIT", "1"}}).rate_limit == 1);
  CHECK(read_config({{"RATE_LIMIT", " 200 "}}).rate_limit == 200);
  CHECK(read_config({{"RATE_LIMIT", "100000"}}).rate_limit == rate_limit_max);
  for (const View bad : {"0", "100001", "-1", "1.5", "1e2", "200/min", "OFF", "none"}) {
    CAPTURE(bad);
    const Config config = read_config({{"RATE_LIMIT", Bytes(bad)}});
    CHECK(config.error.starts_with("RATE_LIMIT has to be `off`, or an integer from 1 to 100000"));
    CHECK(config.rate_limit == 0);
  }
}

}  // namespace
}  // namespace edgebatch
