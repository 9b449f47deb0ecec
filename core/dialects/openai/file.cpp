#include "core/dialects/openai/file.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/dialects/file_view.hpp"
#include "core/dialects/openai/create.hpp"
#include "core/dialects/openai/line.hpp"
#include "core/dialects/openai/list.hpp"
#include "core/dialects/openai/nullable.hpp"
#include "core/dialects/result_file.hpp"
#include "core/json/writer.hpp"
#include "core/problem/excerpt.hpp"
#include "core/problem/parameter.hpp"
#include "core/problem/problem.hpp"
#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/time.hpp"

namespace edgebatch::dialects::openai {

namespace {

constexpr View anchor_name = "expires_after[anchor]";
constexpr View seconds_name = "expires_after[seconds]";
constexpr std::array<View, 6> purposes{"assistants", "batch",     "fine-tune",
                                       "vision",     "user_data", "evals"};

void append_file(json::Writer& out, const ShownFile& file) {
  const FileView& view = file.view;
  out.begin_object();
  out.member("id", view.id);
  out.member("object", "file");
  out.integer_member("bytes", static_cast<std::int64_t>(view.bytes));
  out.integer_member("created_at", seconds(view.created_at_ms));
  out.integer_member("expires_at", seconds(view.expires_at_ms));
  out.member("filename", view.name);
  out.member("purpose", view.purpose);
  out.member("status", "processed");
  out.null_member("status_details");
  if (!file.sha256.empty()) out.member("sha256", file.sha256);  // Ours.
  out.end_object();
}

Problem bad_seconds(View given) {
  return problem::bad_value(seconds_name, "Invalid value: '" + problem::excerpt(given) +
                                              "'. Expected an integer from " +
                                              text::decimal(expires_after_s_min) + " to " +
                                              text::decimal(expires_after_s_max) + ".");
}

std::optional<Problem> check_purpose(const UploadForm& form) {
  if (!form.purpose || form.purpose->empty()) return problem::missing("purpose");
  if (std::ranges::find(purposes, *form.purpose) != purposes.end()) return std::nullopt;
  return problem::unsupported_value("purpose", *form.purpose, {purposes.begin(), purposes.end()});
}

// Anchor and seconds come together or not at all.
Or<std::optional<Ms>> check_expiry(const UploadForm& form) {
  if (!form.expires_after_anchor && !form.expires_after_seconds) return std::optional<Ms>();
  if (!form.expires_after_anchor) return problem::missing(anchor_name);
  if (!form.expires_after_seconds) return problem::missing(seconds_name);
  if (*form.expires_after_anchor != "created_at")
    return problem::unsupported_value(anchor_name, *form.expires_after_anchor, {"created_at"});
  const auto life_s = text::parse_decimal(*form.expires_after_seconds);
  if (!life_s || *life_s < expires_after_s_min || *life_s > expires_after_s_max)
    return bad_seconds(*form.expires_after_seconds);
  return std::optional<Ms>(static_cast<Ms>(*life_s) * text::second_ms);
}

// SDKs name bare bytes `upload`: only another extension is refused.
bool has_another_extension(View filename) {
  const std::size_t dot = filename.rfind('.');
  return dot != View::npos && !text::equal_ignoring_case(filename.substr(dot), ".jsonl");
}

}  // namespace

ResultFile result_file(unsigned stream, View batch_id) {
  const View suffix = stream == output_stream ? "_output.jsonl" : "_error.jsonl";
  return {Bytes(file_id_prefix), Bytes(batch_id).append(suffix), "batch_output"};
}

Bytes file_json(const ShownFile& file) {
  json::Writer out;
  append_file(out, file);
  return out.take();
}

Bytes file_list_json(const std::vector<ShownFile>& files, bool has_more) {
  json::Writer out;
  append_list_head(out);
  for (const ShownFile& file : files) append_file(out, file);
  const bool empty = files.empty();
  return finish_list(out, empty ? View() : View(files.front().view.id),
                     empty ? View() : View(files.back().view.id), has_more);
}

Bytes deleted_file_json(View id) {
  json::Writer out;
  out.begin_object().member("id", id).member("object", "file").key("deleted").boolean(true);
  out.end_object();
  return out.take();
}

void UploadForm::take(View name, View value) {
  if (name == "purpose") purpose = Bytes(value);
  if (name == anchor_name) expires_after_anchor = Bytes(value);
  if (name == seconds_name) expires_after_seconds = Bytes(value);
}

Or<UploadTerms> check_form(const UploadForm& form, View filename) {
  if (auto wrong = check_purpose(form)) return *wrong;
  const bool is_batch_input = *form.purpose == "batch";
  if (is_batch_input && has_another_extension(filename))
    return Problem{ProblemCode::file_name, {}, {}};

  const auto expiry = check_expiry(form);
  if (const auto* wrong = std::get_if<Problem>(&expiry)) return *wrong;
  auto life_ms = *std::get_if<std::optional<Ms>>(&expiry);
  if (!life_ms && is_batch_input) life_ms = batch_file_life_ms;
  return UploadTerms{*form.purpose, life_ms};
}

}  // namespace edgebatch::dialects::openai
