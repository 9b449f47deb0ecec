// Which subschemas can be held against a value while it is read, with nothing remembered of it.
#pragma once

#include "core/schema/program.hpp"

namespace edgebatch::schema {

/// Whether class Glance can, also all that lies inside, which has been asked before.
bool at_a_glance(const Program& program, const Subschema& schema);

}  // namespace edgebatch::schema
