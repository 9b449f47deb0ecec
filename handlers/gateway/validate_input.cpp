// `POST /batches/validate`: the body is an input of a batch as it is, without a form. It is checked
// while it streams past; nothing is stored.
#include <utility>
#include <variant>

#include "core/dialects/openai/input.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/input_verdict.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

using dialects::openai::input_bytes_max;

Reply validate_input(Call call) {
  auto expected = expected_of(call);
  if (const auto* problem = std::get_if<Problem>(&expected)) co_return call.refusal(*problem);

  ports::Context& context = co_await ports::Here{};
  dialects::openai::Inspector inspector(
      {context.entropy().draw_u64(), context.entropy().draw_u64()},
      std::get<dialects::openai::Expected>(std::move(expected)));
  for (;;) {
    const auto piece = co_await ports::ReadBody{};
    if (failed(piece, ports::Fault::absent)) break;
    if (failed(piece)) co_return call.refusal({.code = ProblemCode::upload_interrupted});
    inspector.feed(std::get<Bytes>(piece));
    if (inspector.so_far().bytes > input_bytes_max)
      co_return call.refusal(
          {.code = ProblemCode::body_too_large, .detail = text::decimal(input_bytes_max)});
  }
  co_return verdict_response(inspector.finish().verdict);
}

}  // namespace edgebatch::gateway
