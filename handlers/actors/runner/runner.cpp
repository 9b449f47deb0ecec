#include "handlers/actors/runner/runner.hpp"

#include <algorithm>
#include <optional>

#include "core/text/bytes.hpp"
#include "handlers/actors/runner/commands.hpp"
#include "handlers/actors/turn.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::runner {

namespace {

constexpr View invitation_key = "invitation";

class Runner {
 public:
  Runner(ports::Table& table, const ports::Address&, Ms now)
      : table_(table),
        now_(now),
        invitation_(ports::load<Invitation>(table, invitation_key).value_or(Invitation{})) {}

  void apply_due() {}
  void settle() {}

  Invite::Reply obey(const Invite& command) {
    if (command.number <= invitation_.number) return {};
    save({.number = command.number, .run_at = now_, .unended = invitation_.unended});
    return {};
  }

  EndRun::Reply obey(const EndRun& command) {
    // An invitation that came during the run stands: there may be work that the run didn't see.
    if (command.invitation != invitation_.number) return {};
    Invitation ended{.number = invitation_.number, .run_at = {}};
    if (command.again_in_ms) ended.run_at = now_ + *command.again_in_ms;
    save(ended);
    return {};
  }

  std::optional<Ms> wake_at() const { return invitation_.run_at; }

 private:
  void save(const Invitation& invitation) {
    invitation_ = invitation;
    ports::store(table_, invitation_key, invitation_);
  }

  ports::Table& table_;
  Ms now_;
  Invitation invitation_;
};

}  // namespace

// The alarm is set anew while the run goes on, so that one that dies, with its host or alone,
// begins again a while later. A host lets one alarm at a time go off.
ports::TurnOutput turn(ports::Table& table, const ports::TurnInput& input) {
  const bool alarm = input.command.empty();
  auto invitation = ports::load<Invitation>(table, invitation_key).value_or(Invitation{});
  const bool runs = alarm && invitation.run_at && *invitation.run_at <= input.now;
  if (runs) {
    const Ms pause = died_pause_ms_min << std::min(invitation.unended, 16U);
    invitation.run_at = input.now + std::min(pause, died_pause_ms_max);
    ++invitation.unended;
    ports::store(table, invitation_key, invitation);
  }
  auto output = take_turn<Runner, Invite, EndRun>(table, input);
  if (runs)
    output.tasks.push_back(
        ports::encode_command(Run{.runner = input.actor.name, .invitation = invitation.number}));
  return output;
}

}  // namespace edgebatch::actors::runner
