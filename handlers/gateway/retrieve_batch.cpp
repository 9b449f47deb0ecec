#include "core/text/bytes.hpp"
#include "handlers/gateway/batches.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"

namespace edgebatch::gateway {

Reply retrieve_batch(Call call) {
  const Bytes& id = call.parameters[0];
  if (!is_batch_id(call.dialect(), id)) co_return call.refusal(no_such_batch(id));
  co_return co_await current_batch(&call, id);
}

}  // namespace edgebatch::gateway
