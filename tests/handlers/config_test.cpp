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
  CHECK(config.window_names() == std::vector<Bytes>{"24h", "unlimited"});
  CHECK(config.window_ms("24h") == text::day_ms);
  CHECK_FALSE(config.window_ms("unlimited"));
  CHECK_FALSE(config.window_ms("1h"));
  CHECK(config.connections_max == 0);
  CHECK(config.jobs.empty());
  CHECK(config.anonymous_tenant.empty());
  CHECK(config.datagrid_models.empty());
}

TEST_CASE("config: variables of others → not ours") {
  CHECK(error_of({{"PATH", "/bin"}, {"upstreams", "["}, {"UPSTREAM_URL_OLD", "ftp://"}}).empty());
}

TEST_CASE("config: values are blank → as if they were not set") {
  const Config config = read_config({{"UPSTREAM_URL", " "},
                                     {"UPSTREAM_KEY", ""},
                                     {"UPSTREAMS", "\t"},
                                     {"EDGEBATCH_WINDOWS", " "},
                                     {"CONNECTIONS_MAX", " "},
                                     {"JOBS", " "},
                                     {"ANONYMOUS_TENANT", " "},
                                     {"DATAGRID_MODELS", " "}});
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

TEST_CASE("config: an upstream that streams → only where it says so") {
  const Config config = listed(R"([{"url":"http://a","stream":true},)"
                               R"({"url":"http://b","stream":false},{"url":"http://c"}])");
  CHECK(config.error.empty());
  REQUIRE(config.upstreams.size() == 3);
  CHECK(config.upstreams[0].streams);
  CHECK_FALSE(config.upstreams[1].streams);
  CHECK_FALSE(config.upstreams[2].streams);
  CHECK_FALSE(read_config({{"UPSTREAM_URL", "http://a"}}).upstreams[0].streams);
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
        R"([{"url":"http://a","stream":"true"}])", R"([{"url":"http://a","stream":null}])",
        R"([{"url":"http://a","stream":1}])", R"([{"url":"http://a"},{"url":""}])",
        R"([{"url":"http://a","concurrency":"3"}])"}) {
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

TEST_CASE("config: windows → those that are always there, then those that were named, once") {
  const Config config = read_config({{"EDGEBATCH_WINDOWS", "5s, 1h,24h ,5s,unlimited,7d"}});
  CHECK(config.error.empty());
  CHECK(config.window_names() == std::vector<Bytes>{"24h", "unlimited", "5s", "1h", "7d"});
  CHECK(config.window_ms("5s") == 5'000);
  CHECK(config.window_ms("7d") == 7 * text::day_ms);
}

TEST_CASE("config: windows that are no durations → an error that names the variable") {
  for (const View bad : {"0s", "1", "h", ",1h", "1h,,2h", "1 h", "-1h", "1h;2h", "Unlimited"}) {
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

// ---- JOBS

TEST_CASE("config: JOBS → what each id stands for; what a job leaves out stays open") {
  const Config config =
      read_config({{"JOBS", R"({"job-a":{"model":"m","window":"1h","concurrency":8},"job b":{},)"
                            R"("job-c":{"window":"unlimited"}})"}});
  CHECK(config.error.empty());
  REQUIRE(config.jobs.size() == 3);

  const JobDefinition* const all = config.job("job-a");
  REQUIRE(all != nullptr);
  CHECK(all->model == "m");
  REQUIRE(all->window);
  CHECK(all->window->length_ms == text::hour_ms);
  CHECK(all->concurrency == 8);

  const JobDefinition* const none = config.job("job b");
  REQUIRE(none != nullptr);
  CHECK(none->model.empty());
  CHECK_FALSE(none->window);
  CHECK(none->concurrency == 0);

  const JobDefinition* const unlimited = config.job("job-c");
  REQUIRE(unlimited != nullptr);
  REQUIRE(unlimited->window);
  CHECK_FALSE(unlimited->window->length_ms);

  CHECK(config.job("job-d") == nullptr);
  CHECK(config.job("") == nullptr);
  CHECK_FALSE(config.window_ms("1h"));  // Of this job only.
}

TEST_CASE("config: JOBS in another shape → an error that names it") {
  for (const View bad : {"x", "{}", "[]", "[{}]", "1", "null", "\"job\"", "{\"a\":{}"}) {
    CAPTURE(bad);
    CHECK(error_of({{"JOBS", Bytes(bad)}}).starts_with("JOBS has to be a JSON object like {"));
  }
}

TEST_CASE("config: a job in another shape → an error that names it and its member") {
  const auto wrong = [](View entry) {
    return error_of({{"JOBS", R"({"good":{},"job-x":)" + Bytes(entry) + "}"}});
  };
  CHECK(wrong("1") == "JOBS: 'job-x' has to be an object like {\"model\":\"a\"}.");
  for (const View bad : {R"({"model":1})", R"({"model":""})", R"({"model":null})"})
    CHECK(wrong(bad) == "JOBS: `model` of 'job-x' has to be a name.");
  for (const View bad : {R"({"window":"never"})", R"({"window":""})", R"({"window":24})"})
    CHECK(wrong(bad) ==
          "JOBS: `window` of 'job-x' has to be `unlimited`, or a duration like 30m, 24h or 7d.");
  for (const View bad : {"0", "-1", "1025", "1.5", "\"8\"", "4294967297"})
    CHECK(wrong(R"({"model":"m","concurrency":)" + Bytes(bad) + "}") ==
          "JOBS: `concurrency` of 'job-x' has to be an integer from 1 to 1024.");
  CHECK(wrong(R"({"windows":"1h"})") ==
        "JOBS: `windows` of 'job-x' has to be left out: a job has a `model`, a `window` and a "
        "`concurrency`.");
}

TEST_CASE("config: a job's id and concurrency at their bounds → taken; beyond → an error") {
  const auto of = [](std::size_t id_bytes, View concurrency) {
    return error_of({{"JOBS", R"({")" + Bytes(id_bytes, 'j') + R"(":{"concurrency":)" +
                                  Bytes(concurrency) + "}}"}});
  };
  CHECK(of(1, "1").empty());
  CHECK(of(255, "1023").empty());
  CHECK(of(256, "1024").empty());
  for (const std::size_t bytes : {0U, 257U})
    CHECK(of(bytes, "1") == "JOBS: the id of a job has to have 1 to 256 bytes.");
}

// ---- ANONYMOUS_TENANT

TEST_CASE("config: ANONYMOUS_TENANT at its bounds → taken; anything else → an error") {
  for (const Bytes& good : {Bytes("a"), Bytes("Az09-_"), Bytes(64, 't')}) {
    const Config config = read_config({{"ANONYMOUS_TENANT", " " + good + " "}});
    CHECK(config.error.empty());
    CHECK(config.anonymous_tenant == good);
  }
  for (const Bytes& bad : {Bytes("a.b"), Bytes("a b"), Bytes("é"), Bytes("a/b"), Bytes(65, 't')})
    CHECK(error_of({{"ANONYMOUS_TENANT", bad}}) ==
          "ANONYMOUS_TENANT has to have 1 to 64 letters, digits, - and _.");
}

// ---- DATAGRID_MODELS

TEST_CASE("config: DATAGRID_MODELS → only these, and only as far as they are served") {
  const Config config = read_config({{"DATAGRID_MODELS", "a, b-1 ,c d"},
                                     {"UPSTREAMS", R"([{"url":"http://u","models":["a","x"]}])"}});
  CHECK(config.error.empty());
  CHECK(config.datagrid_models == std::vector<Bytes>{"a", "b-1", "c d"});
  CHECK(config.accepts("a"));
  CHECK_FALSE(config.accepts("b-1"));
  CHECK_FALSE(config.accepts("x"));
  CHECK(config.serving("x") != nullptr);
}

TEST_CASE("config: DATAGRID_MODELS with an empty place → an error that names it") {
  for (const View bad : {",", "a,,b", ",a", "a, ,b"})
    CHECK(error_of({{"DATAGRID_MODELS", Bytes(bad)}}) ==
          "DATAGRID_MODELS has to be a list of models like a,b.");
}

// ---- DATAGRID_REASKS

TEST_CASE("config: DATAGRID_REASKS within its bounds → taken; else an error that names it") {
  CHECK(read_config({}).reasks == reasks_default);
  CHECK(read_config({{"DATAGRID_REASKS", " "}}).reasks == reasks_default);
  CHECK(read_config({{"DATAGRID_REASKS", "0"}}).reasks == 0);
  CHECK(read_config({{"DATAGRID_REASKS", " 3 "}}).reasks == reasks_max);
  for (const View bad : {"4", "-1", "1.5", "off"})
    CHECK(read_config({{"DATAGRID_REASKS", Bytes(bad)}}).error ==
          "DATAGRID_REASKS has to be an integer from 0 to 3.");
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
