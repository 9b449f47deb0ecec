#include "core/http/composed.hpp"

#include <catch_amalgamated.hpp>
#include <cstdint>
#include <vector>

#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::http;

std::uint64_t counted(View text) { return json_text_bytes(edgebatch::support::Exact(text).view()); }

}  // namespace

TEST_CASE("base64_bytes: any length → four characters for each three bytes begun") {
  CHECK(base64_bytes(0) == 0);
  CHECK(base64_bytes(1) == 4);
  CHECK(base64_bytes(2) == 4);
  CHECK(base64_bytes(3) == 4);
  CHECK(base64_bytes(4) == 8);
  CHECK(base64_bytes(6) == 8);
  CHECK(base64_bytes(7) == 12);
  CHECK(base64_bytes(20'971'520) == 27'962'028);
}

TEST_CASE("json_text_bytes: what has to be escaped → two bytes or six; all else stays") {
  CHECK(counted("") == 0);
  CHECK(counted("abc /'") == 6);
  CHECK(counted("\"\\\b\f\n\r\t") == 14);
  CHECK(counted(View("\0\x01\x0B\x1F", 4)) == 24);
  CHECK(counted(" \x7F") == 2);
  CHECK(counted("é😀") == 6);
}

// Our own writer escapes the same, but for the separators that end lines elsewhere.
TEST_CASE("json_text_bytes: every ASCII byte → as many as our writer makes of it") {
  for (char byte = 0; byte >= 0 && byte < 0x7F; ++byte) {
    Bytes written;
    edgebatch::json::append_string(written, View(&byte, 1));
    CHECK(counted(View(&byte, 1)) == written.size() - 2);
  }
}

TEST_CASE("composed: bytes and embedded pieces → the same after the wire") {
  const Composed body{Bytes("{\"a\":\""),
                      Embedded{.encoding = Encoding::json_text,
                               .sections = {{.key = "in/1", .offset = 3, .length = 4},
                                            {.key = "in/2", .offset = 0, .length = 9}},
                               .length = 15},
                      Bytes("\"}")};
  CHECK(edgebatch::wire::decode<Composed>(edgebatch::wire::encode(body)) == body);
}
