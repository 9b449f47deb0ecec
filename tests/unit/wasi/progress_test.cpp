#include "bindings/wasi/progress.hpp"

#include <catch_amalgamated.hpp>

#include "core/validation/verdict.hpp"

using edgebatch::validation::Verdict;
using namespace edgebatch::wasi;

TEST_CASE("progress: the first time → bytes, lines and errors on a line that was cleared") {
  Progress progress;
  Verdict so_far;
  so_far.bytes = 12'345'678;
  so_far.lines = 4321;
  so_far.errors_count = 1;
  CHECK(progress.show(so_far, 0) == "\r\x1B[2K12.3 MB  4,321 lines  1 error");
}

TEST_CASE("progress: again before 200 ms are over → nothing; then → anew") {
  Progress progress;
  CHECK_FALSE(progress.show({}, 1000).empty());
  CHECK(progress.show({}, 1199).empty());
  CHECK_FALSE(progress.show({}, 1200).empty());
  CHECK(progress.show({}, 1399).empty());
}

TEST_CASE("progress: cleared → the line is free once, and isn't redrawn sooner") {
  Progress progress;
  CHECK(progress.clear().empty());
  CHECK_FALSE(progress.show({}, 1000).empty());
  CHECK(progress.clear() == "\r\x1B[2K");
  CHECK(progress.clear().empty());
  CHECK(progress.show({}, 1100).empty());
}
