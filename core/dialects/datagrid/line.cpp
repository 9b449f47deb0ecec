#include "core/dialects/datagrid/line.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/datagrid/chat_request.hpp"
#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/datagrid/follow_up.hpp"
#include "core/dialects/datagrid/item_error.hpp"
#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/datagrid/prediction.hpp"
#include "core/dialects/datagrid/problem_details.hpp"
#include "core/dialects/datagrid/strict_mode.hpp"
#include "core/dialects/line_format.hpp"
#include "core/dialects/usage.hpp"
#include "core/http/composed.hpp"
#include "core/json/writer.hpp"
#include "core/ledger/span.hpp"
#include "core/problem/excerpt.hpp"
#include "core/schema/schema.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/siphash.hpp"
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

Bytes in_words(const std::vector<schema::Failure>& failures) {
  Bytes words = "The model's answer does not fit output_schema: ";
  for (const schema::Failure& failure : failures) {
    if (&failure != &failures.front()) words += "; ";
    words += schema::in_words(failure);
  }
  return words + ".";
}

class Lines final : public LineFormat {
 public:
  Lines(Bytes model, Brief brief, const text::SipKey& secret)
      : model_(std::move(model)),
        brief_(std::move(brief)),
        strict_(allows_strict_mode(brief_.output_schema)) {
    if (brief_.output_schema.empty()) return;  // Nothing is asked.
    auto compiled = schema::Schema::compile(brief_.output_schema, secret);
    if (auto* schema = std::get_if<schema::Schema>(&compiled))
      schema_ = std::make_unique<schema::Schema>(std::move(*schema));
  }

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
    const auto before = follow_up_of(item);
    return chat_request(*line, brief_,
                        {.model = own_name,
                         .delivery = delivery,
                         .strict = strict_,
                         .follow_up = before ? &*before : nullptr});
  }

  std::optional<ResultLine> answered(View batch_id, const Item& item,
                                     const Answer& answer) const override {
    if (!is_success(answer.status))
      return without_answer(batch_id, item, refused_by_provider(answer));
    auto prediction = read_prediction(answer.body);
    if (!prediction) return std::nullopt;
    const auto before = follow_up_of(item);
    FollowUp total;
    if (before) total.usage = before->usage;
    total.usage += usage_of(answer.body);  // The model ran, whatever came of it.
    ResultLine line;
    if (auto* output = std::get_if<Output>(&*prediction)) {
      if (auto misfit = misfit_of(*output))
        prediction = std::move(*misfit);
      else
        line = succeeded(batch_id, item, *output);
    }
    if (auto* none = std::get_if<NoOutput>(&*prediction)) {
      if (before && !none->mendable) none->why = asked_again(*before, none->why);
      line = without_output(batch_id, item, {kinds::prediction_failed, none->why});
      if (none->mendable) {
        total.said = problem::excerpt(none->said, said_chars_max);
        total.why = std::move(none->why);
        line.follow_up = wire::encode(total);
      }
    }
    line.usage = total.usage;
    return line;
  }

  ResultLine unanswered(View batch_id, const Item& item, Unanswered why,
                        View detail) const override {
    Reason because = reason(why, item);
    if (!detail.empty()) because.detail.append(" ").append(detail);
    return without_answer(batch_id, item, because);
  }

 private:
  static std::optional<FollowUp> follow_up_of(const Item& item) {
    if (item.follow_up.empty()) return std::nullopt;
    return wire::decode<FollowUp>(item.follow_up);
  }

  /// Of one that was asked for again, or was to be, the answer before is what came of it.
  static ResultLine without_answer(View batch_id, const Item& item, const Reason& because) {
    const auto before = follow_up_of(item);
    if (!before) return without_output(batch_id, item, because);
    const Bytes detail =
        because.counts.errored > 0 ? asked_again(*before, because.detail) : before->why;
    ResultLine line = without_output(batch_id, item, {kinds::prediction_failed, detail});
    line.usage = before->usage;
    return line;
  }

  /// The answer before is what can be mended; what came of the next tells why it wasn't.
  static Bytes asked_again(const FollowUp& before, View next) {
    return Bytes(before.why).append(" Asked again: ").append(next);
  }

  /// Why an object is none that was asked for, if it isn't.
  std::optional<NoOutput> misfit_of(Output& output) const {
    if (brief_.output_schema.empty()) return std::nullopt;
    if (!schema_)
      return NoOutput{
          "The batch's output_schema was taken by another version of edgebatch, and "
          "can't be followed by this one."};
    const auto failures = schema_->validate(output.json);
    if (failures.empty()) return std::nullopt;
    // What no keyword says is more than we look at: no model can mend that.
    const bool mendable = !failures.front().keyword.empty();
    return NoOutput{in_words(failures), mendable, std::move(output.json)};
  }

  Bytes model_;
  Brief brief_;
  bool strict_;
  std::unique_ptr<schema::Schema> schema_;
};

}  // namespace

std::unique_ptr<const LineFormat> line_format(View request, View brief,
                                              const text::SipKey& secret) {
  return std::make_unique<Lines>(wire::decode<CreateBatch>(request).value_or(CreateBatch{}).model,
                                 wire::decode<Brief>(brief).value_or(Brief{}), secret);
}

}  // namespace edgebatch::dialects::datagrid
