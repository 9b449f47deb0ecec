#include "handlers/gateway/authenticate.hpp"

#include <optional>
#include <vector>

#include "core/http/message.hpp"
#include "core/problem/problem.hpp"
#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"
#include "core/text/sha256.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

namespace {

/// Of `Authorization: Bearer <key>`.
std::optional<View> bearer_key(const std::vector<http::Header>& headers) {
  constexpr View scheme = "bearer ";
  const auto value = http::find_header(headers, "authorization");
  if (!value || !text::equal_ignoring_case(value->substr(0, scheme.size()), scheme))
    return std::nullopt;
  const View key = text::trimmed(value->substr(scheme.size()));
  if (key.empty()) return std::nullopt;
  return key;
}

}  // namespace

ports::Task<Or<Bytes>> authenticate(std::vector<http::Header> headers) {
  const auto key = bearer_key(headers);
  if (!key) co_return Problem{.code = ProblemCode::key_missing};

  const auto tenant = co_await ports::GetKey{.key = "key/" + text::sha256_hex(*key)};
  if (failed(tenant, ports::Fault::absent)) co_return Problem{.code = ProblemCode::key_unknown};
  if (failed(tenant)) co_return Problem{.code = ProblemCode::unanswered};
  co_return std::get<Bytes>(tenant);
}

}  // namespace edgebatch::gateway
