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
    switch (choice_.below(15)) {
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
      case 11: put_off(); break;
      case 12: leave(); break;
      case 13:
        if (choice_.below(4) == 0)
          (void)batch_.tell(Park{.runner = runner(), .attempt = attempt(), .status = 401});
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
    const auto assignment = batch_.tell(Claim{.runner = runner(),
                                              .run = choice_.below(6),
                                              .has_leases = choice_.below(3) == 0,
                                              .pulse = two_wanted});
    if (is_idle(assignment)) return;
    CHECK(assignment.attempt > last_);  // Never used twice.
    last_ = assignment.attempt;
    const auto state = batch_.state();
    if (std::holds_alternative<PredictWork>(assignment.work)) CHECK(lifecycle::predicting(state));
    if (const auto* drain = std::get_if<DrainWork>(&assignment.work))
      CHECK((lifecycle::draining(state) || drain->why == dialects::Unanswered::given_up));
  }

  struct Part {
    ledger::Stretch stretch;
    ledger::Attempt attempt = 0;
  };
  /// Some stretch of some span under some attempt; often enough it is the right one.
  std::optional<Part> part() {
    const auto spans = batch_.spans();
    if (spans.empty()) return std::nullopt;
    const auto& span = spans[choice_.below(spans.size())];
    const auto skipped = static_cast<std::uint32_t>(choice_.below(span.count));
    const auto count = static_cast<std::uint32_t>(1 + choice_.below(span.count - skipped));
    return Part{.stretch = {.first = span.first + skipped,
                            .count = count,
                            .byte_begin = (span.first + skipped) * 10ULL,
                            .byte_end = (span.first + skipped + count) * 10ULL},
                .attempt = choice_.below(4) == 0 ? attempt() : span.attempt};
  }

  void report() {
    if (choice_.below(3) == 0) (void)batch_.accept(attempt(), 3);
    const auto some = part();
    if (!some) return;
    const auto before = batch_.view().counts.total();
    const bool held = batch_.report(some->attempt, some->stretch, number_++).held;
    const auto after = batch_.view().counts.total();
    CHECK(after == before + (held ? some->stretch.count : 0));
  }

  /// Some items have to wait.
  void put_off() {
    const auto some = part();
    if (!some) return;
    batch_.give_back(some->attempt, {{.stretch = some->stretch,
                                      .tries = static_cast<std::uint32_t>(choice_.below(3)),
                                      .wait_ms = static_cast<Ms>(choice_.below(60'000))}});
  }

  void leave() {
    (void)batch_.tell(Renew{.runner = runner(),
                            .attempts = {attempt(), attempt()},
                            .leaving = choice_.below(2) == 0,
                            .pulse = two_wanted});
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
