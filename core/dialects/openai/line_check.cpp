#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

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
using validation::Column;
using validation::ErrorCode;
using validation::Fault;
using validation::Line;
using validation::LineError;
using validation::Member;
using Errors = std::vector<LineError>;

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

View in_words(InputKind kind) {
  switch (kind) {
    case InputKind::array: return "an array";
    case InputKind::string: return "a string";
    case InputKind::string_or_array: break;
  }
  return "a string or an array";
}

Bytes wrong_type(View expected, Kind got) {
  return Bytes("expected ")
      .append(expected)
      .append(", but got ")
      .append(in_words(got))
      .append(" instead");
}

bool missing(const Member& member) { return !member.present || member.kind == Kind::null; }

bool accepts(InputKind wanted, Kind kind) {
  return (kind == Kind::string && wanted != InputKind::array) ||
         (kind == Kind::array && wanted != InputKind::string);
}

ErrorCode code_of(Fault fault) {
  switch (fault) {
    case Fault::blank: return ErrorCode::blank_line;
    case Fault::not_utf8: return ErrorCode::not_utf8;
    case Fault::not_object: return ErrorCode::wrong_type;
    case Fault::too_deep: return ErrorCode::line_too_deep;
    case Fault::too_long: return ErrorCode::line_too_long;
    case Fault::too_many_members: return ErrorCode::too_many_members;
    case Fault::none:
    case Fault::not_json: break;
  }
  return ErrorCode::invalid_json_line;
}

// `body.model` → `/body/model`: names here have nothing to be escaped.
Bytes pointer_of(View param) {
  Bytes pointer = "/" + Bytes(param);
  std::ranges::replace(pointer, '.', '/');
  return pointer;
}

class Checker {
 public:
  Checker(const Line& line, const Expected& expected, Errors& errors)
      : line_(line), expected_(expected), errors_(errors) {}

  void run() {
    if (line_.fault != Fault::none) return add_fault();
    if (line_.repeated.bytes != 0) {
      add(line_.repeated, ErrorCode::repeated_member, "", line_.pointer);
      errors_.back().pointer = line_.pointer;
    }
    check_custom_id();
    check_method();
    check_url();
    check_body();
  }

  void check_custom_id() {
    const Member& id = line_.custom_id;
    if (!is_string(id, line_.begin, "custom_id", ErrorCode::missing_member)) return;
    if (id.too_long || id.text.size() > custom_id_bytes_max)
      add(id.column, ErrorCode::custom_id_too_long, "custom_id");
  }

 private:
  void add(Column place, ErrorCode code, View param, Bytes detail = {}) {
    errors_.push_back(error_at(line_, place, code, param, std::move(detail)));
  }

  void add_fault() {
    Bytes detail;
    if (line_.fault == Fault::not_object) detail = "expected an object";
    if (line_.fault == Fault::not_json)
      detail = text::decimal(static_cast<std::uint64_t>(line_.wanted));
    add(line_.fault_column, code_of(line_.fault), "", std::move(detail));
    errors_.back().pointer = line_.pointer;
  }

  // Whether it is a string that isn't empty; says else why not.
  bool is_string(const Member& member, Column parent, View param, ErrorCode if_missing) {
    if (member.present && member.kind == Kind::string && !member.text.empty()) return true;
    if (missing(member)) {
      add(member.present ? member.column : parent, if_missing, param);
    } else if (member.kind != Kind::string) {
      add(member.column, ErrorCode::wrong_type, param, wrong_type("a string", member.kind));
    } else {
      add(member.column, if_missing, param);
    }
    return false;
  }

  void check_method() {
    const Member& method = line_.method;
    if (!is_string(method, line_.begin, "method", ErrorCode::missing_member)) return;
    if (method.text != "POST")
      add(method.column, ErrorCode::method_not_post, "method", problem::excerpt(method.text));
  }

  void check_url() {
    const Member& url = line_.url;
    if (!is_string(url, line_.begin, "url", ErrorCode::missing_member)) return;
    if (!expected_.endpoint.empty() && url.text != expected_.endpoint)
      return add(url.column, ErrorCode::url_mismatch, "url", problem::excerpt(url.text));
    endpoint_ = find_endpoint(url.text);
    if (endpoint_ == nullptr)
      add(url.column, ErrorCode::url_unsupported, "url", problem::excerpt(url.text));
  }

  void check_body() {
    const Member& body = line_.body;
    if (missing(body))
      return add(body.present ? body.column : line_.begin, ErrorCode::missing_member, "body");
    if (body.kind != Kind::object)
      return add(body.column, ErrorCode::wrong_type, "body", wrong_type("an object", body.kind));
    check_model();
    if (endpoint_ == nullptr) return;  // What it would have to be isn't known.
    check_input();
    if (line_.stream.is_true)
      add(line_.stream.column, ErrorCode::streaming_unsupported, "body.stream",
          Bytes(endpoint_->product));
  }

  void check_model() {
    const Member& model = line_.model;
    if (!is_string(model, line_.body.column, "body.model", ErrorCode::model_missing)) return;
    const bool is_jobs = model.text == expected_.job_model && !model.too_long;
    if (!expected_.job_model.empty() && !is_jobs)
      return add(model.column, ErrorCode::job_model_mismatch, "body.model",
                 problem::excerpt(expected_.job_model));
    // A name that is cut off can't be compared with others, and nobody serves one of that size.
    if (model.too_long || (expected_.serves && !expected_.serves(model.text)))
      add(model.column, ErrorCode::model_not_served, "body.model", problem::excerpt(model.text));
  }

  void check_input() {
    const Member& input = line_.*endpoint_->input;
    if (!missing(input) && accepts(endpoint_->input_kind, input.kind)) return;
    const Bytes param = "body." + Bytes(endpoint_->input_name);
    if (!missing(input))
      return add(input.column, ErrorCode::wrong_type, param,
                 wrong_type(in_words(endpoint_->input_kind), input.kind));
    if (endpoint_->instead != nullptr && !missing(line_.*endpoint_->instead)) return;
    add(input.present ? input.column : line_.body.column, ErrorCode::input_missing, param,
        Bytes(endpoint_->input_name));
  }

  const Line& line_;
  const Expected& expected_;
  Errors& errors_;
  const Endpoint* endpoint_ = nullptr;  // The url's, if that is right.
};

}  // namespace

LineError error_at(const Line& line, Column place, ErrorCode code, View param, Bytes detail) {
  return {.line = line.number,
          .code = code,
          .param = Bytes(param),
          .detail = std::move(detail),
          .byte_column = place.bytes,
          .column = place.characters,
          .offset = line.offset + place.bytes - 1,
          .pointer = param.empty() ? Bytes() : pointer_of(param)};
}

void check(const Line& line, const Expected& expected, Errors& errors) {
  Checker(line, expected, errors).run();
}

void check_like_last(const Line& line, const Expected& expected, Errors& errors) {
  Checker(line, expected, errors).check_custom_id();
}

}  // namespace edgebatch::dialects::openai
