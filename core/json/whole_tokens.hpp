// Tokens that lie whole in the bytes at hand, passed over at full speed. What is cut off by the
// end, or wrong, or merely close to the end, is left to the grammar (grammar.hpp), which sees byte
// by byte what it is. So no function here says what is wrong, and both have to agree on what isn't.
//
// All of them take a place in front of `end`, with `lookahead` bytes at least in between, and give
// the place behind what they passed, or null.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/json/nesting.hpp"

namespace edgebatch::json {

/// A literal, an escape or a structural character is whole if so many bytes are left.
constexpr std::ptrdiff_t lookahead = 48;

/// What may stand at a place between two tokens.
enum class Next : std::uint8_t {
  value,
  value_or_end,  // Behind `[`.
  name,
  name_or_end,  // Behind `{`.
  colon,        // Behind a name.
  separator,    // Behind a value: a comma or the end.
};

/// Blanks, tabs and CRs; a line feed is never passed.
inline const char* pass_blanks(const char* at, const char* end) {
  while (at != end && (*at == ' ' || *at == '\t' || *at == '\r')) ++at;
  return at;
}

/// Passes over all that it can of the inside of a string, never half a character or escape, and
/// stops in front of its closing quote at the latest; never null, and any number of bytes may be
/// left. Adds to `continuations` the bytes that continue a character.
const char* pass_characters(const char* at, const char* end, std::uint64_t& continuations);

/// From the inside of a string to behind its closing quote; adds nothing if that isn't reached.
const char* pass_string(const char* at, const char* end, std::uint64_t& continuations);
/// … and says by `escaped` whether there are escapes inside.
const char* pass_string(const char* at, const char* end, std::uint64_t& continuations,
                        bool& escaped);

const char* pass_number(const char* at, const char* end);

/// true, false or null.
const char* pass_literal(const char* at);

/// Passes over all that it can, and stops in front of the bracket that would leave less than
/// `depth_min` levels open. Never null: `next` and `nesting` say what may stand where it stopped.
const char* pass_tokens(const char* at, const char* end, Next& next, Nesting& nesting,
                        unsigned depth_min, std::uint64_t& continuations);

}  // namespace edgebatch::json
