// Histories that nobody would write by hand: whatever runners, clients and clocks do, what
// `BatchActor::check` says holds after every turn, counts are conserved, and the batch can still
// end.
#include <catch_amalgamated.hpp>

#include "tests/handlers/actors/batch_actor.hpp"
#include "tests/support/json_maker.hpp"

namespace edgebatch::actors::batch {
namespace {

/// A batch, its two runners, and a stranger who has heard of old attempts.
class History {
 public:
  explicit History(std::uint64_t seed) : choice_(seed) {
    (void)batch_.start(choice_.below(4) == 0 ? std::nullopt : std::optional<Ms>(600'000));
  }

  void go_on() {
    switch (choice_.below(12)) {
      case 0: batch_.now += static_cast<Ms>(choice_.below(30'000)); break;
      case 1: batch_.now -= static_cast<Ms>(choice_.below(5'000)); break;
      case 2: batch_.alarm(); break;
      case 3:
      case 4: claim(); break;
      case 5: (void)batch_.renew(attempt(), runner()); break;
      case 6:
      case 7:
      case 8: report(); break;
      case 9: batch_.give_back(attempt()); break;
      case 10:
        if (choice_.below(20) == 0) (void)batch_.cancel();
        break;
      default: acknowledge();
    }
    check();
  }

  void end() {
    for (int rounds = 0; rounds < 50 && !lifecycle::terminal(batch_.state()); ++rounds) {
      batch_.work_off(1'000);
      batch_.now += ledger::lease_ms_max;
      batch_.alarm();
      acknowledge();
      check();
    }
    REQUIRE(lifecycle::terminal(batch_.state()));
    const auto view = batch_.view();
    CHECK(view.counts.total() == view.total);
  }

 private:
  std::uint32_t runner() { return static_cast<std::uint32_t>(choice_.below(runners_count)); }
  ledger::Attempt attempt() { return static_cast<ledger::Attempt>(choice_.below(last_ + 2)); }

  void claim() {
    const auto assignment = batch_.claim(runner(), choice_.below(6));
    if (is_idle(assignment)) return;
    CHECK(assignment.attempt > last_);  // Never used twice.
    last_ = assignment.attempt;
    const auto state = batch_.state();
    if (std::holds_alternative<PredictWork>(assignment.work)) CHECK(lifecycle::predicting(state));
    if (const auto* drain = std::get_if<DrainWork>(&assignment.work)) {
      const bool given_up = drain->why == dialects::Unanswered::given_up;
      CHECK(lifecycle::draining(state) == !given_up);
    }
  }

  /// Some stretch of some span under some attempt; often enough it is the right one.
  void report() {
    if (choice_.below(3) == 0) (void)batch_.accept(attempt(), 3);
    const auto spans = batch_.spans();
    if (spans.empty()) return;
    const auto& span = spans[choice_.below(spans.size())];
    const auto skipped = static_cast<std::uint32_t>(choice_.below(span.count));
    const auto count = static_cast<std::uint32_t>(1 + choice_.below(span.count - skipped));
    const ledger::Stretch stretch{.first = span.first + skipped,
                                  .count = count,
                                  .byte_begin = (span.first + skipped) * 10ULL,
                                  .byte_end = (span.first + skipped + count) * 10ULL};
    const ledger::Attempt by = choice_.below(4) == 0 ? attempt() : span.attempt;
    const auto before = batch_.view().counts.total();
    const bool held = batch_.report(by, stretch, number_++).held;
    const auto after = batch_.view().counts.total();
    CHECK(after == before + (held ? count : 0));
  }

  void acknowledge() {
    auto posted = batch_.take_posted();
    for (const Letter& letter : posted)
      if (choice_.below(2) == 0) batch_.acknowledge(letter);
    if (const auto results = batch_.pending("results")) batch_.acknowledge(*results);
  }

  void check() {
    const auto view = batch_.view();
    CHECK(view.counts.total() <= view.total);
    CHECK(view.lines[0] + view.lines[1] == view.counts.total());
    // Counts never go back, and what is planned stays planned.
    CHECK(view.counts.total() >= counted_);
    counted_ = view.counts.total();
    if (total_ != 0) CHECK(view.total == total_);
    total_ = view.total;
  }

  BatchActor batch_;
  support::JsonMaker choice_;
  ledger::Attempt last_ = 0;
  std::uint32_t number_ = 0;
  std::uint32_t counted_ = 0;
  std::uint32_t total_ = 0;
};

TEST_CASE("batch: any history of turns → sound after each, and it can still end") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    History history(seed);
    for (int turn = 0; turn < 120; ++turn) history.go_on();
    history.end();
  }
}

}  // namespace
}  // namespace edgebatch::actors::batch
