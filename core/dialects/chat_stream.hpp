// Streamed answers of chat completions, folded into the one object that the provider would have
// answered without streaming. They are asked for where answers take long: their response headers
// come early, and connections that wait for headers are few.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/dialects/growing.hpp"
#include "core/dialects/line_format.hpp"
#include "core/http/event_stream.hpp"
#include "core/json/outline.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

constexpr std::uint64_t choices_count_max = 128;     // As the vendor's SDK has it …
constexpr std::uint64_t tool_calls_count_max = 128;  // … of one choice, too.

/// Whether an item can be asked for as a stream: chat completions, but for those that speak, since
/// audio is streamed in another format than it is answered in.
bool streamable(const Item& item);

/// Whether a response's body is a stream to fold. Any other body is the answer as it is: errors
/// come as JSON, and so do the answers of providers that don't stream.
bool is_event_stream(std::uint32_t status, View content_type);

/// The answer that a stream was.
struct Folded {
  std::uint32_t status = 200;  // Or that of the error that it broke off with.
  Bytes body;
};

/// Every chunk is folded as it comes, so that memory grows with the answer alone. As SDKs do it:
///
/// - Of a chunk's own members, known or not, the last that says something counts: the usage comes
///   in the last chunk, and some chunks have an empty id. `obfuscation` goes with the stream.
/// - In a delta strings and arrays are joined, known or not (`content`, `refusal`,
///   `reasoning_content` …), but for names and the like, which some repeat. Of other values the
///   last counts.
/// - Tool calls are told apart by their `index`, or else by their `id`.
/// - `logprobs` are joined member by member. Of a choice's other members the last counts.
/// - Of members with the same name in one object the last counts.
class ChatStream {
 public:
  /// `bytes_max`: of what is folded, and of one event.
  explicit ChatStream(std::size_t bytes_max) : room_(bytes_max), events_(bytes_max) {}

  void feed(View piece);

  /// Nothing that may still come changes what it was: it can be broken off.
  bool over() const { return done_ || failed(); }

  /// What it was, once it has ended or broken off; to be asked once. An answer is whole if the
  /// stream said that it is over, or gave the `finish_reason` of every choice that it began. Why
  /// there is none: `unreachable` if it broke off, `too_large`, or `not_json` if these are no
  /// chunks of chat completions.
  std::variant<Folded, Unanswered> finish();

 private:
  struct ToolCall {
    std::uint64_t index = 0;
    Growing own;
    Growing function;
    Growing custom;
  };
  struct Choice {
    std::uint64_t index = 0;
    Growing own;
    bool has_logprobs = false;  // Perhaps null.
    Growing logprobs;
    Growing message;
    Growing function_call;
    std::vector<ToolCall> tool_calls;  // By their index.

    bool finished() const;
    bool overgrown() const;
  };
  using Node = json::Outline::Node;

  bool failed() const { return error_ || why_; }
  void fail(Unanswered why);
  bool whole() const;

  void see_event(View type, View data);
  void see_error(View data);
  void see_chunk();
  void see_choice(const Node& node);
  void see_delta(Choice& choice, const Node& delta);
  void see_tool_calls(Choice& choice, View calls);
  void see_tool_call(Choice& choice, const Node& call);
  std::optional<std::uint64_t> tool_call_index(const Choice& choice, const Node& call) const;
  void join_call(Growing& object, const Node& delta);

  static void write(json::Writer& out, Choice& choice);
  static void write(json::Writer& out, ToolCall& call);
  static void write_call(json::Writer& out, View name, Growing& call);

  Room room_;
  http::EventReader events_;
  json::Outline outline_;        // Of the event at hand …
  json::Outline calls_outline_;  // … and of its tool calls.
  Growing own_;                  // The chunks' own members.
  std::vector<Choice> choices_;  // By their index.
  bool any_ = false;             // A chunk has come.
  bool done_ = false;            // The stream said that it is over.
  std::optional<Folded> error_;
  std::optional<Unanswered> why_;
};

}  // namespace edgebatch::dialects
