#include "core/validation/line_shape.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::support::Exact;
using namespace edgebatch::validation;

namespace {

bool stands(const Run& run, View text) {
  const Exact bytes(Bytes(text) + Bytes(edgebatch::text::block_bytes, '?'));
  return run.stands_at(&bytes.view().front());
}

Bytes letters(std::size_t count) {
  Bytes text;
  for (std::size_t i = 0; i < count; ++i) text.push_back(static_cast<char>('a' + i % 26));
  return text;
}

}  // namespace

TEST_CASE("line_shape: a run of any size → stands where all of its bytes are, nowhere else") {
  for (std::size_t size = 0; size <= Run::bytes_max; ++size) {
    CAPTURE(size);
    const Bytes text = letters(size);
    Run run;
    REQUIRE(run.keep(text));
    CHECK(run.size() == size);
    CHECK(stands(run, text));
    for (std::size_t place = 0; place < size; ++place) {
      Bytes other = text;
      other[place] = '!';
      CHECK_FALSE(stands(run, other));
    }
  }
}

TEST_CASE("line_shape: a run above its limit → nothing is kept, not even what was") {
  Run run;
  CHECK(run.keep("before"));
  CHECK_FALSE(run.keep(letters(Run::bytes_max + 1)));
  CHECK(run.size() == 0);
}

TEST_CASE("line_shape: parts at the limit → known; above, or given up → not") {
  LineShape shape;
  CHECK_FALSE(shape.is_known());
  const auto made_of = [&shape](std::size_t parts) {
    shape.begin();
    for (std::size_t i = 0; i < parts; ++i) shape.add();
    shape.finish();
    return shape.is_known();
  };
  CHECK(made_of(LineShape::parts_count_max));
  CHECK(shape.values_count() == LineShape::parts_count_max - 1);
  CHECK_FALSE(made_of(LineShape::parts_count_max + 1));
  CHECK(made_of(1));
  CHECK(shape.values_count() == 0);

  shape.forget();
  CHECK_FALSE(shape.is_known());
  shape.begin();
  shape.add();
  shape.give_up();
  shape.finish();
  CHECK_FALSE(shape.is_known());
}
