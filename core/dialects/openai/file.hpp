// The file object, lists of them, and what an upload has to look like.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/dialects/file_view.hpp"
#include "core/dialects/result_file.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/time.hpp"

namespace edgebatch::dialects::openai {

constexpr std::uint64_t file_bytes_max = 512 * 1000 * 1000;  // Batch inputs: see `input.hpp`.
constexpr Ms batch_file_life_ms = 30 * text::day_ms;  // Of batch inputs and results, by default.

/// Ids begin so in this dialect.
constexpr View file_id_prefix = "file-";
constexpr View batch_id_prefix = "batch_";

/// `<batch id>_output.jsonl` and `<batch id>_error.jsonl`, of purpose `batch_output`.
ResultFile result_file(unsigned stream, View batch_id);

Bytes file_json(const ShownFile& file);
Bytes file_list_json(const std::vector<ShownFile>& files, bool has_more);
Bytes deleted_file_json(View id);

/// The fields of an upload's form, in whatever order they came.
struct UploadForm {
  std::optional<Bytes> purpose;
  std::optional<Bytes> expires_after_anchor;
  std::optional<Bytes> expires_after_seconds;

  /// Takes a form field by its name; others are ignored.
  void take(View name, View value);
};

struct UploadTerms {
  Bytes purpose;
  std::optional<Ms> life_ms;  // From creation to expiry; nothing: for ever.
};

/// purpose present and known, expires_after well-formed; a batch input's name has no other
/// extension than `.jsonl` (a name without one passes).
Or<UploadTerms> check_form(const UploadForm& form, View filename);

}  // namespace edgebatch::dialects::openai
