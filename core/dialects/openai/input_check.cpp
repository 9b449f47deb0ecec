#include "core/dialects/openai/input_check.hpp"

#include <functional>
#include <memory>
#include <utility>

#include "core/dialects/input_check.hpp"
#include "core/dialects/openai/create.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"
#include "core/text/wire.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::openai {

namespace {

class Again final : public StreamInspector {
 public:
  Again(text::SipKey secret, Expected expected) : inspector_(secret, std::move(expected)) {}
  void feed(View piece) override { inspector_.feed(piece); }
  validation::Inspection finish() override { return inspector_.finish(); }

 private:
  Inspector inspector_;
};

class Check final : public InputCheck {
 public:
  explicit Check(Expected expected) : expected_(std::move(expected)) {}

  bool good(const validation::Verdict& verdict) const override {
    return verdict.valid() && verdict.one_url && verdict.url == expected_.endpoint &&
           is_jobs(verdict.model) && expected_.serves(verdict.model);
  }
  std::unique_ptr<StreamInspector> again(text::SipKey secret) const override {
    return std::make_unique<Again>(secret, expected_);
  }

 private:
  bool is_jobs(View model) const {
    return expected_.job_model.empty() || model == expected_.job_model;
  }

  Expected expected_;
};

}  // namespace

std::unique_ptr<InputCheck> input_check(View request, std::function<bool(View model)> serves) {
  auto create = wire::decode<CreateBatch>(request).value_or(CreateBatch{});
  return std::make_unique<Check>(Expected{.endpoint = std::move(create.endpoint),
                                          .job_model = std::move(create.job_model),
                                          .serves = std::move(serves)});
}

}  // namespace edgebatch::dialects::openai
