// The file object, lists of them, and what an upload has to look like.
#pragma once

#include <optional>
#include <vector>

#include "core/dialects/file_view.hpp"
#include "core/problem/problem.hpp"

namespace edgebatch::dialects::openai {

constexpr std::uint64_t file_bytes_max = 512 * 1000 * 1000;  // Of any purpose; batch inputs: `input.hpp`.
constexpr Ms batch_file_life_ms = 30 * 24 * 3'600'000LL;     // Of purpose `batch` and of results, by default.

Bytes file_json(const FileView& file);
Bytes file_list_json(const std::vector<FileView>& files, bool has_more);
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

/// purpose present and known, expires_after well-formed; a batch input's name has no other extension than
/// `.jsonl` (a name without one passes).
Or<UploadTerms> check_form(const UploadForm& form, View filename);

}  // namespace edgebatch::dialects::openai
