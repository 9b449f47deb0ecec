// The members that a batch request has, by name.
#pragma once

#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"

namespace edgebatch::validation {

struct NamedMember {
  View name;
  Member Line::* member;
  bool captured;  // Its text is kept.
};

/// The line's own member of this name, or its body's; null if it isn't one of those.
const NamedMember* find_member(View name, bool in_body);

/// Makes all of them absent. Their texts keep their memory for the next line's.
void clear_members(Line& line);

}  // namespace edgebatch::validation
