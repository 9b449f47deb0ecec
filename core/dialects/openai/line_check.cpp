#include <array>
#include <optional>
#include <utility>

#include "core/dialects/openai/endpoints.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/json/value.hpp"
#include "core/problem/excerpt.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/validation/line.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::openai {

namespace {

using json::Kind;
using validation::ErrorCode;
using validation::Fault;
using validation::Line;
using validation::LineError;
using validation::Member;
using Found = std::optional<LineError>;

LineError error(const Line& line, ErrorCode code, View param, Bytes detail = {}) {
  return {line.number, code, Bytes(param), std::move(detail)};
}

View in_words(Kind kind) {
  switch (kind) {
    case Kind::null: return "null";
    case Kind::boolean: return "a boolean";
    case Kind::number: return "a number";
    case Kind::string: return "a string";
    case Kind::array: return "an array";
    case Kind::object: return "an object";
  }
  return "something else";
}

LineError wrong_type(const Line& line, View param, View expected, Kind got) {
  Bytes detail = "expected ";
  detail.append(expected).append(", but got ").append(in_words(got)).append(" instead");
  return error(line, ErrorCode::wrong_type, param, std::move(detail));
}

bool missing(const Member& member) { return !member.present || member.kind == Kind::null; }

// A string that is there and isn't empty; else why not.
Found check_string(const Line& line, const Member& member, View param, ErrorCode if_missing) {
  if (missing(member)) return error(line, if_missing, param);
  if (member.kind != Kind::string) return wrong_type(line, param, "a string", member.kind);
  if (member.text.empty()) return error(line, if_missing, param);
  return std::nullopt;
}

ErrorCode code_of(Fault fault) {
  switch (fault) {
    case Fault::not_utf8: return ErrorCode::not_utf8;
    case Fault::not_object: return ErrorCode::wrong_type;
    case Fault::too_deep: return ErrorCode::line_too_deep;
    case Fault::too_long: return ErrorCode::line_too_long;
    case Fault::repeated_name: return ErrorCode::repeated_member;
    case Fault::none:
    case Fault::not_json: break;
  }
  return ErrorCode::invalid_json_line;
}

// ---- The rules, each for a line that has passed those before it

Found check_fault(const Line& line, const Expected& /*expected*/) {
  if (line.fault == Fault::none) return std::nullopt;
  return error(
      line, code_of(line.fault), "",
      line.fault == Fault::not_object ? "expected an object" : text::decimal(line.fault_column));
}

Found check_custom_id(const Line& line, const Expected& /*expected*/) {
  if (auto found = check_string(line, line.custom_id, "custom_id", ErrorCode::missing_member))
    return found;
  if (line.custom_id.too_long || line.custom_id.text.size() > custom_id_bytes_max)
    return error(line, ErrorCode::custom_id_too_long, "custom_id");
  return std::nullopt;
}

Found check_method(const Line& line, const Expected& /*expected*/) {
  if (auto found = check_string(line, line.method, "method", ErrorCode::missing_member))
    return found;
  if (line.method.text != "POST")
    return error(line, ErrorCode::method_not_post, "method", problem::excerpt(line.method.text));
  return std::nullopt;
}

Found check_url(const Line& line, const Expected& expected) {
  if (auto found = check_string(line, line.url, "url", ErrorCode::missing_member)) return found;
  const View url = line.url.text;
  if (!expected.endpoint.empty() && url != expected.endpoint)
    return error(line, ErrorCode::url_mismatch, "url", problem::excerpt(url));
  if (!is_endpoint(url))
    return error(line, ErrorCode::url_unsupported, "url", problem::excerpt(url));
  return std::nullopt;
}

Found check_body(const Line& line, const Expected& /*expected*/) {
  if (missing(line.body)) return error(line, ErrorCode::missing_member, "body");
  if (line.body.kind != Kind::object) return wrong_type(line, "body", "an object", line.body.kind);
  return std::nullopt;
}

Found check_model(const Line& line, const Expected& expected) {
  if (auto found = check_string(line, line.model, "body.model", ErrorCode::model_missing))
    return found;
  const bool is_jobs = line.model.text == expected.job_model && !line.model.too_long;
  if (!expected.job_model.empty() && !is_jobs)
    return error(line, ErrorCode::job_model_mismatch, "body.model",
                 problem::excerpt(expected.job_model));
  // A name that is cut off can't be compared with others, and nobody serves one of that size.
  if (line.model.too_long || (expected.serves && !expected.serves(line.model.text)))
    return error(line, ErrorCode::model_not_served, "body.model",
                 problem::excerpt(line.model.text));
  return std::nullopt;
}

View in_words(InputKind kind) {
  switch (kind) {
    case InputKind::array: return "an array";
    case InputKind::string: return "a string";
    case InputKind::string_or_array: break;
  }
  return "a string or an array";
}

bool accepts(InputKind wanted, Kind kind) {
  return (kind == Kind::string && wanted != InputKind::array) ||
         (kind == Kind::array && wanted != InputKind::string);
}

Found check_input(const Line& line, const Expected& /*expected*/) {
  const Endpoint& endpoint = *find_endpoint(line.url.text);
  const Member& input = line.*endpoint.input;
  const Bytes param = "body." + Bytes(endpoint.input_name);
  if (!missing(input)) {
    if (accepts(endpoint.input_kind, input.kind)) return std::nullopt;
    return wrong_type(line, param, in_words(endpoint.input_kind), input.kind);
  }
  if (endpoint.instead != nullptr && !missing(line.*endpoint.instead)) return std::nullopt;
  return error(line, ErrorCode::input_missing, param, Bytes(endpoint.input_name));
}

Found check_stream(const Line& line, const Expected& /*expected*/) {
  if (!line.stream.is_true) return std::nullopt;
  return error(line, ErrorCode::streaming_unsupported, "body.stream",
               Bytes(find_endpoint(line.url.text)->product));
}

using Rule = Found (*)(const Line&, const Expected&);
constexpr std::array<Rule, 8> rules{check_fault, check_custom_id, check_method, check_url,
                                    check_body,  check_model,     check_input,  check_stream};

}  // namespace

std::optional<LineError> check(const Line& line, const Expected& expected) {
  for (const Rule rule : rules)
    if (auto found = rule(line, expected)) return found;
  return std::nullopt;
}

}  // namespace edgebatch::dialects::openai
