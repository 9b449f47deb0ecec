#include "handlers/gateway/authenticate.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/dialects/dialect.hpp"
#include "core/http/message.hpp"
#include "core/problem/problem.hpp"
#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/sha256.hpp"
#include "handlers/config.hpp"
#include "handlers/gateway/spoken.hpp"
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

/// Whether a request without a key is the anonymous tenant's. Not one that a page in a browser
/// sends: with no key to know, every page could spend at whichever server its visitor runs.
bool is_anonymous(const Config& config, Mount mount, const std::vector<http::Header>& headers) {
  return mount == Mount::impala && !config.anonymous_tenant.empty() &&
         !http::find_header(headers, "authorization") && !http::find_header(headers, "origin");
}

/// The tenant that the request's teamspace is, if it names one.
Or<Bytes> within_teamspace(Bytes tenant, const Spoken& spoken,
                           const std::vector<http::Header>& headers) {
  if (spoken.dialect != dialects::Dialect::datagrid) return tenant;
  const View teamspace =
      text::trimmed(http::find_header(headers, "datagrid-teamspace").value_or(""));
  if (teamspace.empty()) return tenant;
  if (teamspace.size() > teamspace_chars_max ||
      !std::ranges::all_of(teamspace, text::is_name_character))
    return Problem{.code = ProblemCode::parameter_value,
                   .param = "Datagrid-Teamspace",
                   .detail = "Invalid header 'Datagrid-Teamspace': a teamspace has at most " +
                             text::decimal(teamspace_chars_max) + " letters, digits, '-' and '_'."};
  return std::move(tenant).append(".").append(teamspace);
}

}  // namespace

ports::Task<Or<Bytes>> authenticate(const Config* config, Spoken spoken,
                                    std::vector<http::Header> headers) {
  if (is_anonymous(*config, spoken.mount, headers)) co_return config->anonymous_tenant;
  const auto key = bearer_key(headers);
  if (!key) co_return Problem{.code = ProblemCode::key_missing};

  auto tenant = co_await ports::GetKey{.key = "key/" + text::sha256_hex(*key)};
  if (failed(tenant, ports::Fault::absent)) co_return Problem{.code = ProblemCode::key_unknown};
  if (failed(tenant)) co_return Problem{.code = ProblemCode::unanswered};
  co_return within_teamspace(std::get<Bytes>(std::move(tenant)), spoken, headers);
}

}  // namespace edgebatch::gateway
