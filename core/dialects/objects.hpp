// The JSON objects of files and batches, and refusals, in the words of whichever dialect is meant.
#pragma once

#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/file_view.hpp"
#include "core/http/message.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

/// `mount`: the front of every link: `/v1`.
Bytes batch_json(const BatchView& view, View mount);
Bytes batch_list_json(Dialect dialect, const std::vector<BatchView>& views, bool has_more,
                      View mount);

Bytes file_json(const ShownFile& file);
Bytes file_list_json(Dialect dialect, const std::vector<ShownFile>& files, bool has_more);

/// With the status, and what clients' SDKs have to be told about asking again.
http::Response error(Voice voice, const Problem& problem);

/// The same to a request whose body is an upload.
http::Response upload_error(Voice voice, const Problem& problem, View user_agent);

/// What ids begin with.
View batch_id_prefix(Dialect dialect);
View file_id_prefix(Dialect dialect);

}  // namespace edgebatch::dialects
