#include "core/dialects/openai/create.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/dialects/openai/endpoints.hpp"
#include "core/json/value.hpp"
#include "core/problem/parameter.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::dialects::openai {

namespace {

using json::Value;
using Wrong = std::optional<Problem>;

// A member that is null is the same as none.
std::optional<Value> given(const Value& object, View name) {
  auto value = object.member(name);
  if (value && value->is_null()) value.reset();
  return value;
}

// A required string that isn't empty.
Wrong take_string(const Value& object, View name, View param, Bytes& out) {
  const auto value = given(object, name);
  if (!value) return problem::missing(param);
  const auto text = value->string();
  if (!text) return problem::wrong_type(param, "a string", value->kind_in_words());
  if (text->empty()) return problem::missing(param);
  out = *text;
  return std::nullopt;
}

Wrong take_input_file(const Value& body, CreateBatch& out) {
  if (auto wrong = take_string(body, "input_file_id", "input_file_id", out.input_file_id))
    return wrong;
  if (out.input_file_id.size() <= input_file_id_bytes_max) return std::nullopt;
  return problem::bad_value("input_file_id",
                            "Invalid 'input_file_id': string too long. Expected the id of an "
                            "uploaded file, as `POST /files` returned it.");
}

Wrong take_endpoint(const Value& body, CreateBatch& out) {
  Bytes url;
  if (auto wrong = take_string(body, "endpoint", "endpoint", url)) return wrong;
  // Impala's reference prints endpoints without their leading slash.
  out.endpoint = url.starts_with('/') ? url : "/" + url;
  if (is_endpoint(out.endpoint)) return std::nullopt;
  const auto urls = endpoints();
  return problem::unsupported_value("endpoint", url, {urls.begin(), urls.end()});
}

Wrong take_window(const Value& body, const CreateRules& rules, CreateBatch& out) {
  if (auto wrong =
          take_string(body, "completion_window", "completion_window", out.completion_window))
    return wrong;
  std::vector<View> windows(rules.windows.begin(), rules.windows.end());
  if (rules.strict) windows = {unlimited_window};
  if (std::ranges::find(windows, out.completion_window) != windows.end()) return std::nullopt;
  return problem::unsupported_value("completion_window", out.completion_window, windows);
}

Wrong take_job(const Value& body, const CreateRules& rules, CreateBatch& out) {
  const auto value = given(body, "job_id");
  if (!value) return rules.strict ? Wrong(problem::missing("job_id")) : std::nullopt;
  const auto text = value->string();
  if (!text) return problem::wrong_type("job_id", "a string", value->kind_in_words());
  if (text->empty() || text->size() > job_id_bytes_max)
    return problem::bad_value("job_id", "Invalid 'job_id': expected a string of 1 to " +
                                            text::decimal(job_id_bytes_max) + " bytes.");
  out.job_id = *text;
  return std::nullopt;
}

Wrong too_large(View param, View what, std::size_t size, std::size_t size_max, View unit) {
  Bytes sentence = "Invalid '" + Bytes(param) + "': ";
  sentence.append(what).append(" of ").append(text::decimal(size)).append(" ").append(unit);
  sentence.append(", but at most ").append(text::decimal(size_max)).append(" are allowed.");
  return problem::bad_value(param, sentence);
}

Wrong take_metadata_entry(const Bytes& key, const Value& value, CreateBatch& out) {
  const std::size_t key_chars = text::utf8_length(key);
  if (key_chars > metadata_key_chars_max)
    return too_large("metadata", "a key", key_chars, metadata_key_chars_max, "characters");
  const Bytes param = "metadata." + key;
  const auto text = value.string();
  if (!text) return problem::wrong_type(param, "a string", value.kind_in_words());
  const std::size_t value_chars = text::utf8_length(*text);
  if (value_chars > metadata_value_chars_max)
    return too_large(param, "a string", value_chars, metadata_value_chars_max, "characters");
  out.metadata.emplace_back(key, *text);
  return std::nullopt;
}

Wrong take_metadata(const Value& body, CreateBatch& out) {
  const auto metadata = given(body, "metadata");
  if (!metadata) return std::nullopt;
  if (metadata->kind() != json::Kind::object)
    return problem::wrong_type("metadata", "an object", metadata->kind_in_words());
  const auto members = metadata->members();
  if (members.size() > metadata_count_max)
    return too_large("metadata", "an object", members.size(), metadata_count_max, "keys");
  for (const auto& [key, value] : members)
    if (auto wrong = take_metadata_entry(key, value, out)) return wrong;
  return std::nullopt;
}

Wrong take_seconds(const Value& terms, CreateBatch& out) {
  constexpr View param = "output_expires_after.seconds";
  const auto value = given(terms, "seconds");
  if (!value) return problem::missing(param);
  const auto seconds = value->integer();
  if (!seconds) return problem::wrong_type(param, "an integer", value->kind_in_words());
  if (*seconds < std::int64_t{expires_after_s_min} || *seconds > std::int64_t{expires_after_s_max})
    return problem::bad_value(param, "Invalid value for '" + Bytes(param) +
                                         "': expected an integer from " +
                                         text::decimal(expires_after_s_min) + " to " +
                                         text::decimal(expires_after_s_max) + ".");
  out.output_expires_after_s = static_cast<std::uint64_t>(*seconds);
  return std::nullopt;
}

Wrong take_output_expiry(const Value& body, CreateBatch& out) {
  constexpr View anchor_param = "output_expires_after.anchor";
  const auto terms = given(body, "output_expires_after");
  if (!terms) return std::nullopt;
  if (terms->kind() != json::Kind::object)
    return problem::wrong_type("output_expires_after", "an object", terms->kind_in_words());
  Bytes anchor;
  if (auto wrong = take_string(*terms, "anchor", anchor_param, anchor)) return wrong;
  if (anchor != "created_at")
    return problem::unsupported_value(anchor_param, anchor, {"created_at"});
  return take_seconds(*terms, out);
}

}  // namespace

Or<CreateBatch> parse_create(View text, const CreateRules& rules) {
  const auto body = Value::parse(text);
  if (!body) return Problem{ProblemCode::body_not_json, {}, {}};
  if (body->kind() != json::Kind::object) return Problem{ProblemCode::body_not_object, {}, {}};

  CreateBatch out;
  if (auto wrong = take_input_file(*body, out)) return std::move(*wrong);
  if (auto wrong = take_endpoint(*body, out)) return std::move(*wrong);
  if (auto wrong = take_window(*body, rules, out)) return std::move(*wrong);
  if (auto wrong = take_job(*body, rules, out)) return std::move(*wrong);
  if (auto wrong = take_metadata(*body, out)) return std::move(*wrong);
  if (auto wrong = take_output_expiry(*body, out)) return std::move(*wrong);
  return out;
}

}  // namespace edgebatch::dialects::openai
