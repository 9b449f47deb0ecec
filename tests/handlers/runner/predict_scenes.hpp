// Runs that have read their input, and what their lanes ask for.
#pragma once

#include <cstdint>

#include "core/text/bytes.hpp"
#include "handlers/config.hpp"
#include "handlers/runner/run.hpp"

#include "tests/handlers/runner/scenes.hpp"
#include "tests/handlers/script.hpp"

namespace edgebatch::script {

inline const Input input(3);

/// A run that has leased all of the input and read it.
inline Script predicting(const Config& config, const Input& of = input) {
  Script script = run_with(config, assigned(of, PredictWork{.stretch = of.all()}));
  script.expects(read(of.all())).gives(Bytes(of.bytes()));
  return script;
}

/// The lease's next renewal, still ahead when the span is over.
inline Script& keeper_is_left(Script& script) {
  return script.expects(Sleep{runner::renewal_ms}).is_left();
}

inline Script& predicts(Script& script, std::uint32_t index) {
  return script.expects(ask_for(input.item(index))).gives(says(200, good_body));
}

inline Shard whole() {
  return {
      input.all(),
      {answered_line(input.item(0)), answered_line(input.item(1)), answered_line(input.item(2))}};
}

inline const Input one(1);

inline Script asking_for_one() { return predicting(upstream_with(1), one); }

}  // namespace edgebatch::script
