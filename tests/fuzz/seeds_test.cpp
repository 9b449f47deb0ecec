// The seeds, and everything that fuzzing has found, through each target: natively and as wasm.
#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdio>
#include <dirent.h>
#include <vector>

#include "core/text/bytes.hpp"

#include "tests/fuzz/targets.hpp"
#include "tests/support/files.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::fuzz;

TEST_CASE("fuzz: every seed → as it has to be, for every target") {
  for (const Target& target : targets) {
    const Bytes folder = "tests/fuzz/seeds/" + Bytes(target.name);
    const std::vector<Bytes> names = edgebatch::support::names_in(folder);
    CAPTURE(folder);
    CHECK_FALSE(names.empty());
    for (const Bytes& name : names)
      for (const Target& other : targets)
        other.run(edgebatch::support::content_of(folder + "/" + name));
  }
}
