#include <cstddef>
#include <utility>

#include "core/lifecycle/lifecycle.hpp"
#include "core/problem/problem.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"

namespace edgebatch::actors::batch {

Start::Reply Batch::obey(const Start& command) {
  if (record_) return carried_along();  // The gateway asks again: the answer was lost.
  if (table_.get(abandoned_key))
    return Problem{.code = ProblemCode::unanswered, .param = {}, .detail = {}};

  Record record;
  record.id = self_.name;
  record.tenant = command.tenant;
  record.dialect = command.dialect;
  record.input = command.input;
  record.result_seeds = command.result_seeds;
  record.results_life_ms = command.results_life_ms;
  record.items = command.items;
  record.concurrency = command.concurrency;
  if (command.window_ms) record.expires_at = now_ + *command.window_ms;
  record.entered_ms[static_cast<std::size_t>(lifecycle::State::validating)] = now_;
  create(std::move(record), command.request);
  return carried_along();
}

}  // namespace edgebatch::actors::batch
