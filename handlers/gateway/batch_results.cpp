// The result lines of a batch, of all kinds, in one stream. Of one that has ended: all of them. Of
// one that still runs, if that is asked for: those that are there, in the order of its items up to
// the first that has none; and then, as long as the client listens, those that follow.
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "core/dialects/batch_view.hpp"
#include "core/http/message.hpp"
#include "core/http/range.hpp"
#include "core/http/target.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/gateway/batches.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/content_response.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/follow_batch.hpp"

namespace edgebatch::gateway {

using actors::batch::Progress;

namespace {

struct Wanted {
  bool partial = false;
  bool follow = false;
  std::uint64_t offset = 0;  // Bytes of lines that the client has.
};

Problem bad_parameter(View name, View expected) {
  Bytes sentence = "Invalid value for '";
  sentence.append(name).append("': expected ").append(expected).append(".");
  return {
      .code = ProblemCode::parameter_value, .param = Bytes(name), .detail = std::move(sentence)};
}

Or<bool> read_flag(const http::Query& query, View name) {
  const auto given = query.find(name);
  if (!given || *given == "false") return false;
  if (*given == "true") return true;
  return bad_parameter(name, "true or false");
}

Or<Wanted> read_wanted(const http::Query& query) {
  const auto partial = read_flag(query, "partial");
  if (const auto* problem = std::get_if<Problem>(&partial)) return *problem;
  const auto follow = read_flag(query, "follow");
  if (const auto* problem = std::get_if<Problem>(&follow)) return *problem;
  const auto offset = text::parse_decimal(query.find("offset").value_or("0"));
  if (!offset) return bad_parameter("offset", "a number of bytes");
  const bool following = std::get<bool>(follow);
  return Wanted{
      .partial = std::get<bool>(partial) || following, .follow = following, .offset = *offset};
}

/// Why these results aren't shown, if they aren't.
std::optional<Problem> refusal_of(const Progress::Stored& stored, const Wanted& wanted) {
  if (stored.view.results_gone) return Problem{.code = ProblemCode::results_gone};
  if (lifecycle::terminal(stored.view.state) || wanted.partial) return std::nullopt;
  return Problem{.code = ProblemCode::results_not_ready,
                 .param = {},
                 .detail = Bytes(lifecycle::name(dialects::shown_state(stored.view)))};
}

http::Response what_is_there(const Call& call, Progress::Stored stored) {
  // What was read once stays as it is, so the lengths say which version it is.
  const std::uint64_t length = http::total_length(stored.sections);
  Content content{.sections = std::move(stored.sections),
                  .media_type = Bytes(results_media_type),
                  .entity_tag = stored.view.id + "-" + text::decimal(stored.length) + "-" +
                                text::decimal(length)};
  auto response = content_response(std::move(content), call.request.headers);
  response.headers.emplace_back("x-incomplete", complete(stored) ? "false" : "true");
  return response;
}

}  // namespace

Reply batch_results(Call call) {
  const Bytes& id = call.parameters[0];
  if (!is_batch_id(call.dialect(), id)) co_return call.refusal(no_such_batch(id));
  const auto read = read_wanted(call.query);
  if (const auto* problem = std::get_if<Problem>(&read)) co_return call.refusal(*problem);
  const auto& wanted = std::get<Wanted>(read);

  auto seen = co_await look_at_results(&call, wanted.offset);
  if (const auto* problem = std::get_if<Problem>(&seen)) co_return call.refusal(*problem);
  auto& stored = std::get<Progress::Stored>(seen);
  if (const auto problem = refusal_of(stored, wanted)) co_return call.refusal(*problem);
  if (complete(stored) || !wanted.follow) co_return what_is_there(call, std::move(stored));
  co_return co_await follow_batch(&call, wanted.offset, std::move(stored));
}

}  // namespace edgebatch::gateway
