// What a meter can be told.
#pragma once

#include <cstdint>
#include <tuple>

#include "core/text/bytes.hpp"
#include "handlers/ports/actor.hpp"

namespace edgebatch::actors::meter {

/// A request has come. It counts unless it is refused: that its route has taken `limit` requests in
/// the window that ends now.
struct Count {
  struct Counted {
    bool allowed = true;
    std::uint32_t remaining = 0;  // So many more may come now.
    Ms reset_at = 0;              // When the oldest that counts leaves the window.
    Ms retry_after_ms = 0;        // Until the next may come.
    static constexpr auto fields = std::tuple(&Counted::allowed, &Counted::remaining,
                                              &Counted::reset_at, &Counted::retry_after_ms);
  };

  static constexpr View name = "count";
  static constexpr auto actor = ports::ActorKind::meter;
  using Reply = Counted;

  Bytes route;  // Which requests count together: `GET /files/{}`. It has no line breaks.
  std::uint32_t limit = 0;
  Ms window_ms = 0;  // The same for all routes.

  static constexpr auto fields = std::tuple(&Count::route, &Count::limit, &Count::window_ms);
};

}  // namespace edgebatch::actors::meter
