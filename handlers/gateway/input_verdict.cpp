#include "handlers/gateway/input_verdict.hpp"

#include "core/dialects/openai/endpoints.hpp"
#include "core/dialects/openai/verdict_json.hpp"
#include "core/problem/excerpt.hpp"
#include "core/text/bytes.hpp"
#include "handlers/config.hpp"

namespace edgebatch::gateway {

namespace openai = dialects::openai;

Or<openai::Expected> expected_of(const Call& call) {
  const Config* const config = call.config;
  openai::Expected expected{
      .endpoint = Bytes(call.query.find("endpoint").value_or("")),
      .serves = [config](View model) { return config->serving(model) != nullptr; }};
  if (expected.endpoint.empty() || openai::is_endpoint(expected.endpoint)) return expected;
  const auto urls = openai::endpoints();
  return Problem{.code = ProblemCode::parameter_value,
                 .param = "endpoint",
                 .detail = "Invalid value for 'endpoint': '" + problem::excerpt(expected.endpoint) +
                           "'. Supported values are: " +
                           problem::quoted_list({urls.begin(), urls.end()}) + "."};
}

http::Response verdict_response(const validation::Verdict& verdict) {
  return json_response(openai::verdict_json(verdict));
}

}  // namespace edgebatch::gateway
