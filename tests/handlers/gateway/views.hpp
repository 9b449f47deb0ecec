// Files and batches as tests need them.
#pragma once

#include "core/dialects/batch_view.hpp"
#include "core/dialects/openai/create.hpp"
#include "handlers/actors/tenant/rows.hpp"

#include "tests/handlers/script.hpp"

namespace edgebatch::script {

inline const Bytes file_id = "file-0123456789abcdef0123456789abcdef";
inline const Bytes batch_id = "batch_0123456789abcdef0123456789abcdef";

inline dialects::FileView a_file(View id = file_id, View purpose = "batch") {
  return {.id = Bytes(id),
          .name = "in.jsonl",
          .purpose = Bytes(purpose),
          .bytes = 300,
          .created_at_ms = began_at - 5'000,
          .expires_at_ms = {}};
}

inline actors::tenant::FileRow a_file_row(View id = file_id, View purpose = "batch") {
  return {.state = actors::tenant::FileState::live,
          .view = a_file(id, purpose),
          .stream = {.prefix = "in/dev/" + Bytes(id) + "/", .bytes = 300},
          .result = {},
          .due_at = 0};
}

inline Bytes a_request() {
  return wire::encode(dialects::openai::CreateBatch{.input_file_id = file_id,
                                                    .endpoint = "/v1/chat/completions",
                                                    .completion_window = "24h",
                                                    .metadata = {},
                                                    .output_expires_after_s = {}});
}

inline dialects::BatchView a_batch(View id = batch_id,
                                   lifecycle::State state = lifecycle::State::validating) {
  dialects::BatchView view;
  view.id = id;
  view.state = state;
  view.entered_ms[0] = began_at;
  view.entered_ms[static_cast<std::size_t>(state)] = began_at;
  view.expires_at_ms = began_at + 86'400'000;
  view.request = a_request();
  view.input_file = file_id;
  return view;
}

}  // namespace edgebatch::script
