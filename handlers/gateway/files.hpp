// What the file endpoints share.
#pragma once

#include "core/dialects/dialect.hpp"
#include "core/problem/problem.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

bool is_file_id(dialects::Dialect dialect, View id);
Problem no_such_file(Bytes id);

/// The file that the call is about.
ports::Task<Or<actors::tenant::FileRow>> find_file(const Call* call);

}  // namespace edgebatch::gateway
