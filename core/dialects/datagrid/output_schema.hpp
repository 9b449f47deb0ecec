// `output_schema` of a create body: a JSON Schema (draft 2020-12) of an object, without the
// keywords that this vendor refuses. Whether it is a valid schema in all else isn't asked here.
#pragma once

#include "core/dialects/datagrid/violations.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

/// As compact JSON, its members in the client's order: models answer in that order. Of use only if
/// there was no violation.
Bytes read_output_schema(const json::Value& body, Violations& wrong);

}  // namespace edgebatch::dialects::datagrid
