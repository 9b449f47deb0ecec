#include "core/dialects/datagrid/file.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include "core/dialects/file_view.hpp"
#include "core/json/value.hpp"
#include "core/json/writer.hpp"
#include "core/problem/excerpt.hpp"
#include "core/problem/parameter.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/time.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

constexpr View expires_after = "expires_after";

void append_file(json::Writer& out, const ShownFile& file) {
  const FileView& view = file.view;
  out.begin_object();
  out.member("object", "file");
  out.member("id", view.id);
  out.member("filename", view.name);
  out.member("media_type", view.media_type);
  out.member("created_at", text::iso8601(view.created_at_ms));
  out.key("expires_at");
  view.expires_at_ms ? out.string(text::iso8601(*view.expires_at_ms)) : out.null();
  out.null_member("credits");                                   // There are none here.
  if (!file.sha256.empty()) out.member("sha256", file.sha256);  // Ours.
  out.end_object();
}

Or<std::optional<Ms>> life(std::optional<std::uint64_t> seconds, View given) {
  if (seconds && *seconds > 0 && *seconds <= expires_after_s_max)
    return std::optional(static_cast<Ms>(*seconds) * text::second_ms);
  return problem::bad_value(expires_after, "Invalid value: '" + problem::excerpt(given) +
                                               "'. Expected a whole number of seconds from 1 to " +
                                               text::decimal(expires_after_s_max) + ".");
}

bool blank(View text) { return text.find_first_not_of(" \t\n\r") == View::npos; }

}  // namespace

Bytes file_json(const ShownFile& file) {
  json::Writer out;
  append_file(out, file);
  return out.take();
}

Bytes file_list_json(const std::vector<ShownFile>& files, bool has_more) {
  json::Writer out;
  out.begin_object().member("object", "list").key("data").begin_array();
  for (const ShownFile& file : files) append_file(out, file);
  out.end_array().key("has_more").boolean(has_more);
  out.end_object();
  return out.take();
}

Or<std::optional<Ms>> check_expires_after(std::optional<View> field) {
  if (!field || field->empty()) return std::optional<Ms>();
  return life(text::parse_decimal(*field), *field);
}

Or<std::optional<Ms>> parse_update(View body) {
  if (blank(body)) return std::optional<Ms>();
  const auto update = json::Value::parse(body);
  if (!update) return Problem{.code = ProblemCode::body_not_json};
  if (update->kind() != json::Kind::object) return Problem{.code = ProblemCode::body_not_object};

  const auto value = update->member(expires_after);
  if (!value || value->is_null()) return std::optional<Ms>();
  if (value->kind_in_words() != "an integer")
    return problem::wrong_type(expires_after, "an integer", value->kind_in_words());
  return life(text::parse_decimal(value->canonical()), value->canonical());
}

}  // namespace edgebatch::dialects::datagrid
