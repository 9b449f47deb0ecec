#include "bindings/wasi/excerpt.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include "bindings/wasi/cells.hpp"
#include "bindings/wasi/recent.hpp"
#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::wasi {

namespace {

constexpr View ellipsis = "…";
constexpr std::size_t ellipsis_columns = 1;
constexpr std::size_t context_columns = 40;  // Before the place, if what is behind it is wide.
// Looked at on either side of the place: more than the columns can take, of marks that take none
// as well.
constexpr std::size_t scanned_bytes_max = 1024;
static_assert(scanned_bytes_max >= 4 * excerpt_columns_max);

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// A part of a line on one side of the place.
struct Side {
  std::vector<Cell> cells;
  std::size_t columns = 0;
  bool cut = false;  // Whether the line goes on beyond them.

  Side(View text, bool goes_on) : cut(goes_on) {
    while (!text.empty()) {
      cells.push_back(first_cell(text));
      columns += cells.back().columns;
      text.remove_prefix(cells.back().bytes);
    }
  }

  std::size_t width() const { return columns + (cut ? ellipsis_columns : 0); }

  void drop(std::vector<Cell>::iterator cell) {
    columns -= cell->columns;
    cells.erase(cell);
    cut = true;
  }
};

Side before_the_place(View line, std::size_t place, bool begins_earlier) {
  std::size_t begin = place - std::min(place, scanned_bytes_max);
  if (begin > 0)
    while (begin < place && continues(line[begin])) ++begin;
  return {line.substr(begin, place - begin), begins_earlier || begin > 0};
}

Side behind_the_place(View line, std::size_t place) {
  std::size_t end = line.size();
  if (end - place > scanned_bytes_max) {
    end = place + scanned_bytes_max;
    while (end > place && continues(line[end])) --end;
  }
  return {line.substr(place, end - place), end < line.size()};
}

bool is_word(char c) { return text::is_name_character(c) || c == '+' || c == '.'; }

// Bytes of what begins with a text's first one.
std::size_t token_bytes(View text) {
  if (text.empty()) return 0;
  if (text.front() == '"') {
    std::size_t end = 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    return std::min(end + 1, text.size());
  }
  const auto end = std::ranges::find_if_not(text, is_word);
  return std::max<std::size_t>(1, static_cast<std::size_t>(end - text.begin()));
}

// Of the cells behind the place, those of what begins there.
std::size_t columns_of(const std::vector<Cell>& cells, std::size_t bytes) {
  std::size_t columns = 0;
  std::size_t seen = 0;
  for (const Cell& cell : cells) {
    if (seen >= bytes) break;
    seen += cell.bytes;
    columns += cell.columns;
  }
  return columns;
}

void fit(Side& before, Side& behind) {
  const std::size_t room_before = std::max(
      context_columns, excerpt_columns_max - std::min(excerpt_columns_max, behind.width()));
  while (before.width() > room_before) before.drop(before.cells.begin());
  while (before.width() + behind.width() > excerpt_columns_max)
    behind.drop(std::prev(behind.cells.end()));
}

Excerpt excerpt_of(View line, std::size_t place, bool begins_earlier) {
  Side before = before_the_place(line, place, begins_earlier);
  Side behind = behind_the_place(line, place);
  fit(before, behind);

  Excerpt out;
  if (before.cut) out.text += ellipsis;
  for (const Cell& cell : before.cells) out.text += cell.shown;
  for (const Cell& cell : behind.cells) out.text += cell.shown;
  if (behind.cut) out.text += ellipsis;

  const std::size_t marked = columns_of(behind.cells, token_bytes(line.substr(place)));
  out.mark.append(before.width(), ' ').append("^");
  if (marked > 1) out.mark.append(marked - 1, '~');
  return out;
}

}  // namespace

Excerpt excerpt(const Recent& recent, std::uint64_t line_begin, std::uint64_t place) {
  View line = recent.kept();
  const bool begins_earlier = line_begin < recent.begin();
  if (place < recent.begin() || place > recent.begin() + line.size()) return {};
  const std::uint64_t begin = std::max(line_begin, recent.begin());
  line.remove_prefix(static_cast<std::size_t>(begin - recent.begin()));
  const auto at = static_cast<std::size_t>(place - begin);

  line = line.substr(0, line.find('\n', at));
  if (line.ends_with('\r') && at + 1 != line.size()) line.remove_suffix(1);
  return excerpt_of(line, std::min(at, line.size()), begins_earlier);
}

}  // namespace edgebatch::wasi
