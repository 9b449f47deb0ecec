#include <variant>

#include "core/lifecycle/lifecycle.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"

namespace edgebatch::actors::batch {

ReportPlan::Reply Batch::obey(const ReportPlan& command) {
  if (!record_ || command.attempt == 0) return false;
  if (record().planned_by == command.attempt) return true;  // The same report again.
  if (record().plan.attempt != command.attempt) return false;

  record().plan = {};
  record().planned_by = command.attempt;
  seen(command.runner);
  if (const auto* refused = std::get_if<Refused>(&command.plan)) {
    refuse(refused->errors_count, refused->errors, refused->errors_object);
    return true;
  }
  const auto& accepted = std::get<Accepted>(command.plan);
  record().model = accepted.model;
  ledger_ = ledger::Ledger::planned(accepted.stretches);
  enter(lifecycle::Event::planned);
  return true;
}

}  // namespace edgebatch::actors::batch
