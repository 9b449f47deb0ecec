#include "tests/protocol/mishaps.hpp"

#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

const char* name(Mishap mishap) {
  switch (mishap) {
    case Mishap::none: return "nothing";
    case Mishap::crash_before: return "crash before";
    case Mishap::crash_after: return "crash after";
    case Mishap::lost_before: return "not carried out, answer lost";
    case Mishap::lost_after: return "carried out, answer lost";
    case Mishap::doubled: return "doubled";
    case Mishap::late: return "late";
    case Mishap::stalled: return "stalled";
    case Mishap::late_alarm: return "late alarms";
  }
  return "";
}

}  // namespace edgebatch::protocol
