#include "handlers/entry.hpp"

#include <memory>
#include <utility>

#include "core/http/message.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/letters.hpp"
#include "handlers/actors/meter/meter.hpp"
#include "handlers/actors/pacer/pacer.hpp"
#include "handlers/actors/runner/runner.hpp"
#include "handlers/actors/tenant/tenant.hpp"
#include "handlers/config.hpp"
#include "handlers/gateway/gateway.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/operation.hpp"
#include "handlers/ports/table.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/run.hpp"

namespace edgebatch {

namespace {

ports::Task<http::Response> without_response(ports::Task<void> task) {
  co_await std::move(task);
  co_return http::Response{};
}

ports::Task<http::Response> nothing() { co_return http::Response{}; }

ports::Task<http::Response> task_of(const Config& config, View input) {
  wire::Reader in(input);
  Bytes name;
  in.value(name);
  if (name == actors::Deliver::name) {
    actors::Deliver task;
    in.value(task);
    if (in.ok()) return without_response(actors::deliver(std::move(task)));
  }
  if (name == actors::runner::Run::name) {
    actors::runner::Run task;
    in.value(task);
    if (in.ok()) return without_response(runner::run(&config, std::move(task)));
  }
  return nothing();  // Of another version: its actor asks again when its alarm goes off.
}

}  // namespace

std::unique_ptr<ports::Operation> begin_request(const Config& config,
                                                const ports::Beginning& beginning) {
  auto request = wire::decode<http::Request>(beginning.input).value_or(http::Request{});
  return std::make_unique<ports::Operation>(beginning.now, beginning.seed,
                                            gateway::handle(&config, std::move(request)));
}

std::unique_ptr<ports::Operation> begin_task(const Config& config,
                                             const ports::Beginning& beginning) {
  return std::make_unique<ports::Operation>(beginning.now, beginning.seed,
                                            task_of(config, beginning.input));
}

ports::TurnOutput take_turn(ports::Table& table, const ports::TurnInput& input) {
  switch (input.actor.kind) {
    case ports::ActorKind::tenant: return actors::tenant::turn(table, input);
    case ports::ActorKind::batch: return actors::batch::turn(table, input);
    case ports::ActorKind::runner: return actors::runner::turn(table, input);
    case ports::ActorKind::meter: return actors::meter::turn(table, input);
    case ports::ActorKind::pacer: return actors::pacer::turn(table, input);
  }
  return {};
}

}  // namespace edgebatch
