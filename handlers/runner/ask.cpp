#include "handlers/runner/ask.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/dialects/line_format.hpp"
#include "core/dialects/sandbox.hpp"
#include "core/text/bytes.hpp"
#include "core/text/entropy.hpp"
#include "core/text/time.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::runner {

using dialects::Answer;
using dialects::Item;
using dialects::ResultLine;
using dialects::Unanswered;

namespace {

enum WantedHeader : std::size_t { request_id_header, retry_after_header };

/// What one request came to.
struct Outcome {
  std::optional<Answer> answer;
  Unanswered why = Unanswered::unreachable;  // Without an answer.
  std::optional<Ms> retry_after;
};

// Whether asking again may bring another answer (RFC 9110; 409 and 425 as batch providers use
// them).
bool transient(std::uint32_t status) {
  return status == 408 || status == 409 || status == 425 || status == 429 || status >= 500;
}

ports::AskUpstream request(const Upstream& upstream, const dialects::LineFormat& format,
                           const Item& item) {
  ports::AskUpstream ask{
      .method = "POST",
      .url = upstream.url + item.path,
      .headers = {{"content-type", "application/json"}, {"accept", "application/json"}},
      .wanted_headers = {"x-request-id", "retry-after"},
      .answer_bytes_max = answer_bytes_max,
      .timeout_ms = ask_ms_max,
      .body = format.body(item, upstream.own_name(item.model).value_or(item.model),
                          dialects::Delivery::whole)};
  if (!upstream.key.empty()) ask.headers.emplace_back("authorization", "Bearer " + upstream.key);
  return ask;
}

Outcome outcome_of(ports::Got<ports::AskUpstream::Answered> got, Ms now) {
  if (failed(got, ports::Fault::late))
    return {.answer = {}, .why = Unanswered::timed_out, .retry_after = {}};
  if (failed(got, ports::Fault::too_large))
    return {.answer = {}, .why = Unanswered::too_large, .retry_after = {}};
  if (failed(got)) return {.answer = {}, .why = Unanswered::unreachable, .retry_after = {}};

  auto& answered = std::get<ports::AskUpstream::Answered>(got);
  answered.headers.resize(2);
  Outcome outcome{.answer = Answer{.status = answered.status,
                                   .request_id = answered.headers[request_id_header].value_or(""),
                                   .body = std::move(answered.body)},
                  .why = Unanswered::not_json,
                  .retry_after = {}};
  if (const auto& wait = answered.headers[retry_after_header])
    outcome.retry_after = text::parse_retry_after(*wait, now);
  return outcome;
}

/// Pauses between tries: as long as the upstream says, else exponential with jitter.
Ms pause_ms(const Outcome& outcome, unsigned tries, text::Entropy& entropy) {
  if (outcome.retry_after) return std::min(*outcome.retry_after, retry_after_ms_max);
  const Ms full = std::min(backoff_ms_max, backoff_ms_min << std::min(tries, 16U));
  return full - static_cast<Ms>(entropy.draw_u64() % static_cast<std::uint64_t>(full / 4 + 1));
}

/// The outcome as a line, if it is final; else nothing.
std::optional<ResultLine> line_of(const dialects::LineFormat& format, View batch_id,
                                  const Item& item, const Outcome& outcome, bool last_try) {
  if (!outcome.answer) {
    if (!last_try && outcome.why != Unanswered::too_large) return std::nullopt;
    return format.unanswered(batch_id, item, outcome.why, {});
  }
  if (!last_try && transient(outcome.answer->status)) return std::nullopt;
  auto line = format.answered(batch_id, item, *outcome.answer);
  if (!line && last_try) return format.unanswered(batch_id, item, Unanswered::not_json, {});
  return line;
}

}  // namespace

ports::Task<std::optional<ResultLine>> predict(const Config* config, Flights* flights,
                                               const dialects::LineFormat* format, Bytes batch_id,
                                               Item item) {
  const Upstream* const upstream = config->serving(item.model);
  if (upstream == nullptr)
    co_return format->unanswered(batch_id, item, Unanswered::unreachable,
                                 "No upstream serves this model any more.");
  if (upstream->is_sandbox()) {
    co_await ports::Sleep{sandbox_latency_ms};
    co_return format->answered(
        batch_id, item,
        dialects::sandbox_answer(item, format->body(item, item.model, dialects::Delivery::whole)));
  }

  ports::Context& context = co_await ports::Here{};
  const ports::AskUpstream ask = request(*upstream, *format, item);
  for (unsigned tries = 1; flights->may_depart(); ++tries) {
    flights->departed();
    auto got = co_await ask;
    flights->arrived();

    const Outcome outcome = outcome_of(std::move(got), context.now());
    auto line = line_of(*format, batch_id, item, outcome, tries == tries_count_max);
    if (line || !flights->may_depart()) co_return line;
    co_await ports::Sleep{pause_ms(outcome, tries - 1, context.entropy())};
  }
  co_return std::nullopt;
}

}  // namespace edgebatch::runner
