#include "core/dialects/chat_stream.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/growing.hpp"
#include "core/dialects/line_format.hpp"
#include "core/json/grammar.hpp"
#include "core/json/outline.hpp"
#include "core/json/writer.hpp"
#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::dialects {

namespace {

using json::Outline;
using Node = Outline::Node;

constexpr View spaces = " \t\n\r";

// What is replaced in a delta, not joined: some providers repeat it.
constexpr std::array<View, 4> whole_strings{"role", "name", "id", "type"};

// Of a chunk: what says nothing of the answer, or is folded by itself.
constexpr std::array<View, 4> not_kept{"object", "obfuscation", "error", "choices"};

bool is_object(View value) { return value.starts_with('{'); }
bool is_array(View value) { return value.starts_with('['); }
bool says_something(View value) { return !value.empty() && value != "null" && value != "\"\""; }

// The element of that index in a list that is kept in order; made if it isn't there.
template <class T>
T& at_index(std::vector<T>& list, std::uint64_t index) {
  const auto found = std::ranges::lower_bound(list, index, {}, &T::index);
  if (found != list.end() && found->index == index) return *found;
  T made;
  made.index = index;
  return *list.insert(found, std::move(made));
}

// What status an error in the middle of a stream would have had before its begin. Providers say it
// as the error's `code`; what clients do wrong is worth no other try, all else may be.
std::uint32_t status_of(View error) {
  for (const View name : {"status", "status_code", "code"}) {
    const auto code = text::parse_decimal(json::find_member(error, name).value_or(""));
    if (code && *code >= 400 && *code < 600) return static_cast<std::uint32_t>(*code);
  }
  return json::find_member(error, "type") == "\"invalid_request_error\"" ? 400 : 500;
}

}  // namespace

bool streamable(const Item& item) {
  return item.path == "/chat/completions" &&
         json::find_member(item.body, "audio").value_or("null") == "null";
}

bool is_event_stream(std::uint32_t status, View content_type) {
  const View essence = text::trimmed(content_type.substr(0, content_type.find(';')));
  return status >= 200 && status < 300 && text::equal_ignoring_case(essence, "text/event-stream");
}

bool ChatStream::Choice::finished() const { return says_something(own.value("finish_reason")); }

bool ChatStream::Choice::overgrown() const {
  return own.overgrown() || logprobs.overgrown() || message.overgrown() ||
         function_call.overgrown() || std::ranges::any_of(tool_calls, [](const ToolCall& call) {
           return call.own.overgrown() || call.function.overgrown() || call.custom.overgrown();
         });
}

bool ChatStream::whole() const {
  return any_ && (done_ || (!choices_.empty() && std::ranges::all_of(choices_, &Choice::finished)));
}

void ChatStream::fail(Unanswered why) {
  if (!failed()) why_ = why;
}

void ChatStream::feed(View piece) {
  if (over()) return;
  const bool fits = events_.feed(piece, [this](View type, View data) { see_event(type, data); });
  if (!fits) fail(Unanswered::too_large);
}

// ---- Events

void ChatStream::see_event(View type, View data) {
  if (over()) return;
  const std::size_t begin = std::min(data.find_first_not_of(spaces), data.size());
  data.remove_prefix(begin);
  if (data.empty()) return;
  if (data.starts_with("[DONE]")) {
    done_ = true;
    return;
  }
  if (type == "error") return see_error(data);
  if (!outline_.read(data, 4) || !is_object(outline_.root().value))
    return fail(Unanswered::not_json);
  const Node* const error = outline_.member(outline_.root(), "error");
  if (error != nullptr && says_something(error->value)) return see_error(data);
  see_chunk();
  if (room_.full()) fail(Unanswered::too_large);
}

// As the body that the answer would have had. Some send the error itself, or no more than a text.
void ChatStream::see_error(View data) {
  const View member = json::find_member(data, "error").value_or("");
  const View error = says_something(member) ? member : data;
  json::Writer out;
  out.begin_object().key("error");
  if (json::valid(error)) {
    out.raw(error);
  } else {
    out.begin_object().member("message", error).end_object();
  }
  out.end_object();
  error_ = {.status = status_of(error), .body = out.take()};
}

void ChatStream::see_chunk() {
  const Node& chunk = outline_.root();
  const Node* const choices = outline_.member(chunk, "choices");
  // Others are none of the answer's, such as signs of life.
  if (choices == nullptr && outline_.member(chunk, "usage") == nullptr) return;
  any_ = true;
  outline_.each(chunk, [this](const Node& member) {
    if (std::ranges::find(not_kept, member.name) == not_kept.end())
      own_.replace(room_, member.name, member.value);
  });
  if (own_.overgrown()) fail(Unanswered::not_json);
  if (choices != nullptr && is_array(choices->value))
    outline_.each(*choices, [this](const Node& choice) { see_choice(choice); });
}

void ChatStream::see_choice(const Node& node) {
  const Node* const stated = outline_.member(node, "index");
  const auto index = text::parse_decimal(stated == nullptr ? "0" : stated->value);
  if (!is_object(node.value) || !index || *index >= choices_count_max)
    return fail(Unanswered::not_json);

  Choice& choice = at_index(choices_, *index);
  const Node* const delta = outline_.member(node, "delta");
  outline_.each(node, [&](const Node& member) {
    if (member.name == "logprobs") {
      choice.has_logprobs = true;
      outline_.each(member, [&](const Node& inner) {
        if (inner.is_member) choice.logprobs.join(room_, inner.name, inner.value);
      });
    } else if (member.name == "delta" || (member.name == "message" && delta == nullptr)) {
      see_delta(choice, member);  // Some stream whole messages, in one chunk.
    } else if (member.name != "index" && member.name != "message") {
      choice.own.replace(room_, member.name, member.value);
    }
  });
  if (choice.overgrown()) fail(Unanswered::not_json);
}

