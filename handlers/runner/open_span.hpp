// A leased span that a run works on.
#pragma once

#include <cstdint>
#include <utility>

#include "core/text/bytes.hpp"
#include "handlers/runner/span_progress.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

struct OpenSpan {
  OpenSpan(Lease its_lease, ledger::Stretch stretch, Bytes its_bytes, Ms now)
      : lease(std::move(its_lease)),
        renewed_at(lease.leased_at),
        stored_at(now),
        bytes(std::move(its_bytes)),
        progress(stretch, bytes) {}
  OpenSpan(const OpenSpan&) = delete;
  OpenSpan& operator=(const OpenSpan&) = delete;

  Lease lease;
  Ms renewed_at;  // When the last answered renewal was sent.
  Ms stored_at;
  Bytes bytes;  // The lines; freed once all are taken.
  SpanProgress progress;
  std::uint32_t tries = 0;    // That its items had before.
  std::uint32_t engaged = 0;  // Its items that are in flight, or wait to be asked for again.
  bool storing = false;
  bool lost = false;       // The lease is somebody else's: nothing may be stored any more.
  bool alone = false;      // No other span is worked on beside it.
  bool untouched = false;  // None of its items may be asked for yet.
};

}  // namespace edgebatch::runner
