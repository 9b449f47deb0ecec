#include "core/dialects/openai/line.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/dialects/line_format.hpp"
#include "core/dialects/openai/endpoints.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/dialects/usage.hpp"
#include "core/http/composed.hpp"
#include "core/json/grammar.hpp"
#include "core/json/writer.hpp"
#include "core/ledger/span.hpp"
#include "core/ndjson/compact.hpp"
#include "core/problem/excerpt.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/sha256.hpp"
#include "core/validation/line.hpp"
#include "core/validation/line_scanner.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::openai {

namespace {

constexpr std::size_t line_id_digits = 32;
constexpr std::size_t foreign_text_chars_max = 500;  // Code points of an answer that isn't JSON.

bool is_success(std::uint32_t status) { return status >= 200 && status < 300; }

// The same line of the same batch always has the same id, whoever writes it and how often.
Bytes line_id(View batch_id, std::uint32_t index) {
  const Bytes digest = text::sha256_hex(Bytes(batch_id) + "/" + text::decimal(index));
  return "batch_req_" + digest.substr(0, line_id_digits);
}

Bytes head(View batch_id, const Item& item) {
  Bytes out = R"({"id":")" + line_id(batch_id, item.index) + R"(","custom_id":)";
  json::append_string(out, item.custom_id);
  return out;
}

// `body` with `by` in the place of `part`, which lies in it.
Bytes replaced(View body, View part, View by) {
  const auto begin = static_cast<std::size_t>(part.data() - body.data());
  Bytes out;
  out.reserve(body.size() + by.size());
  out.append(body.substr(0, begin)).append(by).append(body.substr(begin + part.size()));
  return out;
}

// `body`, an object, with that member: replaced, or put in front of the others.
Bytes with_member(View body, View name, View value) {
  if (const auto found = json::find_member(body, name)) return replaced(body, *found, value);
  const std::size_t begin = body.find('{') + 1;
  const bool alone = body.find_first_not_of(" \t\n\r", begin) == body.find('}', begin);
  Bytes member = "\"" + Bytes(name) + "\":" + Bytes(value);
  if (!alone) member.push_back(',');
  return replaced(body, body.substr(begin, 0), member);
}

// Stands in for the body of an error that isn't JSON, such as a proxy's HTML page.
void append_foreign_error(Bytes& out, const Answer& answer) {
  const Bytes text = problem::excerpt(answer.body, foreign_text_chars_max);
  const Bytes message = text.empty() ? "The provider answered with status " +
                                           text::decimal(answer.status) + " and an empty body."
                                     : text;
  json::Writer error;
  error.begin_object().key("error").begin_object();
  error.member("message", message).member("type", "upstream_error");
  error.null_member("param").null_member("code");
  error.end_object().end_object();
  out.append(error.take());
}

struct Reason {
  View code;
  View message;
};

Reason reason(Unanswered why) {
  using enum Unanswered;
  switch (why) {
    case cancelled:
      return {"batch_cancelled", "This request was not executed because the batch was cancelled."};
    case expired:
      return {"batch_expired",
              "This request could not be executed before the completion window expired."};
    case refused:
      return {"batch_failed", "This request was not executed because the batch failed validation."};
    case unreachable:
      return {"upstream_unreachable", "The model provider could not be reached in any try."};
    case not_json:
      return {"upstream_invalid_response",
              "The model provider answered with something that is not JSON in every try."};
    case too_large:
      return {"upstream_response_too_large",
              "The model provider's answer was larger than a result line may be."};
    case given_up:
      return {"request_given_up",
              "This request was given up: whatever worked on it died, again and again."};
    case timed_out: break;
  }
  return {"upstream_timeout", "The model provider did not answer in time in any try."};
}

ledger::Counts counts_of(Unanswered why) {
  ledger::Counts counts;
  if (why == Unanswered::cancelled)
    counts.canceled = 1;
  else if (why == Unanswered::expired)
    counts.expired = 1;
  else
    counts.errored = 1;
  return counts;
}

class Lines final : public LineFormat {
 public:
  unsigned streams() const override { return 2; }

  std::optional<Item> read(View line, std::uint32_t index) const override {
    const validation::Line scanned = validation::scan_line(line);
    std::vector<validation::LineError> errors;
    check(scanned, {}, errors);
    if (!errors.empty()) return std::nullopt;
    Item item;
    item.index = index;
    item.custom_id = scanned.custom_id.text;
    item.path = scanned.url.text.substr(version_prefix.size());
    const auto& [begin, end] = scanned.body.extent;
    item.body = line.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
    item.model = scanned.model.text;
    return item;
  }

  http::Composed body(const Item& item, View own_name, Delivery delivery) const override {
    Bytes body = own_name == item.model ? item.body : with_model(item.body, own_name);
    if (delivery == Delivery::streamed) {
      body = with_member(body, "stream", "true");
      body = with_member(body, "stream_options", R"({"include_usage":true})");
    }
    return {std::move(body)};
  }

  std::optional<ResultLine> answered(View batch_id, const Item& item,
                                     const Answer& answer) const override {
    const bool success = is_success(answer.status);
    Bytes out = head(batch_id, item);
    out.append(R"(,"response":{"status_code":)").append(text::decimal(answer.status));
    out.append(R"(,"request_id":)");
    json::append_string(out, answer.request_id);
    out.append(R"(,"body":)");
    if (!ndjson::append_compact(out, answer.body)) {
      if (success) return std::nullopt;
      append_foreign_error(out, answer);
    }
    out.append(R"(},"error":null})");

    ResultLine line;
    line.stream = success ? output_stream : error_stream;
    line.text = std::move(out);
    (success ? line.counts.succeeded : line.counts.errored) = 1;
    if (success) line.usage = usage_of(answer.body);
    return line;
  }

  ResultLine unanswered(View batch_id, const Item& item, Unanswered why,
                        View detail) const override {
    const Reason because = reason(why);
    Bytes message(because.message);
    if (!detail.empty()) message.append(" ").append(detail);

    Bytes out = head(batch_id, item);
    out.append(R"(,"response":null,"error":{"code":)");
    json::append_string(out, because.code);
    out.append(R"(,"message":)");
    json::append_string(out, message);
    out.append("}}");

    ResultLine line;
    line.stream = error_stream;
    line.text = std::move(out);
    line.counts = counts_of(why);
    return line;
  }
};

}  // namespace

std::unique_ptr<const LineFormat> line_format() { return std::make_unique<Lines>(); }

Bytes with_model(View body, View model) {
  const auto value = json::find_member(body, "model");
  if (!value) return Bytes(body);
  Bytes name;
  json::append_string(name, model);
  return replaced(body, *value, name);
}

}  // namespace edgebatch::dialects::openai
