// An upload under way: the form is taken apart, the file inspected and stored part by part, while
// its bytes stream past. Memory is one part and one piece.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "core/dialects/content.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/file_view.hpp"
#include "core/dialects/openai/file.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/http/multipart.hpp"
#include "core/problem/problem.hpp"
#include "core/text/siphash.hpp"
#include "handlers/ports/stored_stream.hpp"

namespace edgebatch::gateway {

constexpr std::size_t form_field_bytes_max = 64 * 1024;

/// What becomes of an upload's bytes. Pure: who reads and stores feeds it and asks it.
class Upload {
 public:
  /// `dialect`: whose file it will be; nothing: its form tells, by whether it has a purpose.
  Upload(View boundary, text::SipKey secret, std::optional<dialects::Dialect> dialect)
      : dialect_(dialect), reader_(boundary), inspector_(secret) {}

  void feed(View piece);

  /// File bytes to be stored now: a whole part, or at the end what is left. Nothing while there
  /// isn't enough.
  std::optional<Bytes> take_part();
  std::optional<Bytes> take_last_part();

  struct Accepted {
    dialects::FileView view;  // Without id and times.
    std::optional<Ms> life_ms;
    std::optional<validation::Inspection> inspection;  // Of a batch's input.
  };
  /// Once, at the body's end.
  Or<Accepted> finish();

  /// Whose file it is; nothing while the form hasn't told, and if it broke off before it did.
  std::optional<dialects::Dialect> dialect() const;
  std::uint64_t file_bytes() const { return file_bytes_; }
  /// Nothing that comes can make this upload good: it need not be stored any more.
  bool hopeless() const { return problem_.has_value(); }

 private:
  void take(const http::PartEvent& event);
  void take_field();
  void take_file_bytes(View bytes);
  bool may_be_batch_input() const {
    return dialect_ != dialects::Dialect::datagrid && (!form_.purpose || *form_.purpose == "batch");
  }
  bool may_be_datagrids() const {
    return dialect_ == dialects::Dialect::datagrid || (!dialect_ && !form_.purpose);
  }
  Or<Accepted> accept_for_openai();
  Or<Accepted> accept_for_datagrid() const;
  std::optional<Problem> check_input(const validation::Verdict& verdict) const;

  std::optional<dialects::Dialect> dialect_;
  http::MultipartReader reader_;
  dialects::openai::Inspector inspector_;
  dialects::ContentReader content_;
  dialects::openai::UploadForm form_;
  std::optional<Bytes> expires_after_;  // Datagrid's field.
  std::optional<Problem> problem_;
  bool whole_ = false;  // The form has come to its end.

  http::PartBegin part_;  // The part under way …
  Bytes field_;           // … and its value, if it isn't the file.
  bool in_file_ = false;
  std::optional<Bytes> filename_;  // Set once the file's part has begun …
  Bytes declared_type_;            // … and its content type.
  Bytes unstored_;
  std::uint64_t file_bytes_ = 0;
};

}  // namespace edgebatch::gateway
