#include "core/dialects/datagrid/unwrap.hpp"

#include <cstddef>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

// What begins with a brace or a bracket.
struct Piece {
  std::size_t end = 0;
  bool whole = false;        // It is JSON.
  bool has_objects = false;  // Inside of it.
  bool has_names = false;    // Of members: it was to be JSON, whatever came of it.
};

Piece read_piece(View text) {
  Piece piece;
  json::Grammar grammar;
  for (;;) {
    switch (grammar.next(text, piece.end)) {
      case json::Token::key_begin: piece.has_names = true; break;
      case json::Token::object_begin:
        piece.has_objects = piece.has_objects || grammar.level() > 0;
        break;
      case json::Token::object_end:
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

}  // namespace

Unwrapped unwrap(View text) {
  Unwrapped found;
  std::size_t at = 0;
  while ((at = text.find_first_of("{[", at)) != View::npos) {
    const Piece piece = read_piece(text.substr(at));
    if (!piece.whole && piece.has_names) return {.what = Wrapped::broken, .object = {}};
    if (piece.whole && text[at] == '[' && piece.has_objects)
      return {.what = Wrapped::in_array, .object = {}};
    if (piece.whole && text[at] == '{') {
      if (found.what == Wrapped::one) return {.what = Wrapped::several, .object = {}};
      found = {.what = Wrapped::one, .object = text.substr(at, piece.end)};
    }
    at += piece.end;  // What has been read is never read again.
  }
  return found;
}

}  // namespace edgebatch::dialects::datagrid
