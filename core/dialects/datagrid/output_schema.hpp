// `output_schema` of a create body: a JSON Schema of an object that `core/schema` can compile.
#pragma once

#include "core/dialects/datagrid/violations.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::dialects::datagrid {

/// As compact JSON, its members in the client's order: models answer in that order. Of use only if
/// there was no violation. `secret`: as `schema::Schema::compile` takes it.
Bytes read_output_schema(const json::Value& body, const text::SipKey& secret, Violations& wrong);

}  // namespace edgebatch::dialects::datagrid
