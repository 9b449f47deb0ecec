#include "core/dialects/datagrid/line.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "core/dialects/datagrid/chat_request.hpp"
#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/datagrid/item_error.hpp"
#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/datagrid/prediction.hpp"
#include "core/dialects/datagrid/problem_details.hpp"
#include "core/dialects/line_format.hpp"
#include "core/dialects/usage.hpp"
#include "core/http/composed.hpp"
#include "core/json/writer.hpp"
#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/wire.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

bool is_success(std::uint32_t status) { return status >= 200 && status < 300; }

json::Writer begin_line(View batch_id, const Item& item, View status) {
  json::Writer out;
  out.begin_object();
  out.member("object", "batch_prediction.result");
  out.member("batch_id", batch_id);
  out.member("custom_id", item.custom_id);
  out.member("status", status);
  return out;
}

ResultLine succeeded(View batch_id, const Item& item, const Output& output) {
  json::Writer out = begin_line(batch_id, item, "succeeded");
  out.key("output").raw(output.json);
  out.null_member("error").end_object();
  return {.stream = 0, .text = out.take(), .counts = {.succeeded = 1}, .usage = {}};
}

// Why an item has no output. The detail is for people.
struct Reason {
  Kind kind;
  Bytes detail;
  View status = "errored";
  ledger::Counts counts{.errored = 1};
};

ResultLine without_output(View batch_id, const Item& item, const Reason& reason) {
  json::Writer out = begin_line(batch_id, item, reason.status);
  out.null_member("output");
  out.key("error").begin_object();
  append_details(out, reason.kind, reason.detail);
  out.end_object().end_object();
  return {.stream = 0, .text = out.take(), .counts = reason.counts, .usage = {}};
}

Reason refused_by_provider(const Answer& answer) {
  const bool unpaid = answer.status == kinds::credit_exceeded.status;
  const Bytes message = error_message(answer.body);
  return {.kind = unpaid ? kinds::credit_exceeded : kinds::batch_item_processing_failed,
          .detail = "The model provider answered with status " + text::decimal(answer.status) +
                    (message.empty() ? " and an empty body." : ": " + message)};
}

// Of a batch that failed: what is wrong with this very item, or that it was others.
Reason refusal(const Item& item) {
  const auto line = read_item_line(item.body);
  if (line && line->refusal) return {kind_of(*line->refusal), message(*line->refusal)};
  return {kinds::batch_validation_failed,
          "This item was not run because other items of its batch can't be sent."};
}

Reason reason(Unanswered why, const Item& item) {
  constexpr Kind failed = kinds::batch_item_processing_failed;
  using enum Unanswered;
  switch (why) {
    case cancelled:
      return {.kind = kinds::batch_cancelled,
              .detail = "This item was not run because the batch was cancelled.",
              .status = "canceled",
              .counts = {.canceled = 1}};
    case expired:
      return {.kind = kinds::batch_expired,
              .detail = "This item was not run before the completion window was over.",
              .status = "expired",
              .counts = {.expired = 1}};
    case refused: return refusal(item);
    case unreachable: return {failed, "The model provider could not be reached in any try."};
    case not_json:
      return {failed, "The model provider answered with something that is not JSON in every try."};
    case too_large:
      return {failed, "The model provider's answer was larger than a result line may be."};
    case given_up:
      return {failed, "This item was given up: whatever worked on it died, again and again."};
    case timed_out: break;
  }
  return {failed, "The model provider did not answer in time in any try."};
}

class Lines final : public LineFormat {
 public:
  Lines(Bytes model, Brief brief) : model_(std::move(model)), brief_(std::move(brief)) {}

  unsigned streams() const override { return 1; }

  std::optional<Item> read(View line, std::uint32_t index) const override {
    auto item = read_item_line(line);
    if (!item) return std::nullopt;
    return Item{.index = index,
                .custom_id = std::move(item->custom_id),
                .path = "/chat/completions",
                .body = Bytes(line),
                .model = model_};
  }

  http::Composed body(const Item& item, View own_name, Delivery delivery) const override {
    const auto line = read_item_line(item.body);
    if (!line || !line->file) return {};
    return chat_request(*line, brief_, own_name, delivery);
  }

  std::optional<ResultLine> answered(View batch_id, const Item& item,
                                     const Answer& answer) const override {
    if (!is_success(answer.status))
      return without_output(batch_id, item, refused_by_provider(answer));
    const auto prediction = read_prediction(answer.body);
    if (!prediction) return std::nullopt;
    ResultLine line;
    if (const auto* output = std::get_if<Output>(&*prediction))
      line = succeeded(batch_id, item, *output);
    else if (const auto* none = std::get_if<NoOutput>(&*prediction))
      line = without_output(batch_id, item, {kinds::prediction_failed, none->why});
    line.usage = usage_of(answer.body);  // The model ran, whatever came of it.
    return line;
  }

  ResultLine unanswered(View batch_id, const Item& item, Unanswered why,
                        View detail) const override {
    Reason because = reason(why, item);
    if (!detail.empty()) because.detail.append(" ").append(detail);
    return without_output(batch_id, item, because);
  }

 private:
  Bytes model_;
  Brief brief_;
};

}  // namespace

std::unique_ptr<const LineFormat> line_format(View request, View brief) {
  return std::make_unique<Lines>(wire::decode<CreateBatch>(request).value_or(CreateBatch{}).model,
                                 wire::decode<Brief>(brief).value_or(Brief{}));
}

}  // namespace edgebatch::dialects::datagrid
