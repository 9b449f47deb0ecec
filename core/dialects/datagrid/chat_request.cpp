#include "core/dialects/datagrid/chat_request.hpp"

#include <cstdint>
#include <utility>

#include "core/dialects/content.hpp"
#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/datagrid/follow_up.hpp"
#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/line_format.hpp"
#include "core/http/composed.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

// A file as a part of a message: its bytes stand inside of a string between front and back.
struct FilePart {
  Bytes front;
  View back;
};

Bytes quoted(View text) {
  Bytes out;
  json::append_string(out, text);
  return out;
}

// A string that goes on.
Bytes opened(View text) {
  Bytes out = quoted(text);
  out.pop_back();
  return out;
}

FilePart image_part(Content content) {
  const Bytes url = "data:" + Bytes(media_type(content)) + ";base64,";
  return {R"({"type":"image_url","image_url":{"url":)" + opened(url), R"("}})"};
}

// Providers want a name.
FilePart document_part(View name) {
  return {R"({"type":"file","file":{"filename":)" +
              quoted(name.empty() ? View("document.pdf") : name) +
              R"(,"file_data":"data:application/pdf;base64,)",
          R"("}})"};
}

FilePart text_part(View name) {
  const Bytes header = name.empty() ? "The file:\n\n" : "The file " + Bytes(name) + ":\n\n";
  return {R"({"type":"text","text":)" + opened(header), R"("})"};
}

FilePart part_of(const Attachment& file) {
  switch (file.content) {
    case Content::pdf: return document_part(file.name);
    case Content::text: return text_part(file.name);
    default: return image_part(file.content);
  }
}

http::Embedded bytes_of(const Attachment& file) {
  const bool text = file.content == Content::text;
  const std::uint64_t bytes = file.stream.bytes;
  return {.encoding = text ? http::Encoding::json_text : http::Encoding::base64,
          .sections = file.stream.sections(0, bytes),
          .length = text ? file.json_text_bytes : http::base64_bytes(bytes)};
}

constexpr View asked_as_stream = R"(,"stream":true,"stream_options":{"include_usage":true})";

// Until pages are cut out, a page goes along in words.
Bytes prompt_of(const ItemLine& item, const Brief& brief) {
  if (!item.page) return brief.prompt;
  return brief.prompt + "\n\nLook only at page " + text::decimal(*item.page) + " of the document.";
}

}  // namespace

http::Composed chat_request(const ItemLine& item, const Brief& brief, const Asking& asking) {
  const Attachment& file = *item.file;
  FilePart part = part_of(file);
  const View how = asking.delivery == Delivery::streamed ? asked_as_stream : "";
  Bytes before = R"({"model":)" + quoted(asking.model) + Bytes(how) +
                 R"(,"messages":[{"role":"user","content":[{"type":"text","text":)" +
                 quoted(prompt_of(item, brief)) + "}," + part.front;
  Bytes behind = Bytes(part.back) + "]}";
  if (asking.follow_up != nullptr) behind += follow_up_messages(*asking.follow_up);
  behind += R"(],"response_format":{"type":"json_schema","json_schema":{"name":"output",)";
  if (asking.strict) behind += R"("strict":true,)";
  behind += R"("schema":)" + brief.output_schema + "}}}";
  return {std::move(before), bytes_of(file), std::move(behind)};
}

}  // namespace edgebatch::dialects::datagrid
