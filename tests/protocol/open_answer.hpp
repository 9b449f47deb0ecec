// An answer whose headers have come, and whose body is on its way.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/text/bytes.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::protocol {

/// Its bytes come evenly between two moments, and at the later one it ends.
class OpenAnswer {
 public:
  struct Schedule {
    Ms begins_at = 0;
    Ms ends_at = 0;
    ports::Fault end = ports::Fault::absent;  // How: as a whole, or not.
    Ms deadline = 0;                          // Nothing comes later.
  };
  OpenAnswer(Bytes body, Schedule schedule);

  struct Piece {
    ports::Got<Bytes> got;
    Ms at = 0;  // When it can be handed out.
  };
  /// As `ports::ReadAnswer` has it.
  Piece read(Ms now, std::uint64_t bytes_min, Ms within_ms);

 private:
  /// When so many bytes of it have come.
  Ms arrival_of(std::size_t bytes) const;
  std::size_t arrived(Ms when) const;

  Bytes body_;
  Schedule schedule_;
  std::size_t read_ = 0;
};

}  // namespace edgebatch::protocol
