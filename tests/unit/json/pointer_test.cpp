#include "core/json/pointer.hpp"

#include <catch_amalgamated.hpp>

using edgebatch::json::element_pointer;
using edgebatch::json::member_pointer;

TEST_CASE("pointer: members and elements → steps behind slashes") {
  CHECK(member_pointer("", "items") == "/items");
  CHECK(element_pointer("/items", 0) == "/items/0");
  CHECK(member_pointer("/items/10", "custom_id") == "/items/10/custom_id");
  CHECK(member_pointer("", "") == "/");
}

TEST_CASE("pointer: names with slashes and tildes → escaped as RFC 6901 has it") {
  CHECK(member_pointer("", "a/b") == "/a~1b");
  CHECK(member_pointer("", "m~n") == "/m~0n");
  CHECK(member_pointer("/x", "~1/") == "/x/~01~1");
  CHECK(member_pointer("", "é\" %") == "/é\" %");
}
