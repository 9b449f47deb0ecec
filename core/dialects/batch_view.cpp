#include "core/dialects/batch_view.hpp"

#include <cstddef>

#include "core/lifecycle/lifecycle.hpp"

namespace edgebatch::dialects {

lifecycle::State shown_state(const BatchView& batch) {
  using enum lifecycle::State;
  if (!lifecycle::internal(batch.state)) return batch.state;
  const bool started = batch.entered_ms[static_cast<std::size_t>(in_progress)] != 0;
  return started ? in_progress : validating;
}

}  // namespace edgebatch::dialects
