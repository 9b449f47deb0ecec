#include "handlers/gateway/upload.hpp"

#include <optional>
#include <utility>
#include <variant>

#include "core/dialects/openai/file.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/http/multipart.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/validation/verdict.hpp"
#include "handlers/ports/stored_stream.hpp"

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
}

void Upload::take(const http::PartEvent& event) {
  if (const auto* begin = std::get_if<http::PartBegin>(&event)) {
    part_ = *begin;
    field_.clear();
    in_file_ = part_.name == "file" && !filename_;
    if (in_file_) filename_ = part_.filename.value_or("");
  } else if (const auto* data = std::get_if<http::PartData>(&event)) {
    if (in_file_) {
      take_file_bytes(data->bytes);
    } else if (field_.size() + data->bytes.size() <= form_field_bytes_max) {
      field_ += data->bytes;
    } else if (!problem_) {
      problem_ = Problem{.code = ProblemCode::body_too_large,
                         .detail = text::decimal(form_field_bytes_max)};
    }
  } else if (!in_file_) {
    form_.take(part_.name, field_);
  }
}

void Upload::take_file_bytes(View bytes) {
  file_bytes_ += bytes.size();
  if (file_bytes_ > dialects::openai::file_bytes_max && !problem_)
    problem_ = Problem{.code = ProblemCode::file_too_large,
                       .param = "file",
                       .detail = text::decimal(dialects::openai::file_bytes_max)};
  if (problem_) return;
  if (may_be_batch_input()) inspector_.feed(bytes);
  unstored_ += bytes;
}

std::optional<Bytes> Upload::take_part() {
  if (unstored_.size() < ports::part_bytes) return std::nullopt;
  Bytes rest = unstored_.substr(ports::part_bytes);
  unstored_.resize(ports::part_bytes);
  return std::exchange(unstored_, std::move(rest));
}

std::optional<Bytes> Upload::take_last_part() {
  if (unstored_.empty()) return std::nullopt;
  return std::exchange(unstored_, Bytes());
}

Or<Upload::Accepted> Upload::finish() {
  const auto fault = reader_.finish();
  if (problem_) return *problem_;
  if (fault != MultipartFault::none) return malformed(fault);
  if (!filename_) return Problem{.code = ProblemCode::file_part_missing, .param = "file"};

  auto terms = dialects::openai::check_form(form_, *filename_);
  if (const auto* problem = std::get_if<Problem>(&terms)) return *problem;
  Accepted accepted{.filename = *filename_,
                    .terms = std::get<dialects::openai::UploadTerms>(std::move(terms)),
                    .inspection = {}};
  if (file_bytes_ == 0) return Problem{.code = ProblemCode::file_empty, .param = "file"};
  if (accepted.terms.purpose == "batch") {
    accepted.inspection = inspector_.finish();
    if (auto problem = check_input(accepted.inspection->verdict)) return *problem;
  }
  return accepted;
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
