#include "handlers/gateway/upload.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "core/dialects/content.hpp"
#include "core/dialects/datagrid/file.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/openai/file.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/http/multipart.hpp"
#include "core/http/stored_stream.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::gateway {

using http::MultipartFault;

namespace {

Problem malformed(MultipartFault fault) {
  return {.code = ProblemCode::form_malformed, .detail = Bytes(http::describe(fault))};
}

}  // namespace

void Upload::feed(View piece) {
  const auto fault = reader_.feed(piece, [this](const http::PartEvent& event) { take(event); });
  if (fault != MultipartFault::none && !problem_) problem_ = malformed(fault);
  fed_bytes_ += piece.size();
}

void Upload::take(const http::PartEvent& event) {
  if (const auto* begin = std::get_if<http::PartBegin>(&event)) {
    part_ = *begin;
    field_.clear();
    in_file_ = part_.name == "file" && !filename_;  // The first one counts.
    if (!in_file_) return;
    filename_ = part_.filename.value_or("");
    declared_type_ = part_.content_type;
    file_from_ = part_.offset;
  } else if (const auto* data = std::get_if<http::PartData>(&event)) {
    if (in_file_) {
      take_file_bytes(data->bytes);
    } else if (field_.size() + data->bytes.size() <= form_field_bytes_max) {
      field_ += data->bytes;
    } else if (!problem_) {
      problem_ = Problem{.code = ProblemCode::body_too_large,
                         .detail = text::decimal(form_field_bytes_max)};
    }
  } else if (in_file_) {
    file_ended_ = true;
  } else {
    take_field();
  }
}

void Upload::take_field() {
  form_.take(part_.name, field_);
  if (part_.name == "expires_after") expires_after_ = field_;
}

void Upload::take_file_bytes(View bytes) {
  file_bytes_ += bytes.size();
  if (file_bytes_ > dialects::openai::file_bytes_max && !problem_)
    problem_ = Problem{.code = ProblemCode::file_too_large,
                       .param = "file",
                       .detail = text::decimal(dialects::openai::file_bytes_max)};
  if (problem_) return;
  if (may_be_batch_input()) inspector_.feed(bytes);
  if (may_be_datagrids()) content_.feed(bytes);
}

std::optional<Upload::Range> Upload::take_part() {
  const std::uint64_t left = file_bytes_ - stored_bytes_;
  const bool enough = left >= http::part_bytes || (file_ended_ && left > 0);
  if (problem_ || !enough) return std::nullopt;
  const std::uint64_t from = file_from_ + stored_bytes_;
  stored_bytes_ += std::min(left, http::part_bytes);
  return Range{.from = from, .to = file_from_ + stored_bytes_};
}

std::optional<std::uint64_t> Upload::needed_from() const {
  if (problem_ || (file_ended_ && stored_bytes_ == file_bytes_)) return std::nullopt;
  return filename_ ? file_from_ + stored_bytes_ : fed_bytes_;
}

std::optional<dialects::Dialect> Upload::dialect() const {
  if (dialect_) return dialect_;
  if (form_.purpose) return dialects::Dialect::openai;
  if (whole_) return dialects::Dialect::datagrid;
  return std::nullopt;
}

Or<Upload::Accepted> Upload::finish() {
  const auto fault = reader_.finish();
  if (problem_) return *problem_;
  if (fault != MultipartFault::none) return malformed(fault);
  whole_ = true;
  if (!filename_) return Problem{.code = ProblemCode::file_part_missing, .param = "file"};
  return dialect() == dialects::Dialect::datagrid ? accept_for_datagrid() : accept_for_openai();
}

Or<Upload::Accepted> Upload::accept_for_openai() {
  const Bytes filename = filename_.value_or("");
  auto terms = dialects::openai::check_form(form_, filename);
  if (const auto* problem = std::get_if<Problem>(&terms)) return *problem;
  auto& [purpose, life_ms] = std::get<dialects::openai::UploadTerms>(terms);
  Accepted accepted{.view = {.id = {},
                             .name = filename,
                             .purpose = std::move(purpose),
                             .bytes = file_bytes_,
                             .created_at_ms = 0,
                             .expires_at_ms = {}},
                    .life_ms = life_ms,
                    .inspection = {}};
  if (file_bytes_ == 0) return Problem{.code = ProblemCode::file_empty, .param = "file"};
  if (accepted.view.purpose == "batch") {
    accepted.inspection = inspector_.finish();
    if (auto problem = check_input(accepted.inspection->verdict)) return *problem;
  }
  return accepted;
}

Or<Upload::Accepted> Upload::accept_for_datagrid() const {
  const Bytes filename = filename_.value_or("");
  const auto life_ms = dialects::datagrid::check_expires_after(expires_after_);
  if (const auto* problem = std::get_if<Problem>(&life_ms)) return *problem;
  if (file_bytes_ == 0)
    return Problem{.code = ProblemCode::parameter_value,
                   .param = "file",
                   .detail = "The file is empty: it must have at least one byte."};
  const dialects::Content content = content_.content();
  return Accepted{
      .view = {.id = {},
               .name = filename,
               .purpose = {},
               .bytes = file_bytes_,
               .created_at_ms = 0,
               .expires_at_ms = {},
               .dialect = dialects::Dialect::datagrid,
               .media_type = dialects::shown_media_type(content, declared_type_, filename),
               .content = content,
               .json_text_bytes = content_.json_text_bytes()},
      .life_ms = std::get<std::optional<Ms>>(life_ms),
      .inspection = {}};
}

std::optional<Problem> Upload::check_input(const validation::Verdict& verdict) const {
  using dialects::openai::input_bytes_max;
  if (file_bytes_ > input_bytes_max)
    return Problem{.code = ProblemCode::file_too_large,
                   .param = "file",
                   .detail = text::decimal(input_bytes_max)};
  if (!verdict.utf8) return Problem{.code = ProblemCode::file_not_utf8, .param = "file"};
  if (!verdict.starts_as_json) return Problem{.code = ProblemCode::file_not_json, .param = "file"};
  return std::nullopt;
}

}  // namespace edgebatch::gateway
