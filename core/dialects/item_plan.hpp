// Planning a batch whose items name files: now that the files are known, each item's line is
// written anew, with where its file lies, or with why it can't be sent.
#pragma once

#include <cstdint>
#include <functional>
#include <tuple>
#include <vector>

#include "core/dialects/dialect.hpp"
#include "core/dialects/file_view.hpp"
#include "core/http/stored_stream.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects {

struct ItemFile {
  FileView view;
  http::StoredStream stream;

  static constexpr auto fields = std::tuple(&ItemFile::view, &ItemFile::stream);
};

struct ItemPlan {
  Bytes lines;  // What the spans' byte ranges address from now on.
  std::vector<validation::IndexEntry> index;
  std::uint64_t errors_count = 0;             // Items that can't be sent …
  std::vector<validation::LineError> errors;  // … the first `errors_count_max` of them.
};

/// Whether items of this dialect name files.
bool items_name_files(Dialect dialect);

/// `lines`: the input, whole. `find`: the file of that id; null if there is none that this batch
/// may read.
ItemPlan plan_items(Dialect dialect, View lines,
                    const std::function<const ItemFile*(View file_id)>& find);

}  // namespace edgebatch::dialects
