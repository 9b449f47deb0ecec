#include "handlers/gateway/spoken.hpp"

#include <catch_amalgamated.hpp>

#include "core/http/target.hpp"

namespace edgebatch::gateway {
namespace {

using dialects::Dialect;
using dialects::Voice;
using Headers = std::vector<http::Header>;

const Headers none;
const Headers datagrid_sdk{{"User-Agent", "Datagrid/Python 1.2.0"}};
const Headers openai_sdk{{"User-Agent", "OpenAI/Python 1.2.0"}};
const Headers teamspace{{"datagrid-teamspace", "t"}};

Spoken at(View target, const Headers& headers = none) {
  return spoken(http::parse_target(target).segments, headers);
}

struct Row {
  View target;
  Headers headers;
  Mount mount;
  Dialect dialect;
  Voice voice;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.target, row.headers.empty() ? Bytes() : row.headers[0].second);
    const Spoken found = at(row.target, row.headers);
    CHECK(found.mount == row.mount);
    CHECK(found.dialect == row.dialect);
    CHECK(found.voice == row.voice);
  }
}

TEST_CASE("spoken: a vendor's own mount → that vendor, whatever its client or the path says") {
  for (const Headers& headers : {none, datagrid_sdk, openai_sdk, teamspace}) {
    for (const View path : {"", "/", "/files", "/files/file-1", "/files/file_1", "/nothing"}) {
      CAPTURE(path);
      CHECK(at("/openai/v1" + Bytes(path), headers).dialect == Dialect::openai);
      CHECK(at("/openai/v1" + Bytes(path), headers).voice == Voice::openai);
      CHECK(at("/openai/v1" + Bytes(path), headers).mount == Mount::openai);
      CHECK(at("/impala/v1" + Bytes(path), headers).dialect == Dialect::openai);
      CHECK(at("/impala/v1" + Bytes(path), headers).voice == Voice::impala);
      CHECK(at("/impala/v1" + Bytes(path), headers).mount == Mount::impala);
      CHECK(at("/datagrid/v1" + Bytes(path), headers).dialect == Dialect::datagrid);
      CHECK(at("/datagrid/v1" + Bytes(path), headers).mount == Mount::datagrid);
    }
    CHECK(at("/openai/v1/batch-predictions", headers).dialect == Dialect::openai);
    CHECK(at("/datagrid/v1/batches", headers).dialect == Dialect::datagrid);
  }
}

TEST_CASE("spoken: everybody's mount, a room that one vendor has → that vendor") {
  for (const Headers& headers : {none, datagrid_sdk, openai_sdk, teamspace})
    check({{"/v1/batch-predictions", headers, Mount::v1, Dialect::datagrid, Voice::datagrid},
           {"/v1/batch-predictions/x", headers, Mount::v1, Dialect::datagrid, Voice::datagrid},
           {"/v1/batches", headers, Mount::v1, Dialect::openai, Voice::openai},
           {"/v1/batches/bpred_1", headers, Mount::v1, Dialect::openai, Voice::openai},
           {"/v1/models", headers, Mount::v1, Dialect::openai, Voice::openai}});
}

TEST_CASE("spoken: everybody's mount, a file by its id → whose id it is, whoever the client is") {
  for (const Headers& headers : {none, datagrid_sdk, openai_sdk, teamspace})
    check({{"/v1/files/file-1", headers, Mount::v1, Dialect::openai, Voice::openai},
           {"/v1/files/file-1/content", headers, Mount::v1, Dialect::openai, Voice::openai},
           {"/v1/files/file_1", headers, Mount::v1, Dialect::datagrid, Voice::datagrid_files},
           {"/v1/files/file_1/content", headers, Mount::v1, Dialect::datagrid,
            Voice::datagrid_files}});
}

TEST_CASE("spoken: everybody's mount, nothing else tells → what the client looks like") {
  for (const View target : {"/v1/files", "/v1/files/", "/v1/files/what", "/v1/files?limit=2"})
    check({{target, none, Mount::v1, Dialect::openai, Voice::openai},
           {target, openai_sdk, Mount::v1, Dialect::openai, Voice::openai},
           {target, {{"user-agent", "datagrid"}}, Mount::v1, Dialect::openai, Voice::openai},
           {target, datagrid_sdk, Mount::v1, Dialect::datagrid, Voice::datagrid_files},
           {target, teamspace, Mount::v1, Dialect::datagrid, Voice::datagrid_files}});
  check({{"/v1", datagrid_sdk, Mount::v1, Dialect::datagrid, Voice::datagrid},
         {"/v1/nothing", datagrid_sdk, Mount::v1, Dialect::datagrid, Voice::datagrid},
         {"/v1/nothing", none, Mount::v1, Dialect::openai, Voice::openai}});
}

TEST_CASE("spoken: outside of the mounts → what the client looks like, in its voice") {
  check({{"/", none, Mount::root, Dialect::openai, Voice::openai},
         {"", none, Mount::root, Dialect::openai, Voice::openai},
         {"/healthz", none, Mount::root, Dialect::openai, Voice::openai},
         {"/healthz", datagrid_sdk, Mount::root, Dialect::datagrid, Voice::datagrid},
         {"/v2/files", none, Mount::root, Dialect::openai, Voice::openai},
         {"/openai", none, Mount::root, Dialect::openai, Voice::openai},
         {"/openai/v2/files", none, Mount::root, Dialect::openai, Voice::openai},
         {"/datagrid", none, Mount::root, Dialect::openai, Voice::openai},
         {"/Datagrid/v1/files", none, Mount::root, Dialect::openai, Voice::openai}});
}

TEST_CASE("spoken: Datagrid's own mount → problem details, but for files the older form") {
  check({{"/datagrid/v1/batch-predictions", none, Mount::datagrid, Dialect::datagrid,
          Voice::datagrid},
         {"/datagrid/v1/files", none, Mount::datagrid, Dialect::datagrid, Voice::datagrid_files},
         {"/datagrid/v1/files/file-1", none, Mount::datagrid, Dialect::datagrid,
          Voice::datagrid_files},
         {"/datagrid/v1", none, Mount::datagrid, Dialect::datagrid, Voice::datagrid}});
}

TEST_CASE("spoken: mounts → their paths, and how long these are") {
  CHECK(path_of(Mount::root).empty());
  CHECK(path_of(Mount::v1) == "/v1");
  CHECK(path_of(Mount::openai) == "/openai/v1");
  CHECK(path_of(Mount::datagrid) == "/datagrid/v1");
  CHECK(path_of(Mount::impala) == "/impala/v1");
  for (const Mount mount :
       {Mount::root, Mount::v1, Mount::openai, Mount::datagrid, Mount::impala}) {
    const View path = path_of(mount);
    CHECK(segments_count(mount) == static_cast<std::size_t>(std::ranges::count(path, '/')));
    if (!path.empty()) CHECK(at(Bytes(path) + "/files").mount == mount);
  }
}

TEST_CASE("spoken: a refused file → in the voice of its vendor, and of the mount") {
  CHECK(files_voice(Mount::v1, Dialect::openai) == Voice::openai);
  CHECK(files_voice(Mount::openai, Dialect::openai) == Voice::openai);
  CHECK(files_voice(Mount::impala, Dialect::openai) == Voice::impala);
  CHECK(files_voice(Mount::v1, Dialect::datagrid) == Voice::datagrid_files);
  CHECK(files_voice(Mount::datagrid, Dialect::datagrid) == Voice::datagrid_files);
}

}  // namespace
}  // namespace edgebatch::gateway
