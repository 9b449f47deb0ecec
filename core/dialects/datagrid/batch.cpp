#include "core/dialects/datagrid/batch.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/datagrid/batch_error.hpp"
#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/waiting.hpp"
#include "core/json/writer.hpp"
#include "core/ledger/span.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"
#include "core/text/time.hpp"
#include "core/text/wire.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

using lifecycle::State;

// Null unless the state was entered.
void append_entered(json::Writer& out, View name, const BatchView& view, State state) {
  const Ms moment = view.entered_ms[static_cast<std::size_t>(state)];
  out.key(name);
  moment == 0 ? out.null() : out.string(text::iso8601(moment));
}

void append_timestamps(json::Writer& out, const BatchView& view) {
  append_entered(out, "created_at", view, State::validating);
  out.key("expires_at");
  view.expires_at_ms ? out.string(text::iso8601(*view.expires_at_ms)) : out.null();
  append_entered(out, "in_progress_at", view, State::in_progress);
  append_entered(out, "finalizing_at", view, State::finalizing);
  append_entered(out, "completed_at", view, State::completed);
  append_entered(out, "failed_at", view, State::failed);
  append_entered(out, "cancelling_at", view, State::cancelling);
  append_entered(out, "cancelled_at", view, State::cancelled);
  append_entered(out, "expired_at", view, State::expired);
}

// Every item is counted, always: what has no line yet is processing.
void append_counts(json::Writer& out, const BatchView& view) {
  const ledger::Counts& counts = view.counts;
  out.key("request_counts").begin_object();
  out.integer_member("total", view.total);
  out.integer_member("processing", std::int64_t{view.total} - counts.total());
  out.integer_member("succeeded", counts.succeeded);
  out.integer_member("errored", counts.errored);
  out.integer_member("canceled", counts.canceled);
  out.integer_member("expired", counts.expired);
  out.end_object();
}

void append_metadata(json::Writer& out, const CreateBatch& request) {
  out.key("metadata");
  if (!request.metadata) {
    out.null();
    return;
  }
  out.begin_object();
  for (const auto& [key, value] : *request.metadata) out.member(key, value);
  out.end_object();
}

std::optional<Bytes> results_url(const BatchView& view, View mount) {
  if (!lifecycle::terminal(view.state) || view.results_gone) return std::nullopt;
  return Bytes(mount) + "/batch-predictions/" + view.id + "/results";
}

void append_waiting(json::Writer& out, const BatchView& view) {
  if (!view.waiting) return;
  out.key("waiting").begin_object();
  out.member("reason", waiting_reason(*view.waiting));
  out.member("message", waiting_message(*view.waiting));
  out.member("until", text::iso8601(view.waiting->until_ms));
  out.end_object();
}

void append_batch(json::Writer& out, const BatchView& view, View mount) {
  const CreateBatch request = wire::decode<CreateBatch>(view.request).value_or(CreateBatch{});
  out.begin_object();
  out.member("object", "batch_prediction");
  out.member("id", view.id);
  out.member("status", lifecycle::name(shown_state(view)));
  out.member("model", request.model);
  out.member("completion_window", request.completion_window);
  append_timestamps(out, view);
  append_counts(out, view);
  append_metadata(out, request);
  out.key("error");
  append_batch_error(out, view);
  out.member("results_url", results_url(view, mount));
  append_waiting(out, view);
  out.end_object();
}

}  // namespace

Bytes batch_json(const BatchView& view, View mount) {
  json::Writer out;
  append_batch(out, view, mount);
  return out.take();
}

Bytes batch_list_json(const std::vector<BatchView>& views, bool has_more, View mount) {
  json::Writer out;
  out.begin_object().member("object", "list").key("data").begin_array();
  for (const BatchView& view : views) append_batch(out, view, mount);
  out.end_array();
  const bool goes_on = has_more && !views.empty();
  out.member("next_cursor", goes_on ? std::optional(views.back().id) : std::nullopt);
  out.key("has_more").boolean(goes_on);
  out.end_object();
  return out.take();
}

std::optional<State> parse_status(View text) {
  for (std::size_t i = 0; i < lifecycle::states_count; ++i) {
    const auto state = static_cast<State>(i);
    if (!lifecycle::internal(state) && lifecycle::name(state) == text) return state;
  }
  return std::nullopt;
}

}  // namespace edgebatch::dialects::datagrid
