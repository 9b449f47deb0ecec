#include "bindings/wasi/recent.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <initializer_list>

#include "core/text/bytes.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::wasi::Recent;

TEST_CASE("recent: a short stream → all of it") {
  Recent recent(4);
  CHECK(recent.kept().empty());
  recent.append("ab");
  recent.append("cd");
  CHECK(recent.kept() == "abcd");
  CHECK(recent.begin() == 0);
}

TEST_CASE("recent: a long stream → the newest piece and what was before it, bounded") {
  constexpr std::size_t bytes_max = 10;
  for (const std::size_t piece : std::initializer_list<std::size_t>{1, 3, 10, 64}) {
    Recent recent(bytes_max);
    Bytes stream;
    bool kept = true;
    for (char c = 'a'; c <= 'z'; ++c) {
      const Bytes next(piece, c);
      const std::size_t before = stream.size();
      recent.append(next);
      stream += next;
      kept = kept && recent.kept() == View(stream).substr(recent.begin());
      kept = kept && (recent.begin() == 0 || before - recent.begin() >= bytes_max);
      kept = kept && recent.kept().size() <= 2 * bytes_max + 2 * piece;
    }
    CAPTURE(piece);
    CHECK(kept);
  }
}
