// This vendor's words for every problem of the catalogue.
#pragma once

#include "core/dialects/datagrid/problem_details.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

struct Words {
  ProblemCode code = ProblemCode::internal;
  Kind kind;
  View reason;          // For programs, finer than the kind: the code of a violation, too.
  View mitigation;      // For people: what to do.
  View param = {};      // Shown where the problem names none.
  bool unread = false;  // The body can't be read at all.
};

/// The words for `internal` for a number that no problem has.
const Words& words(ProblemCode code);

}  // namespace edgebatch::dialects::datagrid
