#include "handlers/actors/pacer/limit.hpp"

#include <algorithm>
#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::actors::pacer {

namespace {

/// Whether `part` is at least so many per cent of `all`. Sums of 32-bit counts can't overflow it.
bool reaches(std::uint64_t part, std::uint64_t all, std::uint32_t percent) {
  return part * 100 >= all * percent;
}

std::uint64_t bad(const Report& report) { return std::uint64_t{report.throttled} + report.broken; }

}  // namespace

// At 100 answers a second some are always bad: they don't hold a limit down for ever. But a single
// one of a few says that there is no room.
bool Limit::Window::well() const {
  if (ended <= throttled + broken) return false;
  if (throttled > 0 && reaches(throttled, ended, stray_percent)) return false;
  return !reaches(broken, ended, broken_percent);
}

void Limit::set_capacity(std::uint32_t capacity) { capacity_ = std::max(1U, capacity); }

std::uint32_t Limit::lanes() const { return in_trouble() ? 1 : std::min(limit_, capacity_); }

bool Limit::recovers() const { return !in_trouble() && lanes() < std::min(regained_, capacity_); }

Ms Limit::pause_ms(Ms now) const { return in_trouble() ? std::max<Ms>(0, pause_until_ - now) : 0; }

void Limit::hear(const Report& report, Ms now) {
  if (now - window_at_ >= window_ms) close_window(now);
  if (report.answered > 0) {
    hear_good(report, now);
  } else if (bad(report) > 0 && !is_of_trouble(report)) {
    hear_bad(report, now);
  }
  const bool counts = count(report, now) > 0;
  const bool cut_before = cut_at_ && now - *cut_at_ < window_ms;
  if (!counts || in_trouble() || cut_before) return;
  if (!too_many_throttled() && !too_many_broken()) return;
  if (!too_many_throttled() && lanes() == 1) blameless_until_ = now + blameless_ms;
  cut(now);
  pardoned_ = report.in_flight;
}

// Others may still report what they had asked while nobody was answered.
bool Limit::is_of_trouble(const Report& report) const {
  return !in_trouble() && report.since < recovered_at_;
}

void Limit::close_window(Ms now) {
  if (!in_trouble() && window_.well()) {
    const std::uint64_t grown = std::uint64_t{lanes()} + step();
    limit_ = grown < capacity_ ? static_cast<std::uint32_t>(grown) : unbounded;
    before_storm_ = 0;
  }
  before_ = window_;
  window_ = {};
  window_at_ = now;
}

std::uint32_t Limit::step() const {
  if (recovers()) return std::min(lanes(), regained_ - lanes());
  return std::max(1U, std::min(capacity_ / steps_count, lanes() / growth_part));
}

void Limit::hear_good(const Report& report, Ms now) {
  if (in_trouble()) {
    // What ended before the pause may have been answered before the trouble. But if most of it was
    // answered well, others had come upon a throttle, not upon an upstream that is down.
    const bool before = report.since < *cut_at_;
    if (before && report.answered <= bad(report)) return;
    if (!before) limit_ = 1;
    pause_ms_ = 0;
    recovered_at_ = now;
  }
  refused_ = 0;
  asked_until_ = 0;
}

void Limit::hear_bad(const Report& report, Ms now) {
  const Ms retry_after = std::clamp<Ms>(report.retry_after_ms, 0, retry_after_ms_max);
  refused_ += bad(report);
  asked_until_ = std::max(asked_until_, now + retry_after);
  if (!in_trouble()) {
    // All that may be in flight, one after the other: a few of them say less about the others.
    if (refused_ >= std::max<std::uint64_t>(refusals_min, report.held)) pause(now);
  } else if (now < pause_until_) {
    pause_until_ = std::max(pause_until_, asked_until_);
  } else if (report.since >= pause_until_) {
    pause(now);  // The probe came to nothing; what was started before the pause is none.
  }
}

void Limit::pause(Ms now) {
  if (in_trouble()) {
    begin_anew(now);
    pause_ms_ = std::min(2 * pause_ms_, pause_ms_max);
  } else {
    cut(now);
    regained_ = std::max(1U, before_storm_ / 2);
    pause_ms_ = pause_ms_min;
  }
  pause_until_ = std::max(now + pause_ms_, asked_until_);
}

// A report that reaches back beyond the cut says what was known then, and what is in flight by then
// may end badly, too: one storm cuts once, however many runners report it.
std::uint64_t Limit::count(const Report& report, Ms now) {
  if ((cut_at_ && report.since < *cut_at_) || (report.answered == 0 && is_of_trouble(report))) {
    pardoned_ += report.in_flight;
    return 0;
  }
  std::uint64_t pardons = std::min(pardoned_, report.answered + bad(report));
  pardoned_ -= pardons;
  const auto pardon = [&pardons](std::uint64_t ended) {
    const std::uint64_t pardoned = std::min(pardons, ended);
    pardons -= pardoned;
    return ended - pardoned;
  };
  const std::uint64_t throttled = pardon(report.throttled);
  std::uint64_t broken = pardon(report.broken);
  if (now < blameless_until_) broken = 0;
  window_.ended += pardon(report.answered) + throttled + broken;
  window_.throttled += throttled;
  window_.broken += broken;
  return throttled + broken;
}

bool Limit::too_many_throttled() const {
  const std::uint64_t throttled = before_.throttled + window_.throttled;
  return throttled >= cut_count_min &&
         reaches(throttled, before_.ended + window_.ended, cut_percent);
}

bool Limit::too_many_broken() const {
  const std::uint64_t broken = before_.broken + window_.broken;
  return broken >= cut_count_min && reaches(broken, before_.ended + window_.ended, broken_percent);
}

// An upstream that breaks down is heard of piece by piece, and cut at each: these cuts, and the
// pause after them, are one trouble. What was cut before a well window, or long ago, was for want
// of room.
void Limit::cut(Ms now) {
  const std::uint32_t uncut = std::min(limit_, capacity_);
  if (before_storm_ == 0 || now - storm_at_ >= storm_ms_max) {
    before_storm_ = uncut;
    storm_at_ = now;
  }
  limit_ = std::max(1U, uncut / 2);
  regained_ = std::min(regained_, limit_);
  begin_anew(now);
}

void Limit::begin_anew(Ms now) {
  cut_at_ = now;
  pardoned_ = 0;
  before_ = window_ = {};
  window_at_ = now;
}

}  // namespace edgebatch::actors::pacer
