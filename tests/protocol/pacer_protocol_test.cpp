// A pacer among the other actors of a host: it is told of nothing but by its command, and it is
// gone with the host.
#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/pacer/commands.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/table.hpp"

#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

namespace {

using actors::pacer::Pace;

const ports::Address pacer{ports::ActorKind::pacer, "https://provider.example/v1"};

std::size_t rows_count(World& world) {
  return world.table(pacer)->scan("", "\xFF", 100, ports::Order::ascending).size();
}

}  // namespace

TEST_CASE("a pacer: the host dies → what it knew is gone, and it answers as before") {
  World world({}, {.mishap = Mishap::crash_before, .at = 0});
  Pace pace;
  pace.capacity = pace.wanted = pace.batch_wanted = 7;
  const auto lanes = [&] {
    const auto paced = wire::decode<Pace::Reply>(world.turn(pacer, ports::encode_command(pace)));
    return paced ? paced->lanes : 0;
  };
  CHECK(lanes() == 7);
  CHECK(rows_count(world) == 2);
  CHECK_FALSE(world.request("GET", "/v1/files"));  // Asks for the key, which the host dies of.
  CHECK(rows_count(world) == 0);
  CHECK(lanes() == 7);
}

}  // namespace edgebatch::protocol
