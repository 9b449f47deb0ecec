#include "core/dialects/datagrid/chat_request.hpp"

#include <catch_amalgamated.hpp>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/dialects/content.hpp"
#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/line_format.hpp"
#include "core/http/composed.hpp"
#include "core/http/message.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::dialects::Content;
using edgebatch::dialects::Delivery;
using edgebatch::http::Composed;
using edgebatch::http::Embedded;
using edgebatch::http::Encoding;
using namespace edgebatch::dialects::datagrid;

Attachment file(Content content, View name) {
  return {.name = Bytes(name),
          .content = content,
          .json_text_bytes = content == Content::text ? 21U : 0U,
          .stream = {.prefix = "in/f/", .bytes = 10, .bytes_a_part = 8}};
}

Composed request(const Attachment& attached, std::optional<std::uint32_t> page = std::nullopt,
                 Delivery delivery = Delivery::whole) {
  return chat_request({.custom_id = "a", .file_id = "f", .page = page, .file = attached},
                      {.prompt = "Read \"it\".", .output_schema = R"({"type":"object","x":1.0})"},
                      {.model = "own/name", .delivery = delivery});
}

// With `<encoding:length>` where stored bytes stand.
Bytes shown(const Composed& body) {
  Bytes out;
  for (const auto& piece : body) {
    if (const auto* bytes = std::get_if<Bytes>(&piece)) out += *bytes;
    if (const auto* stored = std::get_if<Embedded>(&piece))
      out += (stored->encoding == Encoding::base64 ? "<base64:" : "<json_text:") +
             std::to_string(stored->length) + ">";
  }
  return out;
}

constexpr View head = R"({"model":"own/name","messages":[{"role":"user","content":[{"type":"text",)"
                      R"("text":"Read \"it\"."},)";
constexpr View tail = R"(]}],"response_format":{"type":"json_schema","json_schema":)"
                      R"({"name":"output","schema":{"type":"object","x":1.0}}}})";

Bytes between(View part) { return Bytes(head) + Bytes(part) + Bytes(tail); }

}  // namespace

TEST_CASE("chat request: images → a data URL of their own type") {
  for (const Content image : {Content::png, Content::jpeg, Content::webp, Content::gif})
    CHECK(shown(request(file(image, "a.bin"))) ==
          between(R"({"type":"image_url","image_url":{"url":"data:)" +
                  Bytes(edgebatch::dialects::media_type(image)) + R"(;base64,<base64:16>"}})"));
}

TEST_CASE("chat request: a streamed answer → asked for, its usage too") {
  const Bytes whole = shown(request(file(Content::png, "a.bin")));
  const Bytes streamed =
      shown(request(file(Content::png, "a.bin"), std::nullopt, Delivery::streamed));
  const View model = R"({"model":"own/name")";
  REQUIRE(whole.starts_with(model));
  CHECK(streamed == Bytes(model) + R"(,"stream":true,"stream_options":{"include_usage":true})" +
                        whole.substr(model.size()));
}

TEST_CASE("chat request: a document → a file part with its name") {
  CHECK(shown(request(file(Content::pdf, "plan \"1\".pdf"))) ==
        between(R"({"type":"file","file":{"filename":"plan \"1\".pdf",)"
                R"("file_data":"data:application/pdf;base64,<base64:16>"}})"));
  CHECK(shown(request(file(Content::pdf, ""))).find(R"("filename":"document.pdf")") != Bytes::npos);
}

TEST_CASE("chat request: a text → a text part with its name in front") {
  CHECK(shown(request(file(Content::text, "a\n\"b\".txt"))) ==
        between(R"({"type":"text","text":"The file a\n\"b\".txt:\n\n<json_text:21>"})"));
  CHECK(shown(request(file(Content::text, ""))).find(R"("text":"The file:\n\n<json)") !=
        Bytes::npos);
}

TEST_CASE("chat request: a page → goes along in words") {
  CHECK(shown(request(file(Content::pdf, "a.pdf"), 7))
            .find(R"("text":"Read \"it\".\n\nLook only at page 7 of the document."},)") !=
        Bytes::npos);
}

TEST_CASE("chat request: stored bytes → all sections of the stream, between two pieces of text") {
  const Composed body = request(file(Content::png, "a"));
  REQUIRE(body.size() == 3);
  CHECK(std::holds_alternative<Bytes>(body[0]));
  CHECK(std::holds_alternative<Bytes>(body[2]));
  const auto* stored = std::get_if<Embedded>(&body[1]);
  REQUIRE(stored != nullptr);
  CHECK(*stored == Embedded{.encoding = Encoding::base64,
                            .sections = {{.key = "in/f/part/000000", .offset = 0, .length = 8},
                                         {.key = "in/f/part/000001", .offset = 0, .length = 2}},
                            .length = 16});
}

TEST_CASE("chat request: of every kind → one JSON value, in one line") {
  for (const Content content :
       {Content::png, Content::jpeg, Content::webp, Content::gif, Content::pdf, Content::text}) {
    const Bytes body = shown(request(file(content, "\xE2\x80\xA8\n\xFF"), 3));
    CHECK(edgebatch::json::Value::parse(body));
    CHECK(body.find('\n') == Bytes::npos);
    CHECK(body.find("\xE2\x80\xA8") == Bytes::npos);
  }
}
