// An upload under way: the form is taken apart and the file inspected while its bytes stream past.
// They are stored by the host, part by part, out of what it has kept of the body: here they are
// offsets.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "core/dialects/content.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/file_view.hpp"
#include "core/dialects/openai/file.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/http/multipart.hpp"
#include "core/http/stored_stream.hpp"
#include "core/problem/problem.hpp"
#include "core/text/siphash.hpp"
#include "handlers/ports/effects.hpp"

namespace edgebatch::gateway {

constexpr std::size_t form_field_bytes_max = 64 * 1024;

// Uploads that run side by side in an isolate share its memory: 128 MB on the platform, which gives
// a body to whichever isolate it likes. The rest is for everything else that runs there.
constexpr std::uint64_t uploads_bytes_max = 96ULL * 1024 * 1024;
constexpr std::uint32_t uploads_count_max = 6;
constexpr std::uint32_t uploads_retry_after_s = 5;  // Of the next one.
// Those whose Content-Length says that they are no larger aren't counted: clients send many small
// files at once, and what one holds is little.
constexpr std::uint64_t upload_small_bytes_max = 1024 * 1024;

// What one of them holds: of its body, on the host, a part and what has come with its end; and its
// wasm instance, with the inspection of the largest input.
constexpr std::uint64_t upload_body_bytes_max =
    http::part_bytes + http::boundary_bytes_max + 2 * ports::body_piece_bytes_max;
constexpr std::uint64_t upload_instance_bytes_max = 10ULL * 1024 * 1024;
static_assert(uploads_count_max * (upload_body_bytes_max + upload_instance_bytes_max) <=
              uploads_bytes_max);

/// What becomes of an upload's bytes. Pure: who reads and stores feeds it and asks it.
class Upload {
 public:
  /// `dialect`: whose file it will be; nothing: its form tells, by whether it has a purpose.
  Upload(View boundary, text::SipKey secret, std::optional<dialects::Dialect> dialect)
      : dialect_(dialect), reader_(boundary), inspector_(secret) {}

  void feed(View piece);

  /// Bytes [from, to) of the body.
  struct Range {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    bool operator==(const Range&) const = default;
  };
  /// The file's next bytes to be stored: a whole part, or, once the file has come to its end, what
  /// is left. Nothing while there isn't enough.
  std::optional<Range> take_part();
  /// The body is still needed from this offset on, be it that the file may begin there; nothing: it
  /// isn't needed any more.
  std::optional<std::uint64_t> needed_from() const;

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
  bool file_ended_ = false;
  std::uint64_t fed_bytes_ = 0;     // Of the body.
  std::uint64_t file_from_ = 0;     // Where it begins in the body.
  std::uint64_t file_bytes_ = 0;    // That have come …
  std::uint64_t stored_bytes_ = 0;  // … and were taken, to be stored.
};

}  // namespace edgebatch::gateway
