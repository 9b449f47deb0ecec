#include "core/dialects/datagrid/batch_error.hpp"

#include "core/dialects/batch_view.hpp"
#include "core/dialects/datagrid/item_error.hpp"
#include "core/dialects/datagrid/problem_details.hpp"
#include "core/json/writer.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

// Says of errors that aren't listed that there are more.
void append_rest(json::Writer& out, const BatchView& view) {
  if (view.errors_count <= view.errors.size()) return;
  const Bytes hidden = text::decimal(view.errors_count - view.errors.size());
  const bool all_that_are_kept = view.errors.size() >= validation::errors_count_max;
  append_violation(
      out,
      {.pointer = "/items",
       .code = all_that_are_kept ? "too_many_errors" : "more_errors",
       .message = "… and " + hidden +
                  (all_that_are_kept ? " more items can't be sent."
                                     : " more, not listed here: retrieve this batch to see them."),
       .custom_id = {}});
}

Bytes failure(const BatchView& view) {
  if (view.errors_count == 1 && view.errors.size() == 1) return message(view.errors.front());
  if (view.errors_count == 0) return "The batch failed before any of its items was run.";
  return text::decimal(view.errors_count) + " of " + text::decimal(view.total) +
         " items can't be sent, so none was: `errors` says why.";
}

void append_failure(json::Writer& out, const BatchView& view) {
  out.begin_object();
  append_details(out, kinds::validation_failed, failure(view));
  out.key("errors").begin_array();
  for (const validation::LineError& error : view.errors) append_violation(out, violation_of(error));
  append_rest(out, view);
  out.end_array().end_object();
}

void append_end(json::Writer& out, const Kind& kind, View detail) {
  out.begin_object();
  append_details(out, kind, detail);
  out.end_object();
}

}  // namespace

void append_batch_error(json::Writer& out, const BatchView& view) {
  using enum lifecycle::State;
  switch (view.state) {
    case failed: return append_failure(out, view);
    case cancelled:
      return append_end(out, kinds::batch_cancelled,
                        "The batch was cancelled before all of its items had run.");
    case expired:
      return append_end(out, kinds::batch_expired,
                        "The completion window was over before all items had run.");
    default: out.null();
  }
}

}  // namespace edgebatch::dialects::datagrid