void ChatStream::see_delta(Choice& choice, const Node& delta) {
  if (!is_object(delta.value)) return;
  outline_.each(delta, [&](const Node& member) {
    const View name = member.name;
    const View value = member.value;
    if (name == "tool_calls") {
      if (is_array(value)) see_tool_calls(choice, value);
    } else if (name == "function_call") {
      if (!calls_outline_.read(value, 1)) return fail(Unanswered::not_json);
      join_call(choice.function_call, calls_outline_.root());
    } else if (name == "audio" && value != "null") {
      fail(Unanswered::not_json);  // Not asked for: see `streamable`.
    } else if (std::ranges::find(whole_strings, name) != whole_strings.end()) {
      choice.message.replace(room_, name, value);
    } else {
      choice.message.join(room_, name, value);
    }
  });
}

void ChatStream::see_tool_calls(Choice& choice, View calls) {
  if (!calls_outline_.read(calls, 3)) return fail(Unanswered::not_json);
  calls_outline_.each(calls_outline_.root(),
                      [&](const Node& call) { see_tool_call(choice, call); });
}

void ChatStream::see_tool_call(Choice& choice, const Node& node) {
  const auto index = tool_call_index(choice, node);
  if (!is_object(node.value) || !index || *index >= tool_calls_count_max)
    return fail(Unanswered::not_json);

  ToolCall& call = at_index(choice.tool_calls, *index);
  calls_outline_.each(node, [&](const Node& member) {
    if (member.name == "function") {
      join_call(call.function, member);
    } else if (member.name == "custom") {
      join_call(call.custom, member);
    } else if (member.name != "index") {
      call.own.replace(room_, member.name, member.value);
    }
  });
}

// Some providers leave it out: then a call begins with another id.
std::optional<std::uint64_t> ChatStream::tool_call_index(const Choice& choice,
                                                         const Node& call) const {
  if (const Node* const index = calls_outline_.member(call, "index");
      index != nullptr && index->value != "null")
    return text::parse_decimal(index->value);
  if (choice.tool_calls.empty()) return 0;
  const ToolCall& last = choice.tool_calls.back();
  const Node* const id = calls_outline_.member(call, "id");
  const bool another =
      id != nullptr && says_something(id->value) && id->value != last.own.value("id");
  return another ? last.index + 1 : last.index;
}

void ChatStream::join_call(Growing& object, const Node& delta) {
  if (!is_object(delta.value)) return;
  calls_outline_.each(delta, [&](const Node& member) {
    if (member.name == "name") {
      object.replace(room_, member.name, member.value);
    } else {
      object.join(room_, member.name, member.value);
    }
  });
}

// ---- The object

std::variant<Folded, Unanswered> ChatStream::finish() {
  if (error_) return std::move(*error_);
  if (why_) return *why_;
  if (!any_ && (done_ || events_.foreign())) return Unanswered::not_json;
  if (!whole()) return Unanswered::unreachable;

  json::Writer out;
  out.begin_object();
  own_.write_first(out, "id");
  out.member("object", "chat.completion");
  own_.write_first(out, "created");
  own_.write_first(out, "model");
  out.key("choices").begin_array();
  for (Choice& choice : choices_) {
    write(out, choice);
    choice = {};  // What is written needn't be kept twice.
  }
  out.end_array();
  own_.write_rest(out);
  out.end_object();
  return Folded{.status = 200, .body = out.take()};
}

void ChatStream::write(json::Writer& out, Choice& choice) {
  out.begin_object().key("index").raw(text::decimal(choice.index));
  out.key("message").begin_object();
  choice.message.write_first(out, "role", R"("assistant")");
  choice.message.write_first(out, "content", "null");
  choice.message.write_first(out, "refusal", "null");
  if (!choice.tool_calls.empty()) {
    out.key("tool_calls").begin_array();
    for (ToolCall& call : choice.tool_calls) write(out, call);
    out.end_array();
  }
  if (!choice.function_call.empty()) write_call(out, "function_call", choice.function_call);
  choice.message.write_rest(out);
  out.end_object();
  if (choice.has_logprobs) {
    out.key("logprobs");
    if (choice.logprobs.empty()) {
      out.null();
    } else {
      out.begin_object();
      choice.logprobs.write_rest(out);
      out.end_object();
    }
  }
  choice.own.write_first(out, "finish_reason", "null");
  choice.own.write_rest(out);
  out.end_object();
}

void ChatStream::write(json::Writer& out, ToolCall& call) {
  out.begin_object();
  call.own.write_first(out, "id");
  call.own.write_first(out, "type");
  if (!call.function.empty()) write_call(out, "function", call.function);
  if (!call.custom.empty()) {
    out.key("custom").begin_object();
    call.custom.write_rest(out);
    out.end_object();
  }
  call.own.write_rest(out);
  out.end_object();
}

// One without arguments has an empty text of them.
void ChatStream::write_call(json::Writer& out, View name, Growing& call) {
  out.key(name).begin_object();
  call.write_first(out, "name");
  call.write_first(out, "arguments", R"("")");
  call.write_rest(out);
  out.end_object();
}

}  // namespace edgebatch::dialects
