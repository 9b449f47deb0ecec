// The endpoints, each in the file of its name.
#pragma once

#include "handlers/gateway/call.hpp"

namespace edgebatch::gateway {

Reply create_file(Call call);
Reply list_files(Call call);
Reply retrieve_file(Call call);
Reply update_file(Call call);
Reply delete_file(Call call);
Reply file_content(Call call);
Reply file_verdict(Call call);

Reply create_batch(Call call);
Reply validate_input(Call call);
Reply create_batch_prediction(Call call);
Reply list_batches(Call call);
Reply retrieve_batch(Call call);
Reply cancel_batch(Call call);
Reply batch_results(Call call);

Reply list_models(Call call);
Reply health(Call call);

}  // namespace edgebatch::gateway
