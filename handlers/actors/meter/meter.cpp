#include "handlers/actors/meter/meter.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/meter/commands.hpp"
#include "handlers/actors/turn.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::meter {

namespace {

using ports::Order;

constexpr View pages_prefix = "page/";
constexpr View sweep_key = "sweep";
constexpr unsigned begin_digits = 16;

/// Requests that were counted one after the other. A full page stays as it is until it is outdated.
struct Page {
  std::uint64_t begin = 0;  // How many requests of the route were counted before it.
  std::vector<Ms> times;    // When these were, in order; never empty in a row.
  static constexpr auto fields = std::tuple(&Page::begin, &Page::times);

  std::uint64_t end() const { return begin + times.size(); }
  /// Whether nothing in it is younger than that.
  bool outdated(Ms past) const { return times.empty() || times.back() <= past; }
};

/// When pages of all routes are looked through next.
struct Sweep {
  Ms due_at = 0;
  Ms window_ms = 0;
  static constexpr auto fields = std::tuple(&Sweep::due_at, &Sweep::window_ms);
};

/// The requests of one route.
class Log {
 public:
  Log(ports::Table& table, View route)
      : table_(table), prefix_(Bytes(pages_prefix).append(route).append("\n")) {
    if (const auto page = load_outermost(Order::descending)) last_ = *page;
  }

  /// When the last one was counted.
  std::optional<Ms> newest() const {
    if (last_.times.empty()) return std::nullopt;
    return last_.times.back();
  }

  /// Drops pages that have nothing younger than `past`, and leaves the rest out of account.
  void forget_until(Ms past) {
    auto first = load_outermost(Order::ascending);
    for (; first && first->outdated(past); first = load_outermost(Order::ascending))
      table_.erase(key_of(*first));
    if (!first) {
      last_ = {};
      return;
    }
    const auto oldest = std::ranges::upper_bound(first->times, past);
    oldest_ = *oldest;
    count_ = last_.end() - first->begin - static_cast<std::uint64_t>(oldest - first->times.begin());
  }

  std::uint64_t count() const { return count_; }
  std::optional<Ms> oldest() const { return oldest_; }

  void append(Ms now) {
    if (last_.times.size() == page_requests_max) last_ = {.begin = last_.end(), .times = {}};
    last_.times.push_back(now);
    ports::store(table_, key_of(last_), last_);
    if (!oldest_) oldest_ = now;
    ++count_;
  }

 private:
  Bytes key_of(const Page& page) const { return prefix_ + text::hex(page.begin, begin_digits); }

  std::optional<Page> load_outermost(Order order) {
    const auto rows = table_.scan(prefix_, ports::behind(prefix_), 1, order);
    if (rows.empty()) return std::nullopt;
    return wire::decode<Page>(rows.front().second);
  }

  ports::Table& table_;
  Bytes prefix_;
  Page last_;
  std::uint64_t count_ = 0;
  std::optional<Ms> oldest_;
};

class Meter {
 public:
  Meter(ports::Table& table, const ports::Address&, Ms now)
      : table_(table), now_(now), sweep_(ports::load<Sweep>(table, sweep_key)) {}

  void apply_due() {
    if (sweep_ && sweep_->due_at <= now_) sweep(sweep_->window_ms);
  }
  void settle() {}

  Count::Reply obey(const Count& command) {
    Log log(table_, command.route);
    const Ms now = std::max(now_, log.newest().value_or(now_));  // A clock may be set back.
    log.forget_until(now - command.window_ms);

    const bool allowed = log.count() < command.limit;
    if (allowed) {
      log.append(now);
      if (!sweep_) sweep_at(now + command.window_ms, command.window_ms);
    }
    const std::uint64_t remaining =
        command.limit - std::min<std::uint64_t>(log.count(), command.limit);
    const Ms reset_at = log.oldest().value_or(now) + command.window_ms;
    return {.allowed = allowed,
            .remaining = static_cast<std::uint32_t>(remaining),
            .reset_at = reset_at,
            .retry_after_ms = remaining > 0 ? 0 : reset_at - now};
  }

  std::optional<Ms> wake_at() const {
    if (!sweep_) return std::nullopt;
    return sweep_->due_at;
  }

 private:
  /// Of all routes: pages that nobody asks for any more would stay for ever.
  void sweep(Ms window_ms) {
    std::optional<Ms> newest;
    for (const auto& [key, row] : table_.scan(pages_prefix, ports::behind(pages_prefix),
                                              static_cast<std::size_t>(-1), Order::ascending)) {
      const auto page = wire::decode<Page>(row);
      if (!page || page->outdated(now_ - window_ms))
        table_.erase(key);
      else
        newest = std::max(newest.value_or(page->times.back()), page->times.back());
    }
    if (newest) return sweep_at(*newest + window_ms, window_ms);
    sweep_.reset();
    table_.erase(sweep_key);
  }

  void sweep_at(Ms due_at, Ms window_ms) {
    sweep_ = {.due_at = due_at, .window_ms = window_ms};
    ports::store(table_, sweep_key, *sweep_);
  }

  ports::Table& table_;
  Ms now_;
  std::optional<Sweep> sweep_;
};

}  // namespace

ports::TurnOutput turn(ports::Table& table, const ports::TurnInput& input) {
  return take_turn<Meter, Count>(table, input);
}

}  // namespace edgebatch::actors::meter
