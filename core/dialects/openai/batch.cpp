#include "core/dialects/openai/batch.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/openai/create.hpp"
#include "core/dialects/openai/line.hpp"
#include "core/dialects/openai/line_error.hpp"
#include "core/dialects/openai/list.hpp"
#include "core/dialects/openai/nullable.hpp"
#include "core/dialects/waiting.hpp"
#include "core/json/writer.hpp"
#include "core/ledger/span.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/wire.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::openai {

namespace {

using lifecycle::State;

// Null unless the state was entered.
std::optional<std::int64_t> entered(const BatchView& view, State state) {
  const Ms moment = view.entered_ms[static_cast<std::size_t>(state)];
  if (moment == 0) return std::nullopt;
  return seconds(moment);
}

void append_note(json::Writer& out, View code, View message) {
  out.begin_object().member("code", code).null_member("line");
  out.member("message", message).null_member("param").end_object();
}

// Says of errors that aren't listed that there are more.
void append_rest(json::Writer& out, const BatchView& view) {
  if (view.errors_count <= view.errors.size()) return;
  const Bytes hidden = text::decimal(view.errors_count - view.errors.size());
  if (view.errors.size() >= validation::errors_count_max) {
    append_note(out, "too_many_errors", "… and " + hidden + " more lines have errors.");
  } else {
    append_note(
        out, "more_errors",
        "… and " + hidden + " more errors, not listed here: retrieve this batch to see them.");
  }
}

void append_errors(json::Writer& out, const BatchView& view) {
  out.key("errors");
  if (view.state != State::failed) {
    out.null();
    return;
  }
  out.begin_object().member("object", "list").key("data").begin_array();
  for (const validation::LineError& error : view.errors) append_line_error(out, error);
  append_rest(out, view);
  out.end_array().end_object();
}

// Nothing is counted while the total is unknown, nor of a batch that never ran.
void append_counts(json::Writer& out, const BatchView& view) {
  const State shown = shown_state(view);
  const bool counted = shown != State::validating && shown != State::failed;
  out.key("request_counts").begin_object();
  out.integer_member("total", counted ? view.total : 0);
  out.integer_member("completed", counted ? view.lines[output_stream] : 0);
  out.integer_member("failed", counted ? view.lines[error_stream] : 0);
  out.end_object();
}

void append_tokens(json::Writer& out, View name, std::uint64_t tokens) {
  out.integer_member(name, static_cast<std::int64_t>(tokens));
}

void append_usage(json::Writer& out, const ledger::Usage& usage) {
  out.key("usage").begin_object();
  append_tokens(out, "input_tokens", usage.input);
  out.key("input_tokens_details").begin_object();
  append_tokens(out, "cached_tokens", usage.input_cached);
  out.end_object();
  append_tokens(out, "output_tokens", usage.output);
  out.key("output_tokens_details").begin_object();
  append_tokens(out, "reasoning_tokens", usage.output_reasoning);
  out.end_object();
  append_tokens(out, "total_tokens", usage.total);
  out.end_object();
}

void append_metadata(json::Writer& out, const CreateBatch& request) {
  out.key("metadata").begin_object();
  for (const auto& [key, value] : request.metadata) out.member(key, value);
  out.end_object();
}

void append_timestamps(json::Writer& out, const BatchView& view) {
  out.integer_member("created_at", entered(view, State::validating).value_or(0));
  out.integer_member("in_progress_at", entered(view, State::in_progress));
  out.integer_member("expires_at", seconds(view.expires_at_ms));
  out.integer_member("finalizing_at", entered(view, State::finalizing));
  out.integer_member("completed_at", entered(view, State::completed));
  out.integer_member("failed_at", entered(view, State::failed));
  out.integer_member("expired_at", entered(view, State::expired));
  out.integer_member("cancelling_at", entered(view, State::cancelling));
  out.integer_member("cancelled_at", entered(view, State::cancelled));
}

void append_waiting(json::Writer& out, const BatchView& view) {
  if (!view.waiting) return;
  out.key("waiting").begin_object();
  out.member("reason", waiting_reason(*view.waiting));
  out.member("message", waiting_message(*view.waiting));
  out.integer_member("until", seconds(view.waiting->until_ms));
  out.end_object();
}

void append_batch(json::Writer& out, const BatchView& view) {
  const CreateBatch request = wire::decode<CreateBatch>(view.request).value_or(CreateBatch{});
  out.begin_object();
  out.member("id", view.id);
  out.member("object", "batch");
  out.member("endpoint", request.endpoint);
  out.member("model", nullable(view.model));
  append_errors(out, view);
  out.member("input_file_id", view.input_file);
  out.member("job_id", nullable(request.job_id));
  out.member("completion_window", request.completion_window);
  out.member("status", lifecycle::name(shown_state(view)));
  out.member("output_file_id", nullable(view.result_files[output_stream]));
  out.member("error_file_id", nullable(view.result_files[error_stream]));
  append_timestamps(out, view);
  append_counts(out, view);
  append_usage(out, view.usage);
  append_metadata(out, request);
  append_waiting(out, view);
  out.end_object();
}

}  // namespace

Bytes batch_json(const BatchView& view) {
  json::Writer out;
  append_batch(out, view);
  return out.take();
}

Bytes batch_list_json(const std::vector<BatchView>& views, bool has_more) {
  return list_json(views, has_more, append_batch);
}

}  // namespace edgebatch::dialects::openai
