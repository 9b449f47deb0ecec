#include "core/dialects/datagrid/prediction.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "core/dialects/datagrid/unwrap.hpp"
#include "core/json/elements.hpp"
#include "core/json/grammar.hpp"
#include "core/ndjson/compact.hpp"
#include "core/problem/excerpt.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

constexpr View spaces = " \t\n\r";
constexpr std::size_t reason_chars_max = 500;  // Code points of what a model or a provider says.

// The text of a string literal; nothing if it is another value.
std::optional<Bytes> string_of(std::optional<View> literal) {
  if (!literal || !literal->starts_with('"')) return std::nullopt;
  return json::unescape(literal->substr(1, literal->size() - 2));
}

std::optional<Bytes> string_member(View object, View name) {
  return string_of(json::find_member(object, name));
}

std::optional<View> first_choice(View body) {
  const auto choices = json::find_member(body, "choices");
  std::optional<View> first;
  if (choices) {
    json::each_element(*choices, [&first](View choice) {
      if (!first) first = choice;
    });
  }
  return first;
}

// A string, or a list of parts of which some are text.
Bytes text_of(View content) {
  if (auto text = string_of(content)) return std::move(*text);
  Bytes text;
  json::each_element(content,
                     [&text](View part) { text += string_member(part, "text").value_or(""); });
  return text;
}

std::optional<Output> object_in(View text) {
  const std::size_t begin = text.find_first_not_of(spaces);
  Output output;
  const bool found =
      begin != View::npos && text[begin] == '{' && ndjson::append_compact(output.json, text);
  if (!found) return std::nullopt;
  return output;
}

// Of a valid JSON text that isn't an object.
View kind_in_words(View json) {
  switch (json[json.find_first_not_of(spaces)]) {
    case '[': return "an array";
    case '"': return "a string";
    case 't':
    case 'f': return "a boolean";
    case 'n': return "null";
    default: return "a number";
  }
}

// Why the model stopped, where that explains an output that is none; else empty.
View broken_off(View choice) {
  const auto reason = string_member(choice, "finish_reason");
  if (reason == "length") return "The answer was cut off at the model's output limit.";
  if (reason == "content_filter") return "The provider's content filter stopped the answer.";
  return "";
}

// Of a text that isn't JSON.
View wrapped_in_words(Wrapped what) {
  switch (what) {
    case Wrapped::several: return "there are several in it";
    case Wrapped::in_array: return "it is in an array";
    case Wrapped::broken: return "what begins as one is no JSON";
    default: return "there is none in it";
  }
}

NoOutput no_object(View choice, View message, Bytes text, Wrapped what) {
  const auto refusal = string_member(message, "refusal");
  if (refusal && !refusal->empty())
    return {"The model refused: '" + problem::excerpt(*refusal, reason_chars_max) + "'."};
  if (const View why = broken_off(choice); !why.empty()) return {Bytes(why)};
  Bytes why;
  if (text.find_first_not_of(spaces) == View::npos)
    why = "The model's answer is empty.";
  else if (json::valid(text))
    why =
        "The model's answer is JSON, but " + Bytes(kind_in_words(text)) + " instead of an object.";
  else
    why = "The model's answer is not one JSON object: " + Bytes(wrapped_in_words(what)) +
          ". It begins: '" + problem::excerpt(text) + "'.";
  return {.why = std::move(why), .mendable = true, .said = std::move(text)};
}

}  // namespace

std::optional<Prediction> read_prediction(View answer_body) {
  const auto choice = first_choice(answer_body);
  if (!choice) {
    if (!json::valid(answer_body)) return std::nullopt;
    return NoOutput{"The provider's answer has no choices."};
  }
  const View message = json::find_member(*choice, "message").value_or("");
  Bytes text = text_of(json::find_member(message, "content").value_or(""));
  if (auto output = object_in(text)) return std::move(*output);
  Unwrapped found;
  // A string may well have an object in it; and what was cut off may be an example's.
  if (!json::valid(text) && broken_off(*choice).empty()) found = unwrap(text);
  if (auto output = object_in(found.object)) return std::move(*output);
  return no_object(*choice, message, std::move(text), found.what);
}

Bytes error_message(View answer_body) {
  const View error = json::find_member(answer_body, "error").value_or("");
  // `{"error":{"message"}}`, `{"error"}`, `{"message"}` and `{"detail"}` are all in use.
  const std::array said{string_member(error, "message"), string_of(error),
                        string_member(answer_body, "message"),
                        string_member(answer_body, "detail")};
  for (const auto& message : said)
    if (message && !message->empty()) return problem::excerpt(*message, reason_chars_max);
  return problem::excerpt(answer_body, reason_chars_max);
}

}  // namespace edgebatch::dialects::datagrid
