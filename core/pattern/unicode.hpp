// What patterns know of Unicode: `\p{…}` by General_Category, Script, Script_Extensions and the
// binary properties that texts are checked for (unicode_tables.mjs lists them); `\d`, `\s`, `\w`.
#pragma once

#include <optional>
#include <vector>

#include "core/pattern/code_points.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::pattern {

/// What stands in the braces: `Lu`, `Script=Greek`, `Emoji`. Nothing if there is no such property.
std::optional<CodePoints> property(View text);

/// The same, each looked up once.
class Properties {
 public:
  /// Null if there is no such property; holds until the next call.
  const CodePoints* find(View text);

 private:
  struct Known {
    Bytes text;
    CodePoints points;
  };

  std::vector<Known> known_;
};

CodePoints digits();       // \d
CodePoints whitespace();   // \s
CodePoints words();        // \w
CodePoints line_breaks();  // What `.` doesn't match.

}  // namespace edgebatch::pattern
