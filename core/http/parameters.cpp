#include "core/http/parameters.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/http/message.hpp"
#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::http {
namespace {

// Takes `"…"` off the start of `in`.
std::optional<Bytes> take_quoted(View& in) {
  Bytes out;
  in.remove_prefix(1);
  while (!in.empty() && in.front() != '"') {
    const bool escape = in.starts_with("\\\"") || in.starts_with("\\\\");
    out.push_back(in[escape ? 1 : 0]);
    in.remove_prefix(escape ? 2 : 1);
  }
  if (in.empty()) return std::nullopt;
  in.remove_prefix(1);
  return out;
}

// Takes what stands before the next `;` off the start of `in`, trimmed.
View take_until_semicolon(View& in) {
  const View taken = in.substr(0, in.find(';'));
  in.remove_prefix(taken.size());
  return text::trimmed(taken);
}

void skip_blanks(View& in) { in.remove_prefix(std::min(in.find_first_not_of(" \t"), in.size())); }

std::optional<Bytes> take_value(View& in) {
  skip_blanks(in);
  if (!in.starts_with('"')) return Bytes(take_until_semicolon(in));
  auto value = take_quoted(in);
  if (!take_until_semicolon(in).empty()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<View> Parameterized::find(View name) const { return find_header(pairs, name); }

std::optional<Parameterized> parse_parameterized(View text) {
  Parameterized out;
  out.value = take_until_semicolon(text);
  while (!text.empty()) {
    text.remove_prefix(1);  // The semicolon.
    skip_blanks(text);
    if (text.empty() || text.front() == ';') continue;
    const View name = text.substr(0, text.find_first_of("=;"));
    text.remove_prefix(name.size());
    if (!text.starts_with('=')) return std::nullopt;
    text.remove_prefix(1);
    auto value = take_value(text);
    if (!value) return std::nullopt;
    out.pairs.emplace_back(text::trimmed(name), std::move(*value));
  }
  return out;
}

}  // namespace edgebatch::http
