#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>

#include "core/http/multipart.hpp"
#include "core/text/bytes.hpp"

#include "tests/unit/text/exact.hpp"

namespace edgebatch::http {
namespace {

std::optional<Bytes> boundary(View content_type) {
  return multipart_boundary(Exact(content_type).view());
}

}  // namespace

TEST_CASE("multipart_boundary: what SDKs and curl send → their boundary") {
  CHECK(boundary("multipart/form-data; boundary=openai-0.123abc") == "openai-0.123abc");
  CHECK(boundary("multipart/form-data; boundary=----formdata-undici-012345678901") ==
        "----formdata-undici-012345678901");
  CHECK(boundary("multipart/form-data; boundary=0123456789abcdef0123456789abcdef") ==
        "0123456789abcdef0123456789abcdef");
  CHECK(boundary("multipart/form-data; boundary=------------------------d74496d66958873e") ==
        "------------------------d74496d66958873e");
}

TEST_CASE("multipart_boundary: quotes, blanks, cases, other parameters → read") {
  CHECK(boundary("multipart/form-data; boundary=\"a b;c\"") == "a b;c");
  CHECK(boundary("Multipart/Form-Data ;\tBOUNDARY = x ; charset=utf-8") == "x");
  CHECK(boundary("multipart/form-data;charset=utf-8;boundary=x") == "x");
  CHECK(boundary("multipart/form-data; boundary='()+_,-./:=?") == "'()+_,-./:=?");
  CHECK(boundary("multipart/form-data; boundary=x; boundary=y") == "x");
}

TEST_CASE("multipart_boundary: sizes around the limit → read up to 70 bytes") {
  for (const std::size_t size : {std::size_t{1}, boundary_bytes_max - 1, boundary_bytes_max}) {
    CHECK(boundary("multipart/form-data; boundary=" + Bytes(size, 'b')) == Bytes(size, 'b'));
  }
  CHECK(boundary("multipart/form-data; boundary=" + Bytes(boundary_bytes_max + 1, 'b')) ==
        std::nullopt);
}

TEST_CASE("multipart_boundary: other types, no usable boundary → nothing") {
  for (const View text :
       {"", "multipart/form-data", "multipart/form-data;", "multipart/form-data; boundary",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"x", "multipart/form-data; boundary=\"x \"",
        "multipart/form-data; boundary=\"a\rb\"", "multipart/form-data; boundary=\"a\nb\"",
        "multipart/form-data; boundary=\"a\x7F\"", "multipart/form-data; bound=x",
        "multipart/mixed; boundary=x", "multipart/form-data-x; boundary=x",
        "application/json; boundary=x", "boundary=x"}) {
    CAPTURE(text);
    CHECK(boundary(text) == std::nullopt);
  }
}

}  // namespace edgebatch::http
