#include "core/http/target.hpp"

#include <optional>
#include <vector>

#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::http {
namespace {

std::optional<unsigned> hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
  const char letter = text::lower(digit);
  if (letter >= 'a' && letter <= 'f') return static_cast<unsigned>(letter - 'a' + 10);
  return std::nullopt;
}

// The byte that `%XX` at the start of the text stands for.
std::optional<char> escaped_byte(View text) {
  if (text.size() < 3 || text[0] != '%') return std::nullopt;
  const auto high = hex_value(text[1]);
  const auto low = hex_value(text[2]);
  if (!high || !low) return std::nullopt;
  return static_cast<char>(*high * 16 + *low);
}

Bytes decoded(View text, bool plus_is_space) {
  Bytes out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto byte = escaped_byte(text);
    const char plain = text.front() == '+' && plus_is_space ? ' ' : text.front();
    out.push_back(byte.value_or(plain));
    text.remove_prefix(byte ? 3 : 1);
  }
  return out;
}

// Calls `each` with the pieces between separators: one more than there are separators.
template <class Each>
void split(View text, char separator, Each each) {
  for (;;) {
    const auto end = text.find(separator);
    each(text.substr(0, end));
    if (end == View::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::vector<Bytes> split_path(View path) {
  std::vector<Bytes> segments;
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.empty()) return segments;
  if (path.ends_with('/')) path.remove_suffix(1);
  split(path, '/', [&](View raw) { segments.push_back(decoded(raw, false)); });
  return segments;
}

Query::Query(View text) {
  split(text, '&', [&](View pair) {
    if (pair.empty()) return;
    const auto equals = pair.find('=');
    const View value = equals == View::npos ? View() : pair.substr(equals + 1);
    pairs_.emplace_back(decoded(pair.substr(0, equals), true), decoded(value, true));
  });
}

std::optional<View> Query::find(View name) const {
  for (const auto& [key, value] : pairs_) {
    if (key == name) return View(value);
  }
  return std::nullopt;
}

Target parse_target(View target) {
  const auto mark = target.find('?');
  const View query = mark == View::npos ? View() : target.substr(mark + 1);
  return {split_path(target.substr(0, mark)), Query(query)};
}

}  // namespace edgebatch::http
