// What is fuzzed: each target takes any bytes, and ends the process if something isn't as it has to
// be. The seeds in tests/fuzz/seeds are played by every run of the tests.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>

#include "core/text/bytes.hpp"

namespace edgebatch::fuzz {

/// The grammar accepts what nlohmann_json accepts, but for what is decided otherwise.
void grammar(View input);
/// A stream cut anywhere is found to be the same as whole, and as byte by byte.
void pieces(View input);
/// Vectors say what bytes say.
void blocks(View input);
/// A multipart body cut anywhere has the same parts.
void multipart(View input);
/// The bodies of creates, configurations and lines of either dialect are taken or refused.
void dialects(View input);
/// Of a pattern and texts: learnt states find what plain steps find.
void patterns(View input);

/// Of a schema and, behind its line, an answer: the same failures each time, within bounded steps.
void schemas(View input);

struct Target {
  const char* name;
  void (*run)(View input);
};
constexpr std::array targets{
    Target{"grammar", grammar},     Target{"pieces", pieces},     Target{"blocks", blocks},
    Target{"multipart", multipart}, Target{"dialects", dialects}, Target{"patterns", patterns},
    Target{"schemas", schemas},
};

inline void expect(bool is, const char* what) {
  if (is) return;
  std::fprintf(stderr, "not as it has to be: %s\n", what);
  std::abort();
}

}  // namespace edgebatch::fuzz
