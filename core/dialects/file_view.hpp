// A file as the tenant's rows keep it: what every dialect's file object is rendered from.
#pragma once

#include <optional>
#include <tuple>

#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

struct FileView {
  Bytes id;
  Bytes name;
  Bytes purpose;  // In the vendor's words: `batch`, `batch_output` …
  std::uint64_t bytes = 0;
  Ms created_at_ms = 0;
  std::optional<Ms> expires_at_ms;

  bool operator==(const FileView&) const = default;
  static constexpr auto fields =
      std::tuple(&FileView::id, &FileView::name, &FileView::purpose, &FileView::bytes,
                 &FileView::created_at_ms, &FileView::expires_at_ms);
};

}  // namespace edgebatch::dialects
