#include "bindings/wasi/cells.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::wasi {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Neither is complete: a mark below the text may be off by a column, no more.
constexpr auto wide = std::to_array<Range>({{0x1100, 0x115F},
                                            {0x2E80, 0xA4CF},
                                            {0xA960, 0xA97C},
                                            {0xAC00, 0xD7A3},
                                            {0xF900, 0xFAFF},
                                            {0xFE30, 0xFE6F},
                                            {0xFF01, 0xFF60},
                                            {0xFFE0, 0xFFE6},
                                            {0x1F300, 0x1F64F},
                                            {0x1F680, 0x1F6FF},
                                            {0x1F900, 0x1FAFF},
                                            {0x20000, 0x3FFFD}});
constexpr auto combining = std::to_array<Range>(
    {{0x0300, 0x036F},  {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
     {0x06D6, 0x06DC},  {0x0900, 0x0902}, {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D},
     {0x0E31, 0x0E31},  {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
     {0x200C, 0x200D},  {0x20D0, 0x20FF}, {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
     {0xE0100, 0xE01EF}});
// They turn the direction of what follows, end a line for some, or can't be seen.
constexpr auto hidden = std::to_array<Range>({{0x0080, 0x009F},
                                              {0x00AD, 0x00AD},
                                              {0x061C, 0x061C},
                                              {0x180E, 0x180E},
                                              {0x200B, 0x200B},
                                              {0x200E, 0x200F},
                                              {0x2028, 0x202E},
                                              {0x2060, 0x206F},
                                              {0xFEFF, 0xFEFF},
                                              {0xFFF9, 0xFFFB},
                                              {0xE0000, 0xE007F}});

constexpr char32_t del = 0x7F;
constexpr char32_t picture_of_nul = 0x2400;
constexpr char32_t picture_of_del = 0x2421;

bool is_in(std::span<const Range> ranges, char32_t code_point) {
  return std::ranges::any_of(ranges, [code_point](Range range) {
    return range.first <= code_point && code_point <= range.last;
  });
}

// Of a character that begins so; 1 where none does.
std::size_t length_by(std::uint8_t lead) {
  if (lead < 0xC0) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

char32_t decoded(View character) {
  const auto lead = static_cast<std::uint8_t>(character.front());
  if (character.size() == 1) return lead;
  char32_t code_point = lead & (0x7FU >> character.size());
  for (const char byte : character.substr(1))
    code_point = (code_point << 6U) | (static_cast<std::uint8_t>(byte) & 0x3FU);
  return code_point;
}

Bytes upper_hex(std::uint64_t value, unsigned digits) {
  Bytes text = text::hex(value, digits);
  std::ranges::transform(text, text.begin(), [](char digit) {
    return digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
  });
  return text;
}

Cell by_number(View prefix, View digits, std::size_t bytes) {
  Bytes shown = Bytes("<").append(prefix).append(digits).append(">");
  const std::size_t columns = shown.size();
  return {std::move(shown), columns, bytes};
}

Cell picture(char32_t code_point) {
  Bytes shown;
  text::append_utf8(shown, code_point == del ? picture_of_del : picture_of_nul + code_point);
  return {std::move(shown), 1, 1};
}

}  // namespace

Cell first_cell(View text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  const View character = text.substr(0, length_by(lead));
  if (!text::utf8_valid(character)) return by_number("", upper_hex(lead, 2), 1);

  const char32_t code_point = decoded(character);
  if (code_point < U' ' || code_point == del) return picture(code_point);
  if (is_in(hidden, code_point))
    return by_number("U+", upper_hex(code_point, code_point > 0xFFFF ? 5 : 4), character.size());
  const std::size_t columns = is_in(combining, code_point) ? 0 : is_in(wide, code_point) ? 2 : 1;
  return {Bytes(character), columns, character.size()};
}

Bytes harmless(View text) {
  Bytes shown;
  while (!text.empty()) {
    const Cell cell = first_cell(text);
    shown += cell.shown;
    text.remove_prefix(cell.bytes);
  }
  return shown;
}

}  // namespace edgebatch::wasi
