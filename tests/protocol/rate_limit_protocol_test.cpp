// Requests against a rate limit, and every mishap at every effect of them.
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>

#include "core/http/message.hpp"
#include "core/text/bytes.hpp"
#include "core/text/sha256.hpp"
#include "handlers/gateway/rate_limit.hpp"
#include "handlers/ports/actor.hpp"

#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

namespace {

constexpr std::size_t limit = 2;
constexpr Ms long_enough_ms = gateway::rate_window_ms + 2 * late_by_ms;

class Limited {
 public:
  explicit Limited(Trouble trouble) : world({{"RATE_LIMIT", "2"}}, trouble) {
    world.keys["key/" + text::sha256_hex("key")] = "acme";
  }

  /// The status; 0: no answer.
  std::uint32_t ask() {
    const auto response = world.request("GET", "/datagrid/v1/files");
    return response ? response->status : 0;
  }
  void wait(Ms duration) {
    const Ms end = world.now() + duration;
    world.run_until([&] { return world.now() >= end; }, duration);
  }
  std::size_t rows_count() {
    return world.table({ports::ActorKind::meter, "acme"})
        ->scan("", "\xFF", 100, ports::Order::ascending)
        .size();
  }

  World world;
};

}  // namespace

TEST_CASE("a rate limit: nothing goes wrong → kept to, and forgotten a window later") {
  Limited limited({});
  CHECK(limited.ask() == 200);
  CHECK(limited.ask() == 200);
  CHECK(limited.ask() == 429);
  CHECK(limited.rows_count() > 0);
  limited.wait(gateway::rate_window_ms);
  CHECK(limited.rows_count() == 0);
  CHECK(limited.ask() == 200);
}

TEST_CASE("a rate limit: the host dies → the count begins anew") {
  Limited limited({.mishap = Mishap::crash_before, .at = 6});  // Each request asks for three.
  CHECK(limited.ask() == 200);
  CHECK(limited.ask() == 200);
  CHECK(limited.ask() == 0);
  CHECK(limited.ask() == 200);
  CHECK(limited.ask() == 200);
  CHECK(limited.ask() == 429);
}

TEST_CASE("a rate limit: a mishap at any effect → nobody is refused too early, or for too long") {
  std::size_t histories = 0;
  for (std::size_t mishap = 1; mishap < mishaps_count; ++mishap) {
    for (std::size_t at = 0;; ++at) {
      Limited limited({.mishap = static_cast<Mishap>(mishap), .at = at});
      INFO("mishap " << mishap << " at effect " << at);
      for (std::size_t i = 0; i < limit; ++i) CHECK(limited.ask() != 429);
      std::size_t more = 0;
      for (std::uint32_t status = 0; more <= limit && status != 429; status = limited.ask())
        more += status == 200 ? 1 : 0;
      CHECK(more <= limit);  // A meter that was lost begins anew, once.
      if (at >= limited.world.effects()) break;

      ++histories;
      limited.wait(long_enough_ms);
      CHECK(limited.ask() == 200);
      CHECK(limited.ask() == 200);
      CHECK(limited.ask() == 429);
    }
  }
  CHECK(histories > 50);
}

}  // namespace edgebatch::protocol
