// `POST /batches`: its body, validated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::openai {

constexpr std::size_t input_file_id_bytes_max = 256;  // Ours: any id is taken, but no novel.
constexpr std::size_t job_id_bytes_max = 256;         // Ours.
constexpr std::size_t metadata_count_max = 16;
constexpr std::size_t metadata_key_chars_max = 64;     // Code points.
constexpr std::size_t metadata_value_chars_max = 512;  // Code points.
constexpr std::uint64_t expires_after_s_min = 3'600;
constexpr std::uint64_t expires_after_s_max = 2'592'000;

constexpr View unlimited_window = "unlimited";  // Impala's: the batch never expires.

/// What a client asked for; kept with the batch as it is.
struct CreateBatch {
  Bytes input_file_id;
  Bytes endpoint;           // With its leading slash.
  Bytes completion_window;  // As given: `24h`.
  std::vector<std::pair<Bytes, Bytes>> metadata;
  std::optional<std::uint64_t> output_expires_after_s;
  Bytes job_id{};     // Impala's; empty: none was given.
  Bytes job_model{};  // That the operator had set for this job by then; empty: any.

  static constexpr auto fields = std::tuple(&CreateBatch::input_file_id, &CreateBatch::endpoint,
                                            &CreateBatch::completion_window, &CreateBatch::metadata,
                                            &CreateBatch::output_expires_after_s,
                                            &CreateBatch::job_id, &CreateBatch::job_model);
};

/// What is allowed where the request came in.
struct CreateRules {
  std::vector<Bytes> windows;  // Completion windows.
  bool strict = false;  // As Impala has it: a job is required, and the window is `unlimited`.
};

/// All but `job_model`. Members that are null count as missing; unknown ones are ignored.
Or<CreateBatch> parse_create(View text, const CreateRules& rules);

}  // namespace edgebatch::dialects::openai
