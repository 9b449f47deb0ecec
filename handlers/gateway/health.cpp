#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"

namespace edgebatch::gateway {

// Being reached at all says that the core runs and its variables can be read.
Reply health(Call) { co_return json_response(R"({"status":"ok","service":"edgebatch"})"); }

}  // namespace edgebatch::gateway
