#include "core/dialects/batch_view.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/lifecycle/lifecycle.hpp"
#include "core/text/wire.hpp"

namespace {

using edgebatch::dialects::BatchView;
using edgebatch::dialects::shown_state;
using namespace edgebatch::lifecycle;
using enum State;

BatchView in(State state) {
  BatchView view;
  view.state = state;
  view.entered_ms[static_cast<std::size_t>(validating)] = 1'000;
  return view;
}

}  // namespace

TEST_CASE("batch_view: states that clients know → shown as they are") {
  for (const State state :
       {validating, in_progress, finalizing, completed, failed, cancelling, cancelled, expired})
    CHECK(shown_state(in(state)) == state);
}

TEST_CASE("batch_view: internal states → shown as what came before them") {
  for (const State state : {failing, expiring}) {
    BatchView view = in(state);
    CHECK(shown_state(view) == validating);
    view.entered_ms[static_cast<std::size_t>(in_progress)] = 2'000;
    CHECK(shown_state(view) == in_progress);
  }
}

TEST_CASE("batch_view: on the wire → the same again") {
  BatchView view = in(failed);
  view.errors = {{3, edgebatch::validation::ErrorCode::url_mismatch, "url", "/v1/x"}};
  view.errors_count = 1;
  view.expires_at_ms = 5;
  view.result_files = {"file-a", ""};
  const auto again = edgebatch::wire::decode<BatchView>(edgebatch::wire::encode(view));
  REQUIRE(again);
  CHECK(again->errors == view.errors);
  CHECK(again->result_files == view.result_files);
  CHECK(again->entered_ms == view.entered_ms);
  CHECK(again->expires_at_ms == view.expires_at_ms);
}
