// What the file endpoints share.
#pragma once

#include "core/problem/problem.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

Problem no_such_file(Bytes id);

ports::Task<Or<actors::tenant::FileRow>> find_file(Bytes tenant, Bytes id);

}  // namespace edgebatch::gateway
