#include "handlers/gateway/follow_batch.hpp"

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "core/http/message.hpp"
#include "core/http/range.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

using actors::batch::Progress;
using ports::Respond;

namespace {

class Follower {
 public:
  Follower(const Call* call, ports::Context& context, std::uint64_t offset)
      : call_(call), context_(context), offset_(offset), wrote_at_(context.now()) {}

  ports::Task<void> follow(Progress::Stored stored) {
    if (!co_await begin()) co_return;
    for (std::uint32_t polls = 0; polls < polls_count_max; ++polls) {
      const bool more_to_come = !complete(stored);
      const bool planned = stored.view.total > 0;
      if (!co_await write_lines(std::move(stored.sections)) || !more_to_come) co_return;
      if (!co_await wait(planned)) co_return;

      auto seen = co_await look_at_results(call_, offset_);
      if (const auto* problem = std::get_if<Problem>(&seen)) {
        // Silence behind us passes; what was seen stays as it is.
        if (problem->code != ProblemCode::unanswered) break;
        stored.sections.clear();
      } else {
        stored = std::get<Progress::Stored>(std::move(seen));
      }
    }
    co_await Respond{Respond::BreakOff{}};
  }

 private:
  // Each of these is false if the client is gone.

  ports::Task<bool> begin() {
    Respond::Begin begin{.status = 200, .headers = call_->answer_headers};
    begin.headers.emplace_back("content-type", results_media_type);
    co_return !failed(co_await Respond{std::move(begin)});
  }

  ports::Task<bool> write_lines(std::vector<http::Section> sections) {
    const std::uint64_t length = http::total_length(sections);
    if (length == 0) co_return true;
    if (failed(co_await Respond{std::move(sections)})) co_return false;
    offset_ += length;
    wrote_at_ = context_.now();
    co_return true;
  }

  /// Spaces may stand in front of a line, but not behind the last one: a batch that isn't planned
  /// may end without any.
  ports::Task<bool> wait(bool planned) {
    co_await ports::Sleep{poll_ms};
    if (!planned || context_.now() - wrote_at_ < heartbeat_ms) co_return true;
    wrote_at_ = context_.now();
    co_return !failed(co_await Respond{Bytes(" ")});
  }

  const Call* call_;
  ports::Context& context_;
  std::uint64_t offset_;
  Ms wrote_at_;
};

}  // namespace

ports::Task<Or<Progress::Stored>> look_at_results(const Call* call, std::uint64_t offset) {
  auto told = co_await ports::Tell{
      call->parameters[0],
      Progress{.tenant = call->tenant, .dialect = call->dialect(), .offset = offset}};
  if (failed(told)) co_return Problem{.code = ProblemCode::unanswered};
  co_return std::get<Progress::Reply>(std::move(told));
}

bool complete(const Progress::Stored& stored) {
  return stored.whole || lifecycle::terminal(stored.view.state);
}

ports::Task<http::Response> follow_batch(const Call* call, std::uint64_t offset,
                                         Progress::Stored stored) {
  ports::Context& context = co_await ports::Here{};
  Follower follower(call, context, offset);
  co_await follower.follow(std::move(stored));
  co_return http::Response{};
}

}  // namespace edgebatch::gateway
