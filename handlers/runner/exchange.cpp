#include "handlers/runner/exchange.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/chat_stream.hpp"
#include "core/dialects/line_format.hpp"
#include "core/http/message.hpp"
#include "core/text/bytes.hpp"
#include "core/text/time.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::runner {

using dialects::Delivery;
using dialects::Unanswered;
using ports::Fault;
using ports::Got;

namespace {

enum WantedHeader : std::size_t { request_id_header, retry_after_header, content_type_header };

using Headers = std::vector<std::optional<Bytes>>;

template <class Request>
Request request(const Upstream& upstream, const dialects::LineFormat& format,
                const dialects::Item& item, Delivery delivery) {
  Request ask;
  ask.method = "POST";
  ask.url = upstream.url + item.path;
  ask.headers = {{"content-type", "application/json"},
                 {"accept", delivery == Delivery::streamed ? "text/event-stream, application/json"
                                                           : "application/json"}};
  if (!upstream.key.empty()) ask.headers.emplace_back("authorization", "Bearer " + upstream.key);
  ask.wanted_headers = {"x-request-id", "retry-after"};
  if (delivery == Delivery::streamed) ask.wanted_headers.emplace_back("content-type");
  ask.timeout_ms = ask_ms_max;
  ask.body = format.body(item, upstream.own_name(item.model).value_or(item.model), delivery);
  return ask;
}

/// `headers` in the order in which they were wanted.
Said said(std::uint32_t status, const Headers& headers, Bytes body, Ms now) {
  const auto header = [&headers](WantedHeader which) {
    return which < headers.size() ? headers[which] : std::nullopt;
  };
  Said said{.answer = {.status = status,
                       .request_id = header(request_id_header).value_or(""),
                       .body = std::move(body)},
            .retry_after_ms = {}};
  if (const auto wait = header(retry_after_header))
    said.retry_after_ms = text::parse_retry_after(*wait, now);
  return said;
}

ports::ReadAnswer next_piece(std::uint32_t handle) {
  return {.handle = handle,
          .bytes_min = stream_piece_bytes,
          .within_ms = static_cast<std::uint64_t>(stream_piece_ms)};
}

/// What a stream came to; `fault`: how it broke off.
struct Folding {
  std::variant<dialects::Folded, Unanswered> folded;
  Fault fault = Fault::none;
};

ports::Task<Folding> fold(std::uint32_t handle) {
  dialects::ChatStream stream(answer_bytes_max);
  Folding folding;
  while (!stream.over()) {
    const auto piece = co_await next_piece(handle);
    if (failed(piece)) {
      if (!failed(piece, Fault::absent)) folding.fault = std::get<Fault>(piece);
      folding.folded = stream.finish();  // It may be whole all the same.
      co_return folding;
    }
    stream.feed(std::get<Bytes>(piece));
  }
  co_await ports::CloseAnswer{handle};
  folding.folded = stream.finish();
  co_return folding;
}

/// The body as it is.
ports::Task<Got<Bytes>> collect(std::uint32_t handle) {
  Bytes body;
  for (;;) {
    const auto piece = co_await next_piece(handle);
    if (failed(piece, Fault::absent)) co_return body;
    if (failed(piece)) co_return std::get<Fault>(piece);
    body += std::get<Bytes>(piece);
    if (body.size() <= answer_bytes_max) continue;
    co_await ports::CloseAnswer{handle};
    co_return Fault::too_large;
  }
}

ports::Task<Got<Said>> streamed(ports::OpenUpstream open, std::function<void()> headers_came) {
  ports::Context& context = co_await ports::Here{};
  auto got = co_await open;
  if (failed(got)) co_return std::get<Fault>(got);
  headers_came();
  auto& opened = std::get<ports::OpenUpstream::Opened>(got);
  const bool is_stream =
      opened.headers.size() > content_type_header &&
      dialects::is_event_stream(opened.status, opened.headers[content_type_header].value_or(""));
  if (!is_stream) {
    auto body = co_await collect(opened.handle);
    if (failed(body)) co_return std::get<Fault>(body);
    co_return said(opened.status, opened.headers, std::get<Bytes>(std::move(body)), context.now());
  }
  auto folding = co_await fold(opened.handle);
  if (auto* const folded = std::get_if<dialects::Folded>(&folding.folded))
    co_return said(folded->status, opened.headers, std::move(folded->body), context.now());
  switch (std::get<Unanswered>(folding.folded)) {
    case Unanswered::too_large: co_return Fault::too_large;
    case Unanswered::not_json: co_return said(opened.status, opened.headers, {}, context.now());
    default: co_return folding.fault == Fault::none ? Fault::lost : folding.fault;
  }
}

}  // namespace

ports::Task<Got<Said>> exchange(const Upstream* upstream, const dialects::LineFormat* format,
                                const dialects::Item* item, std::function<void()> headers_came) {
  if (upstream->streams && dialects::streamable(*item))
    co_return co_await streamed(
        request<ports::OpenUpstream>(*upstream, *format, *item, Delivery::streamed),
        std::move(headers_came));

  ports::Context& context = co_await ports::Here{};
  auto ask = request<ports::AskUpstream>(*upstream, *format, *item, Delivery::whole);
  ask.answer_bytes_max = answer_bytes_max;
  auto got = co_await ask;
  if (failed(got)) co_return std::get<Fault>(got);
  auto& answered = std::get<ports::AskUpstream::Answered>(got);
  co_return said(answered.status, answered.headers, std::move(answered.body), context.now());
}

}  // namespace edgebatch::runner
