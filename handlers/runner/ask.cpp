#include "handlers/runner/ask.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "core/dialects/line_format.hpp"
#include "core/dialects/sandbox.hpp"
#include "core/http/composed.hpp"
#include "core/text/bytes.hpp"
#include "core/text/entropy.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/exchange.hpp"

namespace edgebatch::runner {

using dialects::Answer;
using dialects::Delivery;
using dialects::Item;
using dialects::Unanswered;

namespace {

constexpr std::uint32_t too_many_requests = 429;
constexpr std::uint32_t unavailable = 503;

// Whether asking again may bring another answer (RFC 9110; 409 and 425 as batch providers use
// them).
bool transient(std::uint32_t status) {
  return status == 408 || status == 409 || status == 425 || status == too_many_requests ||
         status >= 500;
}

// What it says to a wrong key or address, whatever is asked. Redirects are not followed.
bool may_refuse_everybody(std::uint32_t status) {
  const bool redirects = status >= 300 && status < 400;
  return status == 401 || status == 403 || status == 404 || redirects;
}

/// Pauses between tries are exponential, with jitter; the upstream may want longer ones.
Ms backoff_ms(unsigned tries, text::Entropy& entropy) {
  const Ms full = std::min(backoff_ms_max, backoff_ms_min << std::min(tries, 16U));
  return full - static_cast<Ms>(entropy.draw_u64() % static_cast<std::uint64_t>(full / 4 + 1));
}

/// Without a whole answer.
Tried without_answer(ports::Fault fault, const dialects::LineFormat& format, View batch_id,
                     const Item& item, bool last_try) {
  Tried tried;
  Unanswered why = Unanswered::unreachable;
  bool final = last_try;
  switch (fault) {
    case ports::Fault::too_large:
      why = Unanswered::too_large;
      final = true;
      break;
    case ports::Fault::late:
      why = Unanswered::timed_out;
      tried.health = Health::throttled;
      break;
    default: tried.health = Health::broken; break;
  }
  if (final) tried.line = format.unanswered(batch_id, item, why, {});
  return tried;
}

Health health_of(std::uint32_t status, bool asks_to_wait) {
  if (status == too_many_requests || (status == unavailable && asks_to_wait))
    return Health::throttled;
  return transient(status) ? Health::broken : Health::well;
}

Tried with_answer(const Said& said, const dialects::LineFormat& format, View batch_id,
                  const Item& item, bool last_try) {
  const Answer& answer = said.answer;
  Tried tried;
  tried.health = health_of(answer.status, said.retry_after_ms.has_value());
  tried.retry_after_ms = std::min(said.retry_after_ms.value_or(0), retry_after_ms_max);
  if (may_refuse_everybody(answer.status)) tried.refusal = answer.status;
  if (transient(answer.status) && !last_try) return tried;
  tried.line = format.answered(batch_id, item, answer);
  if (tried.line) return tried;
  // It isn't JSON.
  if (tried.refusal == 0) tried.health = Health::broken;
  if (last_try || tried.refusal != 0)
    tried.line = format.unanswered(batch_id, item, Unanswered::not_json, {});
  return tried;
}

}  // namespace

ports::Task<Tried> ask_once(const Config* config, const dialects::LineFormat* format,
                            const Bytes* batch_id, const Item* item, unsigned tries,
                            std::function<void()> headers_came) {
  const Upstream* const upstream = config->serving(item->model);
  if (upstream == nullptr)
    co_return Tried{.line = format->unanswered(*batch_id, *item, Unanswered::unreachable,
                                               "No upstream serves this model any more.")};
  if (upstream->is_sandbox()) {
    co_await ports::Sleep{sandbox_latency_ms};
    const http::Composed body = format->body(*item, item->model, Delivery::whole);
    co_return Tried{.line =
                        format->answered(*batch_id, *item, dialects::sandbox_answer(*item, body))};
  }

  ports::Context& context = co_await ports::Here{};
  const bool last_try = tries + 1 >= tries_count_max;
  const auto got = co_await exchange(upstream, format, item, std::move(headers_came));
  Tried tried =
      failed(got) ? without_answer(std::get<ports::Fault>(got), *format, *batch_id, *item, last_try)
                  : with_answer(std::get<Said>(got), *format, *batch_id, *item, last_try);
  if (!tried.line)
    tried.wait_ms = std::max(tried.retry_after_ms, backoff_ms(tries, context.entropy()));
  co_return tried;
}

}  // namespace edgebatch::runner
