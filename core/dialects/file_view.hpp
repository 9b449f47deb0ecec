// A file as the tenant's rows keep it: what every dialect's file object is rendered from.
#pragma once

#include <optional>
#include <tuple>

#include "core/dialects/content.hpp"
#include "core/dialects/dialect.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

struct FileView {
  Bytes id;
  Bytes name;
  Bytes purpose;  // In the vendor's words: `batch`, `batch_output` …; empty where it has none.
  std::uint64_t bytes = 0;
  Ms created_at_ms = 0;
  std::optional<Ms> expires_at_ms{};
  Dialect dialect = Dialect::openai;  // Whose clients see it.
  Bytes media_type{};                 // As clients are shown it; empty where the vendor has none.
  Content content = Content::unknown;
  std::uint64_t json_text_bytes = 0;  // Of text: see `ContentReader`.

  bool operator==(const FileView&) const = default;
  static constexpr auto fields =
      std::tuple(&FileView::id, &FileView::name, &FileView::purpose, &FileView::bytes,
                 &FileView::created_at_ms, &FileView::expires_at_ms, &FileView::dialect,
                 &FileView::media_type, &FileView::content, &FileView::json_text_bytes);
};

/// A file as its clients see it.
struct ShownFile {
  FileView view;
  Bytes sha256{};  // Of its content, in hexadecimal; empty where it isn't known: of results.

  bool operator==(const ShownFile&) const = default;
  static constexpr auto fields = std::tuple(&ShownFile::view, &ShownFile::sha256);
};

}  // namespace edgebatch::dialects
