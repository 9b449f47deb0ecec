// What a batch expects of its input beyond what was known when the input streamed in.
#pragma once

#include <functional>
#include <memory>

#include "core/dialects/dialect.hpp"
#include "core/text/siphash.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects {

/// Takes an input once more, piece by piece.
class StreamInspector {
 public:
  virtual ~StreamInspector() = default;
  virtual void feed(View piece) = 0;
  virtual validation::Inspection finish() = 0;
};

class InputCheck {
 public:
  virtual ~InputCheck() = default;

  /// True if the verdict leaves no doubt that the input is good for this batch. Otherwise `again()`
  /// has the last word.
  virtual bool good(const validation::Verdict& verdict) const = 0;
  virtual std::unique_ptr<StreamInspector> again(text::SipKey secret) const = 0;
};

/// Nothing where items are planned one by one (`item_plan.hpp`). `request`: what the client asked
/// for, as the dialect encoded it; `serves`: whether a model has an upstream.
std::unique_ptr<InputCheck> input_check(Dialect dialect, View request,
                                        std::function<bool(View model)> serves);

}  // namespace edgebatch::dialects
