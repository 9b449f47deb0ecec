// What is said of an item that can't be sent, in its own line and in its batch.
#pragma once

#include "core/dialects/datagrid/problem_details.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::datagrid {

/// The type of its line's problem. The vendor has none for a file that is too large: that is
/// `batch_item_processing_failed`, and the message says how large it may be.
Kind kind_of(const validation::LineError& error);

/// What it is, and what would be right.
Bytes message(const validation::LineError& error);

/// The element of its batch's `errors`. The error's line is the item's number, from 1 on.
Violation violation_of(const validation::LineError& error);

}  // namespace edgebatch::dialects::datagrid
