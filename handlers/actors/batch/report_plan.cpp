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
  if (const auto* condemned = std::get_if<Condemned>(&command.plan)) {
    take_plan(condemned->plan);
    refuse(condemned->why.errors_count, condemned->why.errors, condemned->why.errors_object,
           lifecycle::Event::condemned);
    return true;
  }
  take_plan(std::get<Accepted>(command.plan));
  enter(lifecycle::Event::planned);
  return true;
}

void Batch::take_plan(const Accepted& plan) {
  record().model = plan.model;
  record().lines = plan.lines;
  ledger_ = ledger::Ledger::planned(plan.stretches);
}

}  // namespace edgebatch::actors::batch
