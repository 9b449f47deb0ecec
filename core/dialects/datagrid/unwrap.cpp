#include "core/dialects/datagrid/unwrap.hpp"

#include <cstddef>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

constexpr std::size_t name_bytes_max = 64;  // Looked at.

// What begins with a brace or a bracket.
struct Piece {
  std::size_t end = 0;
  bool whole = false;        // It is JSON.
  bool has_objects = false;  // Inside of it.
  bool has_names = false;    // Of members: it was to be JSON, whatever came of it.
  std::size_t braces = 0;    // That are open where it stops.
};

Piece read_piece(View text) {
  Piece piece;
  json::Grammar grammar;
  for (;;) {
    switch (grammar.next(text, piece.end)) {
      case json::Token::key_begin: piece.has_names = true; break;
      case json::Token::object_begin:
        ++piece.braces;
        piece.has_objects = piece.has_objects || grammar.level() > 0;
        break;
      case json::Token::object_end: --piece.braces; [[fallthrough]];
      case json::Token::array_end:
        if (grammar.level() > 0) break;
        piece.whole = true;
        return piece;
      case json::Token::none:
      case json::Token::error: return piece;
      default: break;
    }
  }
}

// Behind a brace: whether a name follows, as people write them who don't keep to JSON's quotes.
bool names_a_member(View text) {
  const std::size_t end = text.substr(0, name_bytes_max).find_first_of(":{}[],\n", 1);
  return end != View::npos && text[end] == ':';
}

}  // namespace

Unwrapped unwrap(View text) {
  Unwrapped found;
  std::size_t braces = 0;  // Of prose, open.
  std::size_t at = 0;
  while ((at = text.find_first_of("{[}", at)) != View::npos) {
    if (text[at] == '}') {
      if (braces > 0) --braces;
      ++at;
      continue;
    }
    const Piece piece = read_piece(text.substr(at));
    const bool meant = piece.has_names || (text[at] == '{' && names_a_member(text.substr(at)));
    if (!piece.whole && meant) return {.what = Wrapped::broken, .object = {}};
    if (piece.whole && text[at] == '[' && piece.has_objects)
      return {.what = Wrapped::in_array, .object = {}};
    if (piece.whole && text[at] == '{') {
      // It lies in something else, of which nobody knows what it is.
      if (braces > 0) return {.what = Wrapped::broken, .object = {}};
      if (found.what == Wrapped::one) return {.what = Wrapped::several, .object = {}};
      found = {.what = Wrapped::one, .object = text.substr(at, piece.end)};
    }
    braces += piece.braces;
    at += piece.end;  // What has been read is never read again.
  }
  return found;
}

}  // namespace edgebatch::dialects::datagrid
