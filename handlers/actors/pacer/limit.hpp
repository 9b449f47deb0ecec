// How many requests an upstream bears side by side, found out from what becomes of them: the limit
// is halved when it turns too many away, or breaks too many, and grows step by step while it
// answers. An upstream that answers nobody is left alone for a while, then probed by one request at
// a time; once it answers, the limit is doubled until half of what it was before that storm.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <tuple>

#include "core/text/bytes.hpp"

namespace edgebatch::actors::pacer {

constexpr Ms window_ms = 1'000;  // It is cut at most once in so long, or grows by a step.
constexpr std::uint32_t cut_count_min = 2;    // So many turned away are no accident, if they are …
constexpr std::uint32_t cut_percent = 10;     // … so many of those that ended.
constexpr std::uint32_t broken_percent = 20;  // As many broken are too many, too: not everybody who
                                              // has no room says so.
constexpr Ms blameless_ms = 300'000;  // Too many break even one by one: that isn't for want of
                                      // room, and for so long what breaks isn't counted.
constexpr Ms storm_ms_max = 10'000;   // So long news of one storm comes in, piece by piece.
constexpr std::uint32_t stray_percent = 2;  // So few turned away don't keep it from growing.
constexpr std::uint32_t steps_count = 16;   // In so many steps it grows by the capacity, …
constexpr std::uint32_t growth_part = 4;    // … but in none by more than a quarter of itself.
constexpr std::uint32_t refusals_min = 2;   // In a row, until an upstream answers nobody.
constexpr Ms pause_ms_min = 1'000;          // Doubled each time, …
constexpr Ms pause_ms_max = 30'000;         // … up to so long, …
constexpr Ms retry_after_ms_max = 300'000;  // … unless the upstream asks for more; up to so long.
static_assert(stray_percent < cut_percent);
static_assert(pause_ms_min >= window_ms);
static_assert(storm_ms_max > window_ms);
static_assert(pause_ms_max <= retry_after_ms_max);

/// What became of a runner's requests.
struct Report {
  Ms since = 0;                 // When it reported before; 0: never.
  std::uint32_t in_flight = 0;  // Of the runner, now.
  std::uint64_t held = 0;       // Requests that all runners together may have now.
  std::uint32_t answered = 0;
  std::uint32_t throttled = 0;
  std::uint32_t broken = 0;
  Ms retry_after_ms = 0;
};

class Limit {
 public:
  /// As the operator sets it; what was found out stays. 0 is taken for 1.
  void set_capacity(std::uint32_t capacity);
  /// `now` never goes back.
  void hear(const Report& report, Ms now);

  /// From 1 to the capacity.
  std::uint32_t lanes() const;
  /// So long nothing may be started.
  Ms pause_ms(Ms now) const;
  /// Nothing was answered well since the last pause.
  bool in_trouble() const { return pause_ms_ > 0; }
  /// After a trouble it grows fast.
  bool recovers() const;

 private:
  /// Requests that ended.
  struct Window {
    std::uint64_t ended = 0;
    std::uint64_t throttled = 0;
    std::uint64_t broken = 0;
    static constexpr auto fields = std::tuple(&Window::ended, &Window::throttled, &Window::broken);

    bool well() const;
  };

  bool is_of_trouble(const Report& report) const;
  void close_window(Ms now);
  void hear_good(const Report& report, Ms now);
  void hear_bad(const Report& report, Ms now);
  void pause(Ms now);
  /// How many requests were turned away, or broken, that count.
  std::uint64_t count(const Report& report, Ms now);
  bool too_many_throttled() const;
  bool too_many_broken() const;
  std::uint32_t step() const;
  void cut(Ms now);
  /// What happens from now on shows whether the limit is right.
  void begin_anew(Ms now);

  // Unbounded until something is turned away: then a new capacity counts at once.
  static constexpr std::uint32_t unbounded = std::numeric_limits<std::uint32_t>::max();

  std::uint32_t capacity_ = 1;
  std::uint32_t limit_ = unbounded;
  Ms window_at_ = 0;
  Window window_;
  Window before_;                   // The window before: runners report one after the other.
  std::optional<Ms> cut_at_;        // By a throttle or a pause.
  Ms storm_at_ = 0;                 // The first of its cuts, …
  std::uint32_t before_storm_ = 0;  // … and the limit until then; 0: all went well since.
  std::uint64_t pardoned_ = 0;      // Requests that were in flight at the cut, and have not ended.
  std::uint64_t refused_ = 0;       // Requests that came to nothing since the last good answer, …
  Ms asked_until_ = 0;              // … and how long the upstream asked to be left alone for.
  Ms pause_ms_ = 0;  // The last pause of this trouble, without what was asked for; 0: no trouble.
  Ms pause_until_ = 0;
  Ms recovered_at_ = 0;         // The last trouble was over.
  std::uint32_t regained_ = 0;  // It is doubled up to here.
  Ms blameless_until_ = 0;

 public:
  static constexpr auto fields = std::tuple(
      &Limit::capacity_, &Limit::limit_, &Limit::window_at_, &Limit::window_, &Limit::before_,
      &Limit::cut_at_, &Limit::storm_at_, &Limit::before_storm_, &Limit::pardoned_,
      &Limit::refused_, &Limit::asked_until_, &Limit::pause_ms_, &Limit::pause_until_,
      &Limit::recovered_at_, &Limit::regained_, &Limit::blameless_until_);
};

}  // namespace edgebatch::actors::pacer
