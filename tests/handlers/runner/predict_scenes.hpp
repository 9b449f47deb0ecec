// Runs that have read their input, and what goes on around their requests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/text/bytes.hpp"
#include "handlers/config.hpp"
#include "handlers/runner/predictor.hpp"
#include "handlers/runner/run.hpp"

#include "tests/handlers/runner/scenes.hpp"
#include "tests/handlers/script.hpp"

namespace edgebatch::script {

inline const Input input(3);
inline const Input one(1);

constexpr ledger::Attempt second_attempt = attempt + 1;  // Of what is claimed beside the first.
constexpr Ms pace_again_ms = 25'000;                     // No other timer takes that long.
constexpr Standing more_to_claim{.held = true, .halt = Halt::none, .more = true};

// ---- The pacer

/// What a pacer says that has so many lanes for this runner.
inline Pace::Paced lanes(std::uint32_t count) {
  return {.lanes = count, .batch_lanes = count, .pause_ms = 0, .again_ms = pace_again_ms};
}
/// A question to it, by a run that doesn't leave.
inline Asked<Tell<Pace>> paces(
    Script& script, std::function<bool(const Pace&)> fits = [](const Pace&) { return true; }) {
  return script.expects_one<Tell<Pace>>([fits = std::move(fits)](const Tell<Pace>& told) {
    return told.to == pacer_name && told.command.wanted > 0 && fits(told.command);
  });
}
/// The next question to it is still ahead when the run's work is over.
inline Script& pacing_is_left(Script& script) {
  return script.expects(Sleep{pace_again_ms}).is_left();
}
/// It hears that this run leaves.
inline Script& leaves_pacer(Script& script) {
  return script
      .expects_one<Tell<Pace>>([](const Tell<Pace>& told) {
        return told.to == pacer_name && told.command.wanted == 0 && told.command.in_flight == 0;
      })
      .gives({});
}

// ---- Beginnings

/// A run that has been given that, and whose pacer hasn't answered yet.
inline Script reading(const Config& config, const Assignment& assignment, const Input& of) {
  Script script = run_with(config, assignment);
  const Stretch stretch = std::get<PredictWork>(assignment.work).stretch;
  script.expects(read(stretch)).gives(Bytes(of.bytes_of(stretch)));
  return script;
}
/// A run that has leased all of an input, read it, and may have so many requests side by side.
inline Script predicting(std::uint32_t may_have, const Input& of = input) {
  Script script =
      reading(upstream_with(may_have), assigned(of, PredictWork{.stretch = of.all()}), of);
  paces(script).gives(lanes(may_have));
  return script;
}
inline Script asking_for_one() { return predicting(1, one); }

// ---- Items

inline Asked<AskUpstream> asks(Script& script, std::uint32_t index, const Input& of = input) {
  return script.expects(ask_for(of.item(index)));
}
inline Script& predicts(Script& script, std::uint32_t index, const Input& of = input) {
  return asks(script, index, of).gives(says(200, good_body));
}
/// Nothing is asked of the upstream beside what the script has answered.
inline Script& nobody_is_asked(Script& script) { return script.nobody_asks<AskUpstream>(); }

/// Of these items requests may be in flight, and of no others.
inline Script& only_asked(Script& script, const std::vector<std::uint32_t>& indexes,
                          const Input& of = input) {
  std::vector<Bytes> allowed;
  allowed.reserve(indexes.size());
  for (const std::uint32_t index : indexes) allowed.push_back(ask_for(of.item(index)).encode());
  return script.nobody_asks<AskUpstream>([allowed = std::move(allowed)](const AskUpstream& ask) {
    return std::find(allowed.begin(), allowed.end(), ask.encode()) == allowed.end();
  });
}

/// The shard of a stretch whose items were answered well.
inline Shard good_shard(const Input& of, std::uint32_t first, std::uint32_t end,
                        std::uint32_t number = 0, ledger::Attempt under = attempt) {
  std::vector<dialects::ResultLine> lines;
  for (std::uint32_t index = first; index < end; ++index)
    lines.push_back(answered_line(of.item(index)));
  return {of.stretch(first, end), lines, number, under};
}
inline Shard whole() { return good_shard(input, 0, 3); }

// ---- Leases

/// Before the lanes run dry the run has asked for more, and there is none.
inline Script& finds_no_more(Script& script) {
  Assignment nothing;
  nothing.items_left = 8;
  return claims_more(script).gives(nothing);
}
/// There is: the stretch is its own now, and read.
inline Script& claims_and_reads(Script& script, const Input& of, const Stretch& stretch) {
  Assignment assignment = assigned(of, PredictWork{.stretch = stretch});
  assignment.attempt = second_attempt;
  claims_more(script).gives(assignment);
  return script.expects(read(stretch)).gives(Bytes(of.bytes_of(stretch)));
}

/// Ten seconds are over: all leases are renewed, which stand so.
inline Script& renews(Script& script, Standing standing,
                      const std::vector<ledger::Attempt>& attempts = {attempt},
                      bool leaving = false) {
  script.sleeps(runner::renewal_ms);
  return renewal(script, attempts, leaving).gives(standing_of(attempts, standing));
}
/// The same of a run that has stopped.
inline Script& renews_leaving(Script& script, Standing standing,
                              const std::vector<ledger::Attempt>& attempts = {attempt}) {
  return renews(script, standing, attempts, true);
}
/// Until so much time is over.
inline void renews_until(Script& script, Ms end, Standing standing = held,
                         const std::vector<ledger::Attempt>& attempts = {attempt}) {
  for (Ms waited = 0; waited < end; waited += runner::renewal_ms)
    renews(script, standing, attempts);
}

/// What isn't worked on any more is free again.
inline Script& gives_back(Script& script, std::vector<Returned> parts,
                          ledger::Attempt of = attempt) {
  return script
      .expects(Tell<GiveBack>{
          batch_id, GiveBack{.runner = runner_number, .attempt = of, .parts = std::move(parts)}})
      .gives();
}

// ---- Ends

/// The lease's next renewal, still ahead when the work is over.
inline Script& keeper_is_left(Script& script) {
  return script.expects(Sleep{runner::renewal_ms}).is_left();
}
/// Nothing is left to do, and the timers that keep the leases and the lanes are dropped.
inline Script& is_over(Script& script) {
  keeper_is_left(script);
  pacing_is_left(script);
  return leaves_pacer(script);
}
/// The same as soon as its last lease is lost: there is nothing to keep any more.
inline Script& is_over_with_its_lease(Script& script) {
  pacing_is_left(script);
  return leaves_pacer(script);
}

}  // namespace edgebatch::script
