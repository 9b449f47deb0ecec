#include "core/dialects/sandbox.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "core/dialects/line_format.hpp"
#include "core/dialects/sandbox_instance.hpp"
#include "core/http/composed.hpp"
#include "core/json/value.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

namespace {

constexpr View label = "[edgebatch sandbox: no model was asked; this is an echo] ";
constexpr std::size_t echo_bytes_max = 2'000;

/// The text in a `content`, `input` or `prompt`: a string, or the last text of a list of parts or
/// messages.
Bytes last_text(const json::Value& value) {
  if (const auto text = value.string()) return Bytes(*text);
  if (value.kind() == json::Kind::array) {
    const auto elements = value.elements();
    return elements.empty() ? Bytes() : last_text(elements.back());
  }
  for (const View name : {"content", "text"})
    if (const auto inner = value.member(name)) return last_text(*inner);
  return {};
}

Bytes echo_of(const json::Value& body) {
  for (const View name : {"messages", "input", "prompt"})
    if (const auto asked = body.member(name)) {
      Bytes text = last_text(*asked);
      if (text.size() > echo_bytes_max) text.resize(echo_bytes_max);
      return Bytes(label) + text;
    }
  return Bytes(label);
}

void append_usage(json::Writer& out, View input_name, View output_name, std::size_t input,
                  std::size_t output) {
  // About four bytes a token, as English has it: an echo has no tokenizer.
  const auto tokens = [](std::size_t bytes) { return static_cast<std::int64_t>(bytes / 4 + 1); };
  out.key("usage").begin_object();
  out.integer_member(input_name, tokens(input));
  if (!output_name.empty()) out.integer_member(output_name, tokens(output));
  out.integer_member("total_tokens", tokens(input) + (output_name.empty() ? 0 : tokens(output)));
  out.end_object();
}

Bytes at_hand(const http::Composed& body) {
  Bytes text;
  for (const http::Piece& piece : body)
    if (const auto* bytes = std::get_if<Bytes>(&piece)) text += *bytes;
  return text;
}

Bytes as_object(View text) {
  json::Writer out;
  out.begin_object().member("sandbox", text).end_object();
  return out.take();
}

Bytes in_format(const json::Value& wanted, View text) {
  const auto named = wanted.member("json_schema");
  const auto schema = named ? named->member("schema") : std::nullopt;
  return schema ? sandbox_instance(*schema, text, label) : as_object(text);
}

void append_chat(json::Writer& out, View text, bool chat) {
  out.key("choices").begin_array().begin_object().integer_member("index", 0);
  if (chat) {
    out.key("message").begin_object().member("role", "assistant").member("content", text);
    out.end_object();
  } else {
    out.member("text", text);
  }
  out.member("finish_reason", "stop").end_object().end_array();
}

void append_response(json::Writer& out, View text) {
  out.member("status", "completed").key("output").begin_array().begin_object();
  out.member("type", "message").member("role", "assistant").key("content").begin_array();
  out.begin_object().member("type", "output_text").member("text", text).end_object();
  out.end_array().end_object().end_array();
}

void append_embedding(json::Writer& out) {
  out.key("data").begin_array().begin_object().member("object", "embedding");
  out.integer_member("index", 0).key("embedding").begin_array().integer(0).integer(0).end_array();
  out.end_object().end_array();
}

}  // namespace

Answer sandbox_answer(const Item& item, const http::Composed& body) {
  const Bytes asked = at_hand(body);
  const auto value = json::Value::parse(asked);
  Bytes text = value ? echo_of(*value) : Bytes(label);
  if (const auto wanted = value ? value->member("response_format") : std::nullopt)
    text = in_format(*wanted, text);
  json::Writer out;
  out.begin_object().member("id", "sandbox-" + item.custom_id);
  if (item.path == "/embeddings") {
    out.member("object", "list").member("model", item.model);
    append_embedding(out);
    append_usage(out, "prompt_tokens", {}, asked.size(), 0);
  } else if (item.path == "/responses") {
    out.member("object", "response").member("model", item.model);
    append_response(out, text);
    append_usage(out, "input_tokens", "output_tokens", asked.size(), text.size());
  } else {
    const bool chat = item.path == "/chat/completions";
    out.member("object", chat ? "chat.completion" : "text_completion").member("model", item.model);
    append_chat(out, text, chat);
    append_usage(out, "prompt_tokens", "completion_tokens", asked.size(), text.size());
  }
  out.key("sandbox").boolean(true).end_object();
  return {.status = 200, .request_id = {}, .body = out.take()};
}

}  // namespace edgebatch::dialects
