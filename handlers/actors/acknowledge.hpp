// What every actor is told of its own letters.
#pragma once

#include <tuple>
#include <vector>

#include "handlers/actors/letters.hpp"

namespace edgebatch::actors {

struct Acknowledge {
  static constexpr View name = "acknowledge";
  using Reply = std::monostate;

  std::vector<Delivered> delivered;

  static constexpr auto fields = std::tuple(&Acknowledge::delivered);
};

}  // namespace edgebatch::actors
