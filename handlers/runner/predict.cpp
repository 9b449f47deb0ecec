#include "handlers/runner/predict.hpp"

#include "handlers/actors/batch/commands.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/lanes.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/predictor.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

ports::Task<End> predict(Work* work, Lease lease, actors::batch::PredictWork first) {
  ports::Context& context = co_await ports::Here{};
  Predictor predictor(work, context);
  {
    ports::Lanes children(context);
    predictor.start(children, lease, first);
    co_await predictor.over();
  }
  co_await predictor.hand_in();
  co_return predictor.end();
}

}  // namespace edgebatch::runner
