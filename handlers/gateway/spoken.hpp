// Which dialect a request speaks: by where it came in, by the path, and where several vendors claim
// the same path, by what their ids and clients look like.
#pragma once

#include <vector>

#include "core/dialects/dialect.hpp"
#include "core/http/message.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::gateway {

enum class Mount : std::uint8_t {
  root,      // `/healthz`
  v1,        // `/v1`: all dialects
  openai,    // `/openai/v1`
  datagrid,  // `/datagrid/v1`
  impala,    // `/impala/v1`
};

/// `/datagrid/v1`; "" of the root.
View path_of(Mount mount);
/// How many segments it is long.
std::size_t segments_count(Mount mount);

struct Spoken {
  Mount mount = Mount::root;
  dialects::Dialect dialect = dialects::Dialect::openai;
  dialects::Voice voice = dialects::Voice::openai;
};

/// `segments`: of the whole path.
Spoken spoken(const std::vector<Bytes>& segments, const std::vector<http::Header>& headers);

/// The form in which files of this dialect are refused at this mount.
dialects::Voice files_voice(Mount mount, dialects::Dialect dialect);

}  // namespace edgebatch::gateway
