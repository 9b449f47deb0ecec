#include "core/dialects/datagrid/follow_up.hpp"

#include <catch_amalgamated.hpp>

#include "core/json/value.hpp"
#include "core/text/bytes.hpp"

using edgebatch::Bytes;
using namespace edgebatch::dialects::datagrid;
using edgebatch::json::Value;

TEST_CASE(
    "follow-up: an answer that was of no use → its words, what is wrong, and what is wanted") {
  const auto messages = Value::parse(
      "[0" + follow_up_messages({.said = "{\"a\":\n\"é\"}", .why = "It is wrong.", .usage = {}}) +
      "]");
  REQUIRE(messages);
  REQUIRE(messages->elements().size() == 3);
  CHECK(messages->elements()[1].canonical() ==
        R"({"content":"{\"a\":\n\"é\"}","role":"assistant"})");
  const Value asked = messages->elements()[2];
  CHECK(asked.member("role")->string() == "user");
  CHECK(asked.member("content")->string()->starts_with("It is wrong.\n\nAnswer again, with one"));
}

TEST_CASE("follow-up: an empty answer → isn't sent back") {
  const Bytes messages = follow_up_messages({.said = "", .why = "Empty.", .usage = {}});
  CHECK(messages.starts_with(R"(,{"role":"user","content":"Empty.)"));
}

TEST_CASE("follow-up: a long answer → its beginning") {
  const Bytes whole =
      follow_up_messages({.said = Bytes(said_chars_max, 'x'), .why = "", .usage = {}});
  CHECK(whole.find(Bytes(said_chars_max, 'x') + "\"") != Bytes::npos);
  const Bytes cut =
      follow_up_messages({.said = Bytes(said_chars_max + 1, 'x'), .why = "", .usage = {}});
  CHECK(cut.find(Bytes(said_chars_max, 'x') + "…\"") != Bytes::npos);
}
