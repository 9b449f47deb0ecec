// ASCII without locales.
#pragma once

#include "core/text/bytes.hpp"

namespace edgebatch::text {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Letters A–Z and a–z, digits, `-` and `_`: what names are made of.
constexpr bool is_name_character(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// Letters A–Z and a–z are the same.
bool equal_ignoring_case(View a, View b);
Bytes lowered(View text);
/// Without spaces and tabs at both ends.
View trimmed(View text);

}  // namespace edgebatch::text
